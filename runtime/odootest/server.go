package odootest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/odoogen/odoogen/introspect"
	orm "github.com/odoogen/odoogen/runtime"
)

// Server is an Odoo in memory. It is safe for concurrent use.
type Server struct {
	// URL is the address of the server, http://127.0.0.1:port.
	URL string

	database string
	users    []user
	methods  map[string]method
	http     *http.Server

	mu      sync.Mutex // one call at a time: a transaction each
	store   *store
	scripts map[scriptKey]script
	calls   []Request
}

type user struct {
	id              int64
	login, password string
}

// The ids of users start where those of people start in Odoo: 1 is the system itself.
const firstUser = 2

// Option changes a server before it starts.
type Option func(*Server)

// Database names the database, "demo" if not given.
func Database(name string) Option { return func(s *Server) { s.database = name } }

// User lets somebody log in, in place of admin with the password admin. Given several times, all of them may.
func User(login, password string) Option {
	return func(s *Server) {
		s.users = append(s.users, user{firstUser + int64(len(s.users)), login, password})
	}
}

// New starts a server that ends with the test.
func New(t testing.TB, schema *introspect.Schema, options ...Option) *Server {
	t.Helper()
	s, err := Start(schema, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Start starts a server on a free port of the loopback interface. Close ends it.
func Start(schema *introspect.Schema, options ...Option) (*Server, error) {
	c, err := newCatalog(schema)
	if err != nil {
		return nil, err
	}
	s := &Server{database: "demo", store: newStore(c), methods: ormMethods(c.dialect), scripts: map[scriptKey]script{}}
	for _, option := range options {
		option(s)
	}
	if len(s.users) == 0 {
		User("admin", "admin")(s)
	}
	s.store.fill(schema)
	s.addUsers()
	if err := s.listen(schema.Server); err != nil {
		return nil, err
	}
	return s, nil
}

// addUsers gives everybody who may log in a record.
func (s *Server) addUsers() {
	for _, u := range s.users {
		name := u.login
		if name == "admin" {
			name = "Administrator"
		}
		s.store.insert(s.store.models["res.users"], u.id, map[string]any{"name": name, "login": u.login, "active": true})
	}
}

func (s *Server) listen(version introspect.Server) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("odootest: %w", err)
	}
	s.URL = "http://" + listener.Addr().String()
	s.http = &http.Server{Handler: s.handler(version), ReadHeaderTimeout: time.Minute}
	go s.http.Serve(listener) //nolint:errcheck // it ends with Close, and with nothing to tell
	return nil
}

// Close ends the server. What it holds is gone.
func (s *Server) Close() { _ = s.http.Close() }

// Dial logs the first user in.
func (s *Server) Dial(ctx context.Context) (*orm.Client, error) {
	u := s.users[0]
	return orm.Dial(ctx, s.URL, orm.Database(s.database), orm.Password(u.login, u.password))
}

// Create makes a record of values in the form of the wire, commands included, as the first user; it is for seeding.
func (s *Server) Create(model string, values map[string]any) (int64, error) {
	made, err := s.transact(s.users[0].id, nil, func(t *tx) (any, error) { return t.createFrom(model, values) })
	id, _ := made.(int64)
	return id, err
}

// transact runs a call: all of it happens or, if it fails, nothing.
func (s *Server) transact(uid int64, context map[string]any, run func(*tx) (any, error)) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &tx{store: s.store, uid: uid, context: context}
	done := false
	defer func() {
		if !done {
			t.rollback()
		}
	}()
	result, err := run(t)
	if err != nil {
		return nil, err
	}
	done = true
	return result, nil
}

// Request is one call that a client made.
type Request struct {
	Service string // common, db or object
	Model   string // of a call of the service object
	Method  string // of the model, or of another service
}

// Calls are the calls so far, in order.
func (s *Server) Calls() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

func (s *Server) log(r Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, r)
}

var errAccessDenied error = &Error{classAccessDenied, "Access Denied"}

// login is the id of a user, 0 if the password or the login is wrong.
func (s *Server) login(name, password any) int64 {
	for _, u := range s.users {
		if u.login == name && u.password == password {
			return u.id
		}
	}
	return 0
}

// authorize checks the id and the password that come with every call of the service object.
func (s *Server) authorize(uid int64, password any) error {
	for _, u := range s.users {
		if u.id == uid && u.password == password {
			return nil
		}
		if u.id == uid {
			return errAccessDenied
		}
	}
	return missing(s.store.models["res.users"], uid, uid)
}

// traceback is the debug text of an error.
func traceback(e *Error) string {
	return "Traceback (most recent call last):\n  File \"odootest\", line 1, in <module>\n" + strings.TrimPrefix(e.Class, "builtins.") + ": " + e.Message + "\n"
}

// exception makes what every error is sent as.
func exception(err error) *Error {
	if e := new(Error); errors.As(err, &e) {
		return e
	}
	return &Error{classException, err.Error()}
}
