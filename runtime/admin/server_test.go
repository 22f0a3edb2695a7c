package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
)

// fakeManager is a server with the services common and db and the routes of the database manager, as the real ones
// answer: see the comments of databases.go and dump.go.
type fakeManager struct {
	major    int
	master   string
	disabled bool
	gone     bool // as Odoo 19.1
	backup   http.HandlerFunc
	restore  http.HandlerFunc

	mu    sync.Mutex
	calls []string
}

const mutePage = `<!DOCTYPE HTML><title>500 Internal Server Error</title>`

func (f *fakeManager) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case pathBackup:
		f.backup(w, r)
		return
	case pathRestore:
		f.restore(w, r)
		return
	case "/web":
		http.SetCookie(w, &http.Cookie{Name: "session_id", Value: "of-" + r.URL.Query().Get("db")})
		return
	}
	var q struct {
		Params struct {
			Service, Method string
			Args            []any
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	f.mu.Lock()
	f.calls = append(f.calls, q.Params.Method)
	f.mu.Unlock()
	result, class := f.answer(q.Params.Service, q.Params.Method, q.Params.Args)
	cookie, _ := r.Cookie("session_id")
	switch {
	case class == "":
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":null,"result":%s}`, result)
	case f.major < 15 && cookie == nil:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, mutePage)
	default:
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":null,"error":{"code":0,"message":"Odoo Server Error","data":{"name":%q,"message":%q}}}`, class, result)
	}
}

func (f *fakeManager) answer(service, method string, args []any) (result, class string) {
	switch {
	case service == "common" && method == "version":
		return fmt.Sprintf(`{"server_version":"%d.0","server_version_info":[%d,0,0,"final",0,""],"server_serie":"%d.0"}`, f.major, f.major, f.major), ""
	case service == "common":
		return fmt.Sprint(args[2] == "right" && args[0] == "one"), ""
	case f.gone:
		return "db", "builtins.KeyError"
	case method == "db_exist":
		return fmt.Sprint(args[0] == "one" || args[0] == "two"), ""
	case method == "list" && f.disabled:
		return "Access Denied", "odoo.exceptions.AccessDenied"
	case method == "list":
		return `["one","two"]`, ""
	case args[0] != f.master || f.disabled && (method != "migrate_databases" || len(args[1].([]any)) > 0):
		return "Access Denied", "odoo.exceptions.AccessDenied"
	case method == "rename":
		return "Couldn't rename database", "builtins.Exception"
	case method == "drop":
		return fmt.Sprint(args[1] == "one"), ""
	}
	return "true", ""
}

func (f *fakeManager) databases(t *testing.T, master string, options ...orm.DialOption) *Databases {
	t.Helper()
	s, err := NewServer(startServer(t, f), options...)
	if err != nil {
		t.Fatal(err)
	}
	return s.Databases(master)
}

// eachMajor runs a test as an Odoo that gives no reason outside of a database, and as one that does.
func eachMajor(t *testing.T, test func(t *testing.T, major int)) {
	for _, major := range []int{14, 19} {
		t.Run(fmt.Sprint(major), func(t *testing.T) { test(t, major) })
	}
}

func TestServerLoginIsNeverUserZero(t *testing.T) {
	s := (&fakeManager{major: 19}).databases(t, "").server
	for _, db := range []string{"one", "nope"} {
		uid, err := s.Login(t.Context(), db, "admin", "s3cret")
		if uid != 0 || !errors.Is(err, orm.ErrAccessDenied) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("user %d, %v", uid, err)
		}
	}
}

