package main

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"github.com/odoogen/odoogen/generator"
	orm "github.com/odoogen/odoogen/runtime"
)

// network configures the access through a gateway in front of the server. Proxies come from the environment, see
// http.ProxyFromEnvironment.
type network struct {
	headers                       []string
	caFile, clientCert, clientKey string

	basic orm.DialOption // the login in the address; nil for none
}

func (n *network) flags(f *pflag.FlagSet) {
	f.StringArrayVar(&n.headers, "header", nil, "header of every request, 'Name: value', or @FILE with one header per line (or $ODOO_HEADERS); can be repeated")
	f.StringVar(&n.caFile, "ca-file", "", "file with the certificates (PEM) of CAs to trust in addition to those of the system (or $ODOO_CA_FILE)")
	f.StringVar(&n.clientCert, "client-cert", "", "file with the client certificate (PEM) that a gateway asks for (or $ODOO_CLIENT_CERT)")
	f.StringVar(&n.clientKey, "client-key", "", "file with the key of the client certificate (or $ODOO_CLIENT_KEY; default: the file of the certificate)")
}

// complete sets the values that no flag has set from the environment, then from the configuration.
func (n *network) complete(c generator.Config) {
	if len(n.headers) == 0 {
		n.headers = lines(os.Getenv("ODOO_HEADERS"))
	}
	n.caFile = firstOf(n.caFile, os.Getenv("ODOO_CA_FILE"), c.CAFile)
	n.clientCert = firstOf(n.clientCert, os.Getenv("ODOO_CLIENT_CERT"), c.ClientCert)
	n.clientKey = firstOf(n.clientKey, os.Getenv("ODOO_CLIENT_KEY"), c.ClientKey)
}

// networkOptions are the network's options for a client.
func (n *network) networkOptions() ([]orm.DialOption, error) {
	options, err := n.headerOptions()
	if err != nil {
		return nil, err
	}
	if n.basic != nil {
		options = append(options, n.basic)
	}
	config, err := n.tlsConfig()
	if config != nil {
		options = append(options, orm.TLS(config))
	}
	return options, err
}

// headerOptions returns the options for the headers. Its errors never repeat a header, which could contain a secret.
func (n *network) headerOptions() (options []orm.DialOption, err error) {
	for _, given := range n.headers {
		all := []string{given}
		if file, ok := strings.CutPrefix(given, "@"); ok {
			text, err := readText("--header", file)
			if err != nil {
				return nil, err
			}
			all = lines(text)
		}
		for _, header := range all {
			name, value, ok := strings.Cut(header, ":")
			if !ok {
				return nil, usageError{errors.New("--header: want 'Name: value', or @FILE")}
			}
			options = append(options, orm.Header(strings.TrimSpace(name), strings.TrimSpace(value)))
		}
	}
	return options, nil
}

// tlsConfig returns nil if neither a CA nor a client certificate is given.
func (n *network) tlsConfig() (*tls.Config, error) {
	if n.caFile == "" && n.clientCert == "" && n.clientKey == "" {
		return nil, nil
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if n.caFile != "" {
		pem, err := os.ReadFile(n.caFile)
		if err != nil {
			return nil, fmt.Errorf("--ca-file: %w", err)
		}
		if config.RootCAs, err = x509.SystemCertPool(); err != nil {
			config.RootCAs = x509.NewCertPool()
		}
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("--ca-file: %s holds no certificate in the form PEM", n.caFile)
		}
	}
	switch {
	case n.clientCert != "":
		pair, err := tls.LoadX509KeyPair(n.clientCert, cmp.Or(n.clientKey, n.clientCert))
		if err != nil {
			return nil, fmt.Errorf("--client-cert: %w", err)
		}
		config.Certificates = []tls.Certificate{pair}
	case n.clientKey != "":
		return nil, usageError{errors.New("--client-key has no effect without --client-cert")}
	}
	return config, nil
}

// explain adds the remedy to an error of the connection.
func (n *network) explain(err error) error {
	if errors.As(err, new(x509.UnknownAuthorityError)) {
		return fmt.Errorf("%w; --ca-file names the certificates of private CAs", err)
	}
	return err
}

// withoutLogin returns an address without its login, and the login as an option.
func withoutLogin(address string) (string, orm.DialOption) {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return address, nil // the client reports the error
	}
	password, _ := u.User.Password()
	basic := orm.BasicAuth(u.User.Username(), password)
	u.User = nil
	return u.String(), basic
}

// firstOf returns the first string that is not empty, without line breaks at its end: files end in line breaks, and so do
// environment variables that are set from files.
func firstOf(texts ...string) string {
	for i := range texts {
		texts[i] = strings.TrimSpace(strings.TrimPrefix(texts[i], byteOrderMark))
	}
	return cmp.Or(texts...)
}

const byteOrderMark = "\ufeff"

// secretOf returns a password or key without line breaks at its end and without a byte order mark.
func secretOf(text string) string {
	return strings.TrimRight(strings.TrimPrefix(text, byteOrderMark), "\r\n")
}

// lines returns the lines of a text that are not empty.
func lines(text string) []string {
	all := strings.Split(strings.TrimPrefix(text, byteOrderMark), "\n")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return slices.DeleteFunc(all, func(line string) bool { return line == "" })
}

// readText reads a file that a flag names, - for standard input. It refuses other encodings than UTF-8: editors and shells
// of Windows sometimes write UTF-16.
func readText(flag, file string) (string, error) {
	data, err := readFile(file)
	switch {
	case err != nil:
		return "", fmt.Errorf("%s: %w", flag, err)
	case !utf8.Valid(data) || bytes.ContainsRune(data, 0):
		return "", fmt.Errorf("%s: %s is not UTF-8 text", flag, file)
	}
	return string(data), nil
}

func readFile(file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(io.LimitReader(os.Stdin, 1<<16))
	}
	return os.ReadFile(file)
}
