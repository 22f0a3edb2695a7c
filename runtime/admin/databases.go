package admin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/door"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/protocol"
)

// Databases manages the databases of a server: Odoo's service db. It is safe for concurrent use.
//
// Every method but Exist, List, ListLang and ServerVersion needs the master password: a wrong one is [orm.ErrAccessDenied].
// On a server with list_db = False all but Exist, ListLang, ListCountries and ServerVersion are [orm.ErrDatabasesDisabled].
// Where a database must exist and does not, it is [orm.ErrNoDatabase]; where it must not and does, [orm.ErrDatabaseExists].
//
// Odoo 19.1 and later have no service db on /jsonrpc any more: there every method is [orm.ErrNotFound].
type Databases struct {
	server *Server
	master func() string // a func, so that no %v prints it
}

// Databases opens the management of databases. The master password is admin_passwd of the server's configuration; ""
// will do for what needs none.
func (s *Server) Databases(masterPassword string) *Databases {
	return &Databases{s, func() string { return masterPassword }}
}

// Language is one that a database can be created in.
type Language struct {
	Code string // "en_US"
	Name string // "Dutch / Nederlands"
}

// Country is one that a database can be created for.
type Country struct {
	Code string // the ISO code, "be"
	Name string // in English
}

// CreateOptions are what a new database starts with.
type CreateOptions struct {
	Password string // of the administrator; it must be given
	Login    string // of the administrator; "admin" if ""
	Language string // a code from ListLang; "en_US" if ""
	Country  string // of the company, a code from ListCountries, for its currency; none if ""
	Phone    string // of the company
	Demo     bool   // load demonstration data
}

// Exist reports whether the server can open the database.
func (d *Databases) Exist(ctx context.Context, name string) (exists bool, err error) {
	raw, err := d.ask(ctx, "db_exist", name)
	if err != nil {
		return false, err
	}
	err = unmarshal(raw, &exists)
	return exists, err
}

// List gives the names of the databases, in alphabetical order, as far as the server shows them: dbfilter does not
// apply here.
func (d *Databases) List(ctx context.Context) (names []string, err error) {
	raw, err := d.ask(ctx, "list")
	if err != nil {
		return nil, d.reason(ctx, err)
	}
	err = unmarshal(raw, &names)
	return names, err
}

// ListLang gives the languages that Odoo is translated to, by name.
func (d *Databases) ListLang(ctx context.Context) ([]Language, error) {
	raw, err := d.ask(ctx, "list_lang")
	if err != nil {
		return nil, err
	}
	return pairs(raw, "list_lang", func(code, name string) Language { return Language{code, name} })
}

// ListCountries gives the countries that Odoo knows, by name.
func (d *Databases) ListCountries(ctx context.Context) ([]Country, error) {
	raw, err := d.ask(ctx, "list_countries", d.master())
	if err != nil {
		return nil, d.reason(ctx, err)
	}
	return pairs(raw, "list_countries", func(code, name string) Country { return Country{code, name} })
}

// ServerVersion is the version of Odoo, "19.0" or "19.0-20260101".
func (d *Databases) ServerVersion(ctx context.Context) (version string, err error) {
	raw, err := d.ask(ctx, "server_version")
	if err != nil {
		return "", err
	}
	err = unmarshal(raw, &version)
	return version, err
}

// Create makes a database with the module base; it takes some 15 to 30 seconds.
//
// Odoo reports success even when the database could not be filled, for a country that it does not know, for example. So
// Create logs in to it: if that fails, the error says so, and the database is there to be dropped.
func (d *Databases) Create(ctx context.Context, name string, o CreateOptions) error {
	if o.Password == "" {
		return errors.New("admin: a new database needs a password for its administrator")
	}
	if o.Login == "" {
		o.Login = "admin"
	}
	if o.Language == "" {
		o.Language = "en_US"
	}
	if err := d.mustNotExist(ctx, name); err != nil {
		return err
	}
	country := any(false)
	if o.Country != "" {
		country = o.Country
	}
	if err := d.change(ctx, "create_database", name, o.Demo, o.Language, o.Password, o.Login, country, o.Phone); err != nil {
		return err
	}
	if _, err := d.server.Login(ctx, name, o.Login, o.Password); err != nil {
		return door.Publish(&fault.Error{Cause: err, Message: fmt.Sprintf(
			"the server created %s, but did not fill it: it does not take the login; drop it, and see the server's log (%v)", name, err)}, "db", "create_database")
	}
	return nil
}

