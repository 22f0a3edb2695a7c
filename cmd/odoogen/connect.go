package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/setup"
	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/internal/printable"
	orm "github.com/odoogen/odoogen/runtime"
)

// connection is how to connect to an Odoo: by flags first, then the environment, then odoogen.yaml.
type connection struct {
	url, database, user, passwordFile string
	network

	who    orm.DialOption // the login, once it is known
	warned bool           // whether the warning about an untested version was printed
}

// flags declares the flags. There is no flag for the password, because every process on a machine can read the command lines
// of others.
func (c *connection) flags(f *pflag.FlagSet) {
	f.StringVar(&c.url, "url", "", "address of the server, https://erp.example.com (or $ODOO_URL, which can contain the login of a gateway: https://user:password@…)")
	f.StringVarP(&c.database, "database", "d", "", "name of the database (or $ODOO_DB; not needed if there is only one)")
	f.StringVarP(&c.user, "user", "u", "", "login of the user (or $ODOO_USER)")
	f.StringVar(&c.passwordFile, "password-file", "", "file that holds the password or API key, - for standard input (or $ODOO_PASSWORD, $ODOO_API_KEY)")
	c.network.flags(f)
}

// liveFlags are the flags for connecting to a server and pulling from it.
var liveFlags = []string{"url", "database", "user", "password-file", "header", "ca-file", "client-cert", "client-key", "methods", "calls"}

// refuseFlags returns an error if one of the flags is given, because it has no effect for the reason.
func refuseFlags(f *pflag.FlagSet, reason string, names ...string) error {
	for _, name := range names {
		if f.Changed(name) {
			return usageError{fmt.Errorf("--%s has no effect %s", name, reason)}
		}
	}
	return nil
}

// complete sets the values that no flag has set from the environment, then from the configuration.
func (c *connection) complete(s generator.Config) error {
	if stored, login := withoutLogin(s.URL); login != nil {
		return fmt.Errorf("url in the settings contains a login: settings must not contain secrets; write %s there and set ODOO_URL", stored)
	}
	c.setURL(firstOf(c.url, os.Getenv("ODOO_URL"), s.URL))
	c.database = firstOf(c.database, os.Getenv("ODOO_DB"), s.Database)
	c.user = firstOf(c.user, os.Getenv("ODOO_USER"), s.User)
	c.network.complete(s)
	return nil
}

// setURL separates the login from the address. The login is never stored or printed.
func (c *connection) setURL(address string) { c.url, c.basic = withoutLogin(address) }

func (c *connection) dial(ctx context.Context, options ...orm.DialOption) (*orm.Client, error) {
	if c.url == "" {
		return nil, errors.New("no server: give --url or set ODOO_URL")
	}
	if c.user == "" {
		return nil, errors.New("no login: give --user or set ODOO_USER")
	}
	if c.who == nil {
		who, err := c.credential(ctx)
		if err != nil {
			return nil, err
		}
		c.who = who
	}
	gateway, err := c.networkOptions()
	if err != nil {
		return nil, err
	}
	client, err := orm.Dial(ctx, c.url, slices.Concat(options, gateway, []orm.DialOption{orm.Database(c.database), c.who})...)
	if err != nil {
		return nil, c.explain(err)
	}
	c.warnUntested(os.Stderr, client.Version())
	return client, nil
}

// warnUntested warns once if the server is newer than every tested version.
func (c *connection) warnUntested(out io.Writer, v orm.Version) {
	if v.IsUntested() && !c.warned {
		c.warned = true
		fmt.Fprintf(out, "odoogen: warning: Odoo %s is newer than every version that odoogen was tested with\n", printable.Line(v.Series))
	}
}

// hasSecret reports whether a file or the environment contains the password or key.
func (c *connection) hasSecret() bool {
	return c.passwordFile != "" || secretOf(os.Getenv("ODOO_API_KEY")) != "" || secretOf(os.Getenv("ODOO_PASSWORD")) != ""
}

// credential returns the password or key from the file, the environment or the terminal.
func (c *connection) credential(ctx context.Context) (orm.DialOption, error) {
	if c.passwordFile != "" {
		secret, err := readSecret(c.passwordFile)
		return orm.Password(c.user, secret), err
	}
	if key := secretOf(os.Getenv("ODOO_API_KEY")); key != "" {
		return orm.APIKey(c.user, key), nil
	}
	if password := secretOf(os.Getenv("ODOO_PASSWORD")); password != "" {
		return orm.Password(c.user, password), nil
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return nil, errors.New("no password: set ODOO_PASSWORD or ODOO_API_KEY, or give --password-file")
	}
	secret, err := c.askSecret(ctx)
	return orm.Password(c.user, string(secret)), err
}

// askSecret asks for a secret on the terminal without showing the input. If it is interrupted, it restores the terminal.
func (c *connection) askSecret(ctx context.Context) ([]byte, error) {
	terminal := int(os.Stdin.Fd())
	before, err := term.GetState(terminal)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "Password or API key of %s: ", c.user)
	secret, err := setup.Interruptible(ctx, func() ([]byte, error) { return term.ReadPassword(terminal) })
	fmt.Fprintln(os.Stderr)
	return secret, errors.Join(err, term.Restore(terminal, before))
}

// readSecret returns the first line of a file.
func readSecret(file string) (string, error) {
	text, err := readText("--password-file", file)
	if err != nil {
		return "", err
	}
	secret, _, _ := strings.Cut(strings.TrimPrefix(text, byteOrderMark), "\n")
	if secret = strings.TrimSuffix(secret, "\r"); secret == "" {
		return "", fmt.Errorf("--password-file: the first line of %s is empty", cmp.Or(strings.TrimPrefix(file, "-"), "standard input"))
	}
	return secret, nil
}
