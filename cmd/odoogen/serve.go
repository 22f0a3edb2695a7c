package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/stock"
	"github.com/odoogen/odoogen/internal/printable"
	"github.com/odoogen/odoogen/internal/spelling"
	"github.com/odoogen/odoogen/introspect/snapshot"
	"github.com/odoogen/odoogen/runtime/odootest"
)

const serveHelp = `serve is an Odoo in memory, made from a snapshot, for tests in any language: it speaks
XML-RPC (/xmlrpc/2), JSON-RPC (/jsonrpc), the web session (/web/session/authenticate,
/web/dataset/call_kw) and, if the snapshot is of Odoo 19 or later, JSON-2 (/json/2). What it
holds is gone when it ends.

  odoogen serve                                          a stock Odoo 19
  odoogen serve --series 17                              a stock Odoo 17; 14 to 19 are known
  odoogen serve --schema odoogen.schema.json             the models of your Odoo
  odoogen serve --seed res.partner.csv --seed more.json  with records
  odoogen serve --users users.json -v                    with users of your own

It has no business logic: create, write, read, search and the like work as in Odoo, methods such
as action_confirm do not exist. In Go tests, package odootest adds them.

A seed is a CSV as Odoo imports it, named after its model, or a JSON object with a list of
records for each model, "id" and "field/id" being external ids:

  {"res.partner": [{"id": "demo.azure", "name": "Azure Interior"}],
   "sale.order":  [{"partner_id/id": "demo.azure", "order_line": [{"name": "Desk"}]}]}

Without --users, admin may log in, with the password admin or the API key admin-key. The file
of --users is a list; a user without "rights" has full access:

  [{"login": "admin", "password": "admin", "keys": ["admin-key"]},
   {"login": "bob", "password": "bob", "name": "Bob", "rights": {"res.partner": ["read"]},
    "rules": [{"model": "res.partner", "operations": ["read"], "domain": [["color", "=", 1]]}]}]`

// serving is what serve is asked for.
type serving struct {
	schema, series, address, database, users string
	seeds, hosts                             []string
	public, verbose                          bool
}

func newServe() *cobra.Command {
	s := &serving{}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve an Odoo in memory, for tests in any language",
		Long:  serveHelp,
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := cmd.Flags()
	f.StringVar(&s.schema, "schema", "", "the snapshot, as pull writes it (a stock Odoo 19 if not given)")
	f.StringVar(&s.series, "series", "19", "the version of the stock Odoo to serve without --schema: "+strings.Join(stock.Series, ", "))
	cmd.MarkFlagsMutuallyExclusive("schema", "series")
	f.StringVar(&s.address, "addr", "127.0.0.1:8069", "where to listen, host:port; port 0 is any that is free")
	f.BoolVar(&s.public, "public", false, "allow an address that other machines can reach")
	f.StringArrayVar(&s.hosts, "host", nil, "name by which clients address the server, beside localhost and that of --addr; * is any (may be given several times)")
	f.StringVarP(&s.database, "database", "d", "demo", "name of the database")
	f.StringVar(&s.users, "users", "", "JSON file with the users who may log in")
	f.StringArrayVar(&s.seeds, "seed", nil, "file with records, *.json or MODEL.csv, or folder of such files (may be given several times)")
	f.BoolVarP(&s.verbose, "verbose", "v", false, "print a line for each call")
	return cmd
}

func (s *serving) run(ctx context.Context, out, log io.Writer) error {
	if err := s.checkAddress(); err != nil {
		return usageError{err}
	}
	schema, err := s.readSchema()
	if err != nil {
		return err
	}
	options, who, err := s.options(log)
	if err != nil {
		return err
	}
	server, err := odootest.Start(schema, options...)
	if err != nil {
		return err
	}
	defer server.Close()
	if err := s.seedData(server); err != nil {
		return err
	}
	for _, seed := range s.seeds {
		if err := server.SeedFile(seed); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "Odoo %s with %d models at %s\ndatabase %s, %s\n", schema.Server.Series, len(schema.Models), server.URL, s.database, who)
	<-ctx.Done()
	return s.shutDown(server)
}