func TestDatabasesTellAWrongMasterPasswordFromDisabledOnes(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		for _, test := range []struct {
			disabled bool
			master   string
			want     error
		}{{false, "wrong", orm.ErrAccessDenied}, {true, "wrong", orm.ErrDatabasesDisabled}} {
			d := (&fakeManager{major: major, master: "s3cret", disabled: test.disabled}).databases(t, test.master)
			_, countries := d.ListCountries(t.Context())
			for method, err := range map[string]error{
				"drop": d.Drop(t.Context(), "one"), "countries": countries,
				"dump":   d.Dump(t.Context(), "one", DumpZip, io.Discard),
				"rename": d.Rename(t.Context(), "one", "new"),
			} {
				if !errors.Is(err, test.want) || strings.Contains(err.Error(), "HTTP") {
					t.Errorf("%s: %v, want %v", method, err, test.want)
				}
			}
		}
		d := (&fakeManager{major: major, disabled: true}).databases(t, "")
		if _, err := d.List(t.Context()); !errors.Is(err, orm.ErrDatabasesDisabled) {
			t.Errorf("list: %v", err)
		}
	})
}

func TestDatabasesKeepOdoosOwnReason(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		d := (&fakeManager{major: major, master: "s3cret"}).databases(t, "s3cret")
		err := d.Rename(t.Context(), "one", "new")
		if e, ok := errors.AsType[*orm.Error](err); !ok || e.Message != "Couldn't rename database" || e.Method != "rename" {
			t.Errorf("got %v", err)
		}
	})
}

func TestDatabasesCheckNamesFirst(t *testing.T) {
	f := &fakeManager{major: 19, master: "s3cret"}
	d, ctx := f.databases(t, "s3cret"), t.Context()
	for _, test := range []struct{ got, want error }{
		{d.Create(ctx, "one", CreateOptions{Password: "x"}), orm.ErrDatabaseExists},
		{d.Duplicate(ctx, "nope", "new", CopyOptions{}), orm.ErrNoDatabase},
		{d.Duplicate(ctx, "one", "two", CopyOptions{}), orm.ErrDatabaseExists},
		{d.Rename(ctx, "nope", "new"), orm.ErrNoDatabase},
		{d.Migrate(ctx, "one", "nope"), orm.ErrNoDatabase},
		{d.Drop(ctx, "two"), orm.ErrNoDatabase}, // false is the answer for a database that is not there
		{d.Restore(ctx, "one", strings.NewReader(""), RestoreOptions{}), orm.ErrDatabaseExists},
	} {
		if !errors.Is(test.got, test.want) {
			t.Errorf("%v, want %v", test.got, test.want)
		}
	}
	if d.Create(ctx, "new", CreateOptions{}) == nil || d.ChangeAdminPassword(ctx, "") == nil || d.Dump(ctx, "one", "sql", io.Discard) == nil {
		t.Error("an empty password or an unknown format is taken")
	}
	if err := d.Create(ctx, "new", CreateOptions{Password: "x"}); err == nil || !strings.Contains(err.Error(), "did not fill it") {
		t.Errorf("a database that takes no login: %v", err)
	}
}

func TestDatabasesOfOdooWithoutTheService(t *testing.T) {
	d := (&fakeManager{major: 19, gone: true}).databases(t, "s3cret")
	if _, err := d.List(t.Context()); !errors.Is(err, orm.ErrNotFound) || !strings.Contains(err.Error(), "19.1") {
		t.Errorf("got %v", err)
	}
}

func sendDump(parts ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream; charset=binary")
		for _, part := range parts {
			_, _ = io.WriteString(w, part)
		}
	}
}