// CopyOptions are what a database that is made from another is spared.
type CopyOptions struct {
	// Neutralize switches off what reaches the outside: outgoing mail, scheduled actions, payment providers and the
	// like. Odoo 16 and later; an error before.
	Neutralize bool
}

// Duplicate copies a database with its filestore, under a new dbuuid. Clients that are connected to the original are disconnected.
func (d *Databases) Duplicate(ctx context.Context, from, to string, o CopyOptions) error {
	if err := d.canNeutralize(ctx, "duplicate_database", o); err != nil {
		return err
	}
	if err := d.mustExist(ctx, from); err != nil {
		return err
	}
	if err := d.mustNotExist(ctx, to); err != nil {
		return err
	}
	args := []any{from, to}
	if o.Neutralize {
		args = append(args, true)
	}
	return d.change(ctx, "duplicate_database", args...)
}

// Drop deletes a database and its filestore, for good.
func (d *Databases) Drop(ctx context.Context, name string) error {
	var dropped bool
	raw, err := d.manage(ctx, "drop", name)
	if err == nil {
		err = unmarshal(raw, &dropped)
	}
	if err == nil && !dropped {
		return d.unknown(name)
	}
	return err
}

// Rename gives a database and its filestore another name. Clients that are connected to it are disconnected.
func (d *Databases) Rename(ctx context.Context, from, to string) error {
	if err := d.mustExist(ctx, from); err != nil {
		return err
	}
	if err := d.mustNotExist(ctx, to); err != nil {
		return err
	}
	return d.change(ctx, "rename", from, to)
}

// Migrate updates the module base of the databases, and with it all that depends on it; it can take many minutes each.
// Where a scheduled action runs at that moment, Odoo refuses ("Record cannot be modified right now", within a ParseError);
// in a database made a minute ago they all do. Then call again.
func (d *Databases) Migrate(ctx context.Context, names ...string) error {
	for _, name := range names {
		if err := d.mustExist(ctx, name); err != nil {
			return err
		}
	}
	return d.change(ctx, "migrate_databases", names)
}

// ChangeAdminPassword changes the master password. The server keeps it in its configuration file if it may write it, or
// else until it stops. Further calls take a new [Server.Databases].
func (d *Databases) ChangeAdminPassword(ctx context.Context, password string) error {
	if password == "" {
		return errors.New("admin: the master password must not be empty")
	}
	return d.change(ctx, "change_admin_password", password)
}

// ask calls a method that changes nothing.
func (d *Databases) ask(ctx context.Context, method string, args ...any) (json.RawMessage, error) {
	raw, err := d.server.call(ctx, d.server.conn.Quick, nil, asking("db", method), args...)
	return raw, withoutService(err)
}

// change calls a method that answers true.
func (d *Databases) change(ctx context.Context, method string, args ...any) error {
	_, err := d.manage(ctx, method, args...)
	return err
}

// manage calls a method that takes the master password and may change something, and explains an error.
func (d *Databases) manage(ctx context.Context, method string, args ...any) (json.RawMessage, error) {
	q := door.Call{Service: "db", Method: method}
	raw, err := d.server.call(ctx, d.server.conn.Patient, d.cookie(ctx, args), q, append([]any{d.master()}, args...)...)
	if err != nil {
		return nil, d.reason(ctx, withoutService(err))
	}
	return raw, nil
}

// verify asks whether the master password is right and databases may be managed, by migrating none.
// The error names the method that it is asked for.
func (d *Databases) verify(ctx context.Context, method string) error {
	_, err := d.ask(ctx, "migrate_databases", d.master(), []string{})
	err = d.reason(ctx, err)
	if e, ok := errors.AsType[*orm.Error](err); ok {
		e.Method = method
	}
	return err
}