// seedData makes the records that were pulled with the snapshot.
func (s *serving) seedData(server *odootest.Server) error {
	if s.schema == "" {
		return nil
	}
	_, err := server.SeedData(s.schema)
	return err
}

// referenceData reports that the server has the reference data of every Odoo: unless records were pulled with the snapshot.
func (s *serving) referenceData() bool {
	if s.schema == "" {
		return true
	}
	_, err := os.Stat(snapshot.DataFile(s.schema))
	return err != nil
}

// How long running calls can take when the server stops.
const lastCalls = 5 * time.Second

func (s *serving) shutDown(server *odootest.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), lastCalls)
	defer cancel()
	if err := server.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// checkAddress refuses an address that others can reach, unless --public says so: the passwords are no secret.
func (s *serving) checkAddress() error {
	host, _, err := net.SplitHostPort(s.address)
	if err != nil {
		return fmt.Errorf("--addr: %w", err)
	}
	ip := net.ParseIP(host)
	isLoopback := host == "localhost" || ip != nil && ip.IsLoopback()
	switch {
	case isLoopback && s.public:
		return fmt.Errorf("--public has no effect: no other machine can reach --addr %s", s.address)
	case isLoopback || s.public:
		return nil
	}
	return fmt.Errorf("--addr %s can be reached from other machines: use 127.0.0.1, or add --public", s.address)
}

func (s *serving) readSchema() (*snapshot.Schema, error) {
	if s.schema == "" {
		schema, err := stock.Snapshot(cmp.Or(s.series, "19"))
		if err != nil {
			return nil, usageError{fmt.Errorf("--series: %w", err)}
		}
		return schema, nil
	}
	data, err := os.ReadFile(s.schema)
	if err != nil {
		return nil, fmt.Errorf("--schema: %w", err)
	}
	schema, err := snapshot.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("--schema %s: %w", s.schema, err)
	}
	return schema, nil
}

// options are those of the server, and who may log in, for people.
func (s *serving) options(log io.Writer) (options []odootest.Option, who string, err error) {
	options = []odootest.Option{odootest.Address(s.address), odootest.Database(s.database), odootest.Hosts(s.hosts...), odootest.LogCalls(0)}
	if s.referenceData() {
		options = append(options, odootest.ReferenceData())
	}
	if s.verbose {
		options = append(options, odootest.Observe(printCalls(log)))
	}
	if s.users == "" {
		return options, "login admin, password admin, API key admin-key", nil
	}
	data, err := os.ReadFile(s.users)
	if err != nil {
		return nil, "", fmt.Errorf("--users: %w", err)
	}
	var users []servedUser
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&users); err != nil {
		return nil, "", fmt.Errorf("--users %s: %w", s.users, err)
	}
	if len(users) == 0 {
		return nil, "", fmt.Errorf("--users %s: it has no users", s.users)
	}
	for i, u := range users {
		option, err := u.option()
		if err != nil {
			return nil, "", fmt.Errorf("--users %s, user %d: %w", s.users, i+1, err)
		}
		options = append(options, option)
	}
	return options, spelling.Count(len(users), "user") + " of " + s.users, nil
}

// printCalls prints a line for each call.
func printCalls(log io.Writer) func(odootest.Request, error, time.Duration) {
	return func(r odootest.Request, err error, took time.Duration) {
		what := r.Service
		if r.Model != "" {
			what = r.Model
		}
		outcome := "ok"
		if err != nil {
			outcome = fmt.Sprintf("%.200q", err.Error())
		}
		fmt.Fprintf(log, "%s %s %s.%s %s %.1fms %s\n", time.Now().Format(time.TimeOnly), r.Protocol, short(what), short(r.Method), short(r.Login),
			float64(took.Microseconds())/1000, outcome)
	}
}

// short is a name from a request, on the line of its call and not longer than names are.
func short(name string) string { return printable.Line(fmt.Sprintf("%.200s", name)) }