func manage(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<html><div class="alert alert-warning">insecure</div><div class="alert alert-danger">%s</div></html>`, text)
	}
}

var zipEnd = zipEnds + strings.Repeat("\x00", zipTail-len(zipEnds))

func TestDumpTellsACompleteOne(t *testing.T) {
	for name, test := range map[string]struct {
		format  DumpFormat
		backup  http.HandlerFunc
		want    error
		message string
	}{
		"zip":              {DumpZip, sendDump(zipBegins, "data", zipEnd), nil, ""},
		"custom":           {DumpCustom, sendDump(customBegins, "data"), nil, ""},
		"an empty zip":     {DumpZip, sendDump(), orm.ErrMalformed, "pg_dump failed"},
		"an empty custom":  {DumpCustom, sendDump(), orm.ErrMalformed, "pg_dump failed"},
		"half a zip":       {DumpZip, sendDump(zipBegins, "data", zipEnd[:21]), orm.ErrCutOff, "breaks off"},
		"something else":   {DumpZip, sendDump("MZ"), orm.ErrMalformed, "no dump"},
		"an error page":    {DumpZip, manage("Database backup error: Command &#39;pg_dump&#39;\n failed<br/>"), nil, "orm: db.dump: Command 'pg_dump'\n failed"},
		"a proxy in front": {DumpZip, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, orm.ErrMalformed, "HTTP 403"},
	} {
		t.Run(name, func(t *testing.T) {
			d := (&fakeManager{major: 14, master: "s3cret", backup: test.backup}).databases(t, "s3cret", orm.MaxAnswer(300))
			err := d.Dump(t.Context(), "one", test.format, io.Discard)
			if test.want == nil && test.message == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || test.want != nil && !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.message) {
				t.Errorf("got %v, want %v, %s", err, test.want, test.message)
			}
		})
	}
}

// A wrong password must not reach the route: Odoo would make it the right one.
func TestDumpNeverSendsAWrongPasswordToTheManager(t *testing.T) {
	reached := func(http.ResponseWriter, *http.Request) { t.Error("the route was called") }
	eachMajor(t, func(t *testing.T, major int) {
		d := (&fakeManager{major: major, master: "admin", backup: reached, restore: reached}).databases(t, "wrong")
		_ = d.Dump(t.Context(), "one", DumpZip, io.Discard)
		_ = d.Restore(t.Context(), "new", strings.NewReader("x"), RestoreOptions{})
	})
}

// The dump has no end: that its start comes out, and that it stops when the reader does, shows that it is not held.
func TestDumpIsWrittenAsItArrives(t *testing.T) {
	stopped := make(chan struct{})
	endless := func(w http.ResponseWriter, _ *http.Request) {
		defer close(stopped)
		sendDump(zipBegins)(w, nil)
		chunk := bytes.Repeat([]byte("x"), 1<<16)
		for {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
	d := (&fakeManager{major: 19, master: "s3cret", backup: endless}).databases(t, "s3cret", orm.MaxAnswer(1<<10))
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- d.Dump(t.Context(), "one", DumpZip, w) }()
	if _, err := io.CopyN(io.Discard, r, 64<<20); err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	r.CloseWithError(full)
	if err := <-done; !errors.Is(err, full) {
		t.Errorf("the error of the writer comes back as %v", err)
	}
	<-stopped
}

func TestDumpEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	stalled := func(w http.ResponseWriter, r *http.Request) {
		sendDump(zipBegins)(w, nil)
		w.(http.Flusher).Flush()
		cancel()
		<-r.Context().Done()
	}
	d := (&fakeManager{major: 19, master: "s3cret", backup: stalled}).databases(t, "s3cret")
	if err := d.Dump(ctx, "one", DumpZip, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// sentDump is what a restore sent.
type sentDump struct {
	length int64
	fields map[string]string
	file   int64
}

func receiveDump(t *testing.T, got *sentDump, then http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		*got = sentDump{r.ContentLength, map[string]string{}, 0}
		parts, err := r.MultipartReader()
		if err != nil {
			t.Error(err)
			return
		}
		for {
			part, err := parts.NextPart()
			if err != nil {
				break
			}
			if part.FormName() == "backup_file" {
				got.file, _ = io.Copy(io.Discard, part)
				continue
			}
			value, _ := io.ReadAll(part)
			got.fields[part.FormName()] = string(value)
		}
		then(w, r)
	}
}

func toManager(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/web/database/manager", http.StatusSeeOther)
}

func TestRestoreStreams(t *testing.T) {
	var got sentDump
	d := (&fakeManager{major: 19, master: `s3"cret`, restore: receiveDump(t, &got, toManager)}).databases(t, `s3"cret`)
	file := strings.NewReader("xx" + strings.Repeat("d", 1<<20))
	_, _ = file.Seek(2, io.SeekStart)
	if err := d.Restore(t.Context(), "new", file, RestoreOptions{Copy: true}); err != nil {
		t.Fatal(err)
	}
	if got.file != 1<<20 || got.length <= 1<<20 || got.fields["master_pwd"] != `s3"cret` || got.fields["name"] != "new" || got.fields["copy"] != "true" || len(got.fields) != 3 {
		t.Errorf("a file came as %+v", got)
	}
	const size = 64 << 20 // more than is ever held: the pipe gives a chunk only when it is taken
	r, w := io.Pipe()
	go func() {
		_, err := io.CopyN(w, endlessZeros{}, size)
		w.CloseWithError(err)
	}()
	if err := d.Restore(t.Context(), "new", r, RestoreOptions{CopyOptions: CopyOptions{Neutralize: true}}); err != nil {
		t.Fatal(err)
	}
	if got.file != size || got.length != -1 || got.fields["copy"] != "false" || got.fields["neutralize_database"] != "true" {
		t.Errorf("a pipe came as %+v", got)
	}
}