// cookie is the cookie of a database that the call is not about. Where [odoofacts.BareServiceErrors], errors have a reason only
// with such a cookie: see protocol.DatabaseCookie.
func (d *Databases) cookie(ctx context.Context, args []any) *http.Cookie {
	if v, err := d.server.Version(ctx); err != nil || !odoofacts.BareServiceErrors.InSeries(v.Series) {
		return nil
	}
	raw, err := d.ask(ctx, "list")
	var names []string
	if err != nil || unmarshal(raw, &names) != nil {
		return nil
	}
	for _, name := range names {
		if !slices.Contains(args, any(name)) {
			return protocol.DatabaseCookie(ctx, d.server.conn.Quick, name)
		}
	}
	return nil
}

// reason finds out why a call was refused. Odoo says AccessDenied both for a wrong master password and with list_db =
// False, and Odoo 14 may say nothing at all.
func (d *Databases) reason(ctx context.Context, err error) error {
	if !denied(err) {
		return err
	}
	e, _ := errors.AsType[*orm.Error](err)
	if _, err := d.ask(ctx, "list"); denied(err) {
		return door.Refine(e, fault.DatabasesDisabled, "the server does not let databases be managed (list_db = False)")
	}
	if !errors.Is(e, orm.ErrAccessDenied) { // no reason was given: is it the password?
		_, err = d.ask(ctx, "migrate_databases", d.master(), []string{})
	}
	if denied(err) {
		return door.Refine(e, fault.AccessDenied, "the server refuses the master password")
	}
	e.Message += "; it does not say why, like Odoo 14 outside of a database: see its log"
	return e
}

// denied recognises an AccessDenied, and the page without a reason that may replace it.
func denied(err error) bool {
	e, ok := errors.AsType[*orm.Error](err)
	return ok && (errors.Is(e, orm.ErrAccessDenied) || errors.Is(e, orm.ErrMalformed) && e.Status == http.StatusInternalServerError)
}

// withoutService explains the KeyError of Odoo 19.1.
func withoutService(err error) error {
	e, ok := errors.AsType[*orm.Error](err)
	if ok && fault.ShortClass(e.Class) == "KeyError" && strings.Trim(e.Message, "'") == "db" {
		return door.Refine(e, fault.NotFound, "the server has no service db: Odoo 19.1 and later do not offer it any more")
	}
	return err
}

func (d *Databases) mustExist(ctx context.Context, name string) error {
	exists, err := d.Exist(ctx, name)
	if err == nil && !exists {
		return d.unknown(name)
	}
	return err
}

func (d *Databases) unknown(name string) error {
	return door.Publish(&fault.Error{Kind: fault.NoDatabase, Message: fmt.Sprintf("%s has no database %q", d.server.conn.Quick.Base(), name)}, "", "")
}

func (d *Databases) mustNotExist(ctx context.Context, name string) error {
	exists, err := d.Exist(ctx, name)
	if err == nil && exists {
		return door.Publish(&fault.Error{Kind: fault.DatabaseExists, Message: fmt.Sprintf("%s has a database %q already", d.server.conn.Quick.Base(), name)}, "", "")
	}
	return err
}

// canNeutralize refuses what an older server would ignore.
func (d *Databases) canNeutralize(ctx context.Context, method string, o CopyOptions) error {
	if !o.Neutralize {
		return nil
	}
	v, err := d.server.Version(ctx)
	if err == nil && !odoofacts.NeutralizeDatabase.InSeries(v.Series) {
		return door.Publish(&fault.Error{Kind: fault.Arguments, Message: "Odoo " + v.Series + " cannot neutralize a database: 16 and later can"}, "db", method)
	}
	return err
}

// pairs reads a list of codes and names.
func pairs[T any](raw json.RawMessage, method string, of func(code, name string) T) ([]T, error) {
	var list [][]string
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, malformed("db", method, raw)
	}
	out := make([]T, len(list))
	for i, pair := range list {
		if len(pair) != 2 {
			return nil, malformed("db", method, raw)
		}
		out[i] = of(pair[0], pair[1])
	}
	return out, nil
}
