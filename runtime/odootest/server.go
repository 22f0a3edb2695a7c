package odootest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

// Server is an Odoo in memory. It is safe for concurrent use.
type Server struct {
	// URL is the address of the server, http://127.0.0.1:port.
	URL string

	address  string // to listen at
	database string
	users    []*user
	methods  map[string]method
	http     *http.Server
	sessions sessions
	observe  func(Request, error, time.Duration)
	hosts    []string // further names of the server

	otherDatabases []string
	reference      bool // the reference data is made
	limits         limits
	now            func() time.Time

	largeBodies chan struct{} // one for each that is being read

	mu        sync.Mutex // one call at a time: a transaction each
	store     *store
	scripts   map[scriptKey]script
	onchanges map[scriptKey]func(Change) (Changed, error)

	logged  sync.Mutex // not mu: a call that waits for its turn is logged
	calls   []Request
	faults  []*injected
	deliver func(Delivery) []time.Duration

	bus     bus
	running context.Context // until Close
	end     context.CancelFunc
}

// Option changes a server before it starts.
type Option func(*Server)

// Database names the database, "demo" if not given.
func Database(name string) Option { return func(s *Server) { s.database = name } }

// OtherDatabases names further databases, which are listed and have no records: where there are several, servers answer calls
// whose session is gone otherwise.
func OtherDatabases(names ...string) Option {
	return func(s *Server) { s.otherDatabases = append(s.otherDatabases, names...) }
}

// databases are the names of all.
func (s *Server) databases() []string {
	return slices.Sorted(slices.Values(append([]string{s.database}, s.otherDatabases...)))
}

// Clock sets the clock of the server, which is used for write_date, defaults and the header Date of responses. The default
// is the clock of the machine.
func Clock(now func() time.Time) Option { return func(s *Server) { s.now = now } }

// Address is where to listen, host:port; a free port of the loopback interface if not given.
func Address(hostPort string) Option { return func(s *Server) { s.address = hostPort } }

// New starts a server that ends with the test.
func New(t testing.TB, schema *snapshot.Schema, options ...Option) *Server {
	t.Helper()
	s, err := Start(schema, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// NewFrom is New with the snapshot in a file: odoogen.schema.json, as odoogen pull writes it. The records that odoogen pull --data
// wrote beside it are made as well.
func NewFrom(t testing.TB, file string, options ...Option) *Server {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := snapshot.Decode(data)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	s := New(t, schema, options...)
	if _, err := s.SeedData(file); err != nil {
		t.Fatal(err)
	}
	return s
}

// Start starts a server on a free port of the loopback interface. Close ends it.
func Start(schema *snapshot.Schema, options ...Option) (*Server, error) {
	c, err := newCatalog(schema)
	if err != nil {
		return nil, err
	}
	s := &Server{
		address: "127.0.0.1:0", database: "demo", store: newStore(c, schema), methods: ormMethods(c.dialect), scripts: map[scriptKey]script{},
		onchanges: map[scriptKey]func(Change) (Changed, error){},
		limits:    defaultLimits(), now: time.Now,
	}
	maps.Copy(s.methods, s.formMethods())
	s.bus = bus{changed: make(chan struct{}), sockets: map[*websocket.Conn]bool{}}
	s.running, s.end = context.WithCancel(context.Background())
	for _, option := range options {
		option(s)
	}
	if err := errors.Join(s.store.checkLeftOut(), s.store.checkUniqueKeys(), s.checkUsers()); err != nil {
		return nil, err
	}
	s.sessions = sessions{open: map[string]*webSession{}, used: map[string]time.Time{}, life: c.sessionLife(), most: s.limits.sessions}
	s.largeBodies = make(chan struct{}, s.limits.large)
	if len(s.users) == 0 {
		User(adminLogin, adminPassword, Key(adminKey), Name("Administrator"))(s)
	}
	s.store.fill(schema)
	s.addUsers()
	if s.reference {
		if err := s.seedReference(); err != nil {
			return nil, fmt.Errorf("odootest: reference data: %w", err)
		}
	}
	if err := s.listen(schema); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Server) listen(schema *snapshot.Schema) error {
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		return fmt.Errorf("odootest: %w", err)
	}
	s.URL = "http://" + listener.Addr().String()
	s.http = &http.Server{Handler: s.dated(survive(s.checkHost(s.handler(schema)))), ReadHeaderTimeout: s.limits.header, IdleTimeout: s.limits.idle}
	go s.http.Serve(listener) //nolint:errcheck // it ends with Close, without anything to report
	return nil
}

// Close ends the server at once. What it holds is gone.
func (s *Server) Close() {
	s.end()
	_ = s.http.Close()
}

// Shutdown ends the server when the calls that it is at have been answered, or when the context ends.
func (s *Server) Shutdown(ctx context.Context) error {
	s.end()
	return s.http.Shutdown(ctx)
}

// Dial logs the first user in, with the password. Options come after, so that they may say otherwise:
//
//	server.Dial(ctx, orm.APIKey("admin", "admin-key")) // over JSON-2 on 19 and later
func (s *Server) Dial(ctx context.Context, options ...orm.DialOption) (*orm.Client, error) {
	u := s.users[0]
	first := []orm.DialOption{orm.Database(s.database), orm.Password(u.login, u.password)}
	return orm.Dial(ctx, s.URL, append(first, options...)...)
}

// Create makes a record of values in the form of the wire, commands included, as the first user with all rights; it is for
// seeding, of views of the database too.
func (s *Server) Create(model string, values map[string]any) (int64, error) {
	made, err := s.transact(s.backstage(), func(t *tx) (any, error) { return t.createFrom(model, values) })
	id, _ := made.(int64)
	return id, err
}

// transact runs a call without a context: all of it happens or, if it fails, nothing.
func (s *Server) transact(u *user, run func(*tx) (any, error)) (any, error) {
	return s.transactSince(time.Time{}, u, nil, run)
}

// transactSince is transact for a transaction that began before it could run; the zero time is now.
func (s *Server) transactSince(began time.Time, u *user, context map[string]any, run func(*tx) (any, error)) (any, error) {
	result, after, err := s.committed(began, u, context, run)
	for _, do := range after {
		do(s)
	}
	return result, err
}

// committed runs a transaction, and gives what is to be done when it has committed.
func (s *Server) committed(began time.Time, u *user, context map[string]any, run func(*tx) (any, error)) (any, []func(*Server), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if began.IsZero() {
		began = s.now()
	}
	t := &tx{store: s.store, user: u, uid: u.id, context: context, undo: new([]func()), after: new([]func(*Server)), server: s, began: began, now: s.now}
	done := false
	defer func() {
		if !done {
			t.rollback()
		}
	}()
	result, err := run(t)
	if err != nil {
		return nil, nil, err
	}
	done = true
	return result, *t.after, nil
}
