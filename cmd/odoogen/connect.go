package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/setup"
	orm "github.com/odoogen/odoogen/runtime"
)

// connection is how to reach an Odoo: flags first, then the environment, then odoogen.yaml.
type connection struct {
	url, database, user, passwordFile string

	who orm.DialOption // the login, once it is known
}

// flags declares the flags. There is none for the password: every process on a machine can read the command lines of
// the others.
func (c *connection) flags(f *pflag.FlagSet) {
	f.StringVar(&c.url, "url", "", "address of the server, https://erp.example.com (or $ODOO_URL)")
	f.StringVarP(&c.database, "database", "d", "", "name of the database (or $ODOO_DB; not needed if there is only one)")
	f.StringVarP(&c.user, "user", "u", "", "login of the user (or $ODOO_USER)")
	f.StringVar(&c.passwordFile, "password-file", "", "file that holds the password or API key, - for standard input (or $ODOO_PASSWORD, $ODOO_API_KEY)")
}

// complete fills in what no flag gave from the environment, then from the configuration.
func (c *connection) complete(url, database, user string) {
	c.url = cmp.Or(c.url, os.Getenv("ODOO_URL"), url)
	c.database = cmp.Or(c.database, os.Getenv("ODOO_DB"), database)
	c.user = cmp.Or(c.user, os.Getenv("ODOO_USER"), user)
}

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
	return orm.Dial(ctx, c.url, append(options, orm.Database(c.database), c.who)...)
}

// hasSecret reports whether a file or the environment gives the password or key.
func (c *connection) hasSecret() bool {
	return c.passwordFile != "" || os.Getenv("ODOO_API_KEY") != "" || os.Getenv("ODOO_PASSWORD") != ""
}

// credential is the password or key: from the file, the environment, or the terminal.
func (c *connection) credential(ctx context.Context) (orm.DialOption, error) {
	if c.passwordFile != "" {
		secret, err := readSecret(c.passwordFile)
		return orm.Password(c.user, secret), err
	}
	if key := os.Getenv("ODOO_API_KEY"); key != "" {
		return orm.APIKey(c.user, key), nil
	}
	if password := os.Getenv("ODOO_PASSWORD"); password != "" {
		return orm.Password(c.user, password), nil
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return nil, errors.New("no password: set ODOO_PASSWORD or ODOO_API_KEY, or give --password-file")
	}
	secret, err := c.askSecret(ctx)
	return orm.Password(c.user, string(secret)), err
}

// askSecret asks on the terminal, and leaves it as it was, with what is typed to be seen, when it is interrupted.
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

// readSecret is the first line of a file.
func readSecret(file string) (string, error) {
	var data []byte
	var err error
	if file == "-" {
		file = "standard input"
		data, err = io.ReadAll(io.LimitReader(os.Stdin, 1<<16))
	} else {
		data, err = os.ReadFile(file)
	}
	if err != nil {
		return "", fmt.Errorf("--password-file: %w", err)
	}
	secret, _, _ := strings.Cut(string(data), "\n")
	if secret = strings.TrimSuffix(secret, "\r"); secret == "" {
		return "", fmt.Errorf("--password-file: the first line of %s is empty", file)
	}
	return secret, nil
}