type endlessZeros struct{}

func (endlessZeros) Read(p []byte) (int, error) { return len(p), nil }

func TestRestoreErrors(t *testing.T) {
	var got sentDump
	f := &fakeManager{major: 14, master: "s3cret", restore: receiveDump(t, &got, manage("Database restore error: Couldn&#39;t restore database"))}
	d := f.databases(t, "s3cret")
	err := d.Restore(t.Context(), "new", strings.NewReader("x"), RestoreOptions{})
	if e, ok := errors.AsType[*orm.Error](err); !ok || e.Message != "Couldn't restore database" || e.Method != "restore" {
		t.Errorf("got %v", err)
	}
	if err := d.Restore(t.Context(), "new", strings.NewReader("x"), RestoreOptions{CopyOptions: CopyOptions{Neutralize: true}}); !errors.Is(err, orm.ErrArguments) {
		t.Errorf("Odoo 14 neutralizes: %v", err)
	}
	torn := errors.New("the tape is torn")
	r, w := io.Pipe()
	w.CloseWithError(torn)
	if err := d.Restore(t.Context(), "new", r, RestoreOptions{}); !errors.Is(err, torn) {
		t.Errorf("the error of the reader comes back as %v", err)
	}
}

func TestServerInterceptorsSeeTheService(t *testing.T) {
	var seen []string
	watch := func(next orm.Handler) orm.Handler {
		return func(ctx context.Context, r *orm.Request) error {
			seen = append(seen, r.Model+"."+r.Method)
			return next(ctx, r)
		}
	}
	d := (&fakeManager{major: 19}).databases(t, "", orm.Intercept(watch), orm.OdooOnline(), orm.RateLimit(1000, 1000))
	if _, err := d.List(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 1 || seen[0] != "db.list" {
		t.Errorf("seen: %q", seen)
	}
}

func TestNoErrorOfDatabasesPrintsTheMasterPassword(t *testing.T) {
	d := (&fakeManager{major: 19}).databases(t, "s3cret")
	if text := fmt.Sprintf("%v %+v %#v", d, d, *d); strings.Contains(text, "s3cret") {
		t.Error(text)
	}
}

func TestAKnownUIDSkipsTheLogin(t *testing.T) {
	f := &fakeManager{major: 19}
	c, err := orm.Dial(t.Context(), startServer(t, f), orm.Database("one"), orm.Password("bot", "s3cret"), orm.Using(orm.JSONRPC), orm.UID(7))
	if err != nil {
		t.Fatal(err)
	}
	if c.UID() != 7 || strings.Join(f.calls, " ") != "version" {
		t.Errorf("user %d after %q", c.UID(), f.calls)
	}
}

// What the server sent beside the reason stays in the error: the status and the time to wait.
func TestDatabasesKeepTheTimeToWait(t *testing.T) {
	s, err := NewServer(startServer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusInternalServerError)
	})))
	if err != nil {
		t.Fatal(err)
	}
	err = s.Databases("s3cret").Drop(t.Context(), "one")
	e, ok := errors.AsType[*orm.Error](err)
	if !ok || !errors.Is(err, orm.ErrDatabasesDisabled) || errors.Is(err, orm.ErrMalformed) || e.Status != http.StatusInternalServerError || e.RetryAfter() != 7*time.Second {
		t.Errorf("got %#v", err)
	}
}
