package odootest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest/internal/tape"
)

// RecordVariable names the environment variable that makes [Recorded] record: it holds the address of a real server.
const RecordVariable = "ODOOGEN_RECORD"

// Recording is a server that answers as a real one did: one that passes requests on and records the answers, or one that replays
// them. See [Recorded].
type Recording struct {
	// URL is the address for clients, http://127.0.0.1:port.
	URL string

	t        testing.TB
	file     string
	upstream string // the real server, "" in a replay
	options  recordOptions
	reader   *tape.Reader
	tape     *tape.Tape
	sessions atomic.Int64
}

// RecordOption changes what is recorded, and what is compared.
type RecordOption func(*recordOptions)

type recordOptions struct {
	keepBinaries bool
	normalize    []func(*Request)
}

// KeepBinaries keeps files and pictures whole. Otherwise, of a base64 text of more than 4096 characters the beginning, the size and
// the digest are kept, and it is replayed with zeros after its beginning.
func KeepBinaries() RecordOption { return func(o *recordOptions) { o.keepBinaries = true } }

// Normalize changes the arguments of calls before they are recorded and compared, so that a call matches although a value in it
// differs on each run, such as a time or a random reference. Only Args and Kwargs can be changed; numbers are json.Number.
func Normalize(change func(*Request)) RecordOption {
	return func(o *recordOptions) { o.normalize = append(o.normalize, change) }
}

// Recorded answers as a real server did. It replays the recording in the file, unless the environment variable ODOOGEN_RECORD has
// the address of a server: then it passes all requests on to that server, and writes the file when the test has passed.
//
//	odoo := odootest.Recorded(t, "testdata/confirm.recording.json")
//	client, err := odoo.Dial(ctx)
//
//	ODOOGEN_RECORD=https://test.example.com ODOO_DB=test ODOO_USER=bot ODOO_PASSWORD=… go test -run TestConfirm
func Recorded(t testing.TB, file string, options ...RecordOption) *Recording {
	t.Helper()
	if server := os.Getenv(RecordVariable); server != "" {
		return Record(t, server, file, options...)
	}
	return Replay(t, file, options...)
}

// Record passes requests on to a server, and writes them to the file with their answers when the test has passed. Passwords, API
// keys, sessions and tokens are replaced by "scrubbed"; of users, their logins are kept.
func Record(t testing.TB, server, file string, options ...RecordOption) *Recording {
	t.Helper()
	r := newRecording(t, file, options)
	r.upstream = strings.TrimRight(server, "/")
	r.tape = &tape.Tape{}
	r.reader.Secrets.LearnAddress(r.upstream)
	r.serve(r.pass)
	return r
}

// Replay answers requests from a file that [Record] wrote. Requests are compared by what they mean: protocol, user, model, method, and
// arguments as JSON values; not by database or secret. Equal requests get their answers in the order of the recording. A request that
// was not recorded fails the test, and so does a recorded one that the test no longer makes.
func Replay(t testing.TB, file string, options ...RecordOption) *Recording {
	t.Helper()
	r := newRecording(t, file, options)
	recorded, err := tape.Load(file)
	if err != nil {
		t.Fatalf("odootest: %v: to record it, set %s to the address of a server", err, RecordVariable)
	}
	recorded.Normalize(r.normalize)
	r.tape = recorded
	r.serve(r.replay)
	return r
}

func newRecording(t testing.TB, file string, options []RecordOption) *Recording {
	r := &Recording{t: t, file: file, reader: tape.NewReader()}
	for _, option := range options {
		option(&r.options)
	}
	return r
}

// serve serves until the test ends. The file is written, or checked, when no request runs any more.
func (r *Recording) serve(handler http.HandlerFunc) {
	server := httptest.NewServer(handler)
	r.URL = server.URL
	r.t.Cleanup(func() {
		server.Close()
		r.finish()
	})
}

// IsReplay reports that the answers come from the file.
func (r *Recording) IsReplay() bool { return r.upstream == "" }

// Dial logs in: to a real server with ODOO_DB, ODOO_USER and ODOO_API_KEY or ODOO_PASSWORD of the environment, in a replay as the
// user of the recording. Options come after, so that they may say otherwise.
func (r *Recording) Dial(ctx context.Context, options ...orm.DialOption) (*orm.Client, error) {
	header, secret := r.tape.Header, tape.Scrubbed
	if !r.IsReplay() {
		header.Database, header.Login = os.Getenv("ODOO_DB"), os.Getenv("ODOO_USER")
		key := os.Getenv("ODOO_API_KEY")
		header.IsKey, secret = key != "", cmp.Or(key, os.Getenv("ODOO_PASSWORD"))
	}
	login := orm.Password(header.Login, secret)
	if header.IsKey {
		login = orm.APIKey(header.Login, secret)
	}
	c, err := orm.Dial(ctx, r.URL, append([]orm.DialOption{orm.Database(header.Database), login}, options...)...)
	if err == nil && !r.IsReplay() {
		header.Server, header.Database = c.Version().Series, c.Database()
		r.tape.Header = header
	}
	return c, err
}

// normalize applies the options to a call.
func (r *Recording) normalize(c *tape.Call) {
	for _, change := range r.options.normalize {
		model, method, _ := strings.Cut(c.Name, "/")
		if i := strings.LastIndexByte(c.Name, '.'); i >= 0 {
			model, method = c.Name[:i], c.Name[i+1:]
		}
		request := Request{Model: model, Method: method, Login: c.As, Args: c.Args, Kwargs: c.Kwargs}
		change(&request)
		c.Args, c.Kwargs = request.Args, request.Kwargs
	}
}

// read is what a request means.
func (r *Recording) read(req *http.Request) (*tape.Request, []byte, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, nil, err
	}
	meant, err := r.reader.Read(req, body)
	if err != nil {
		return nil, nil, err
	}
	r.normalize(&meant.Call)
	return meant, body, nil
}

// pass passes a request on, and records it.
func (r *Recording) pass(w http.ResponseWriter, req *http.Request) {
	meant, body, err := r.read(req)
	if err != nil {
		r.fail(w, nil, err)
		return
	}
	answer, err := r.forward(req, body)
	if err != nil {
		r.fail(w, meant, err)
		return
	}
	r.tape.Add(r.reader.Entry(meant, answer))
	copyHeader(w.Header(), answer.Header)
	w.WriteHeader(answer.Status)
	_, _ = w.Write(answer.Body)
}

// hopByHop are headers of one connection, and those that the copy of the body decides.
var hopByHop = map[string]bool{"Connection": true, "Keep-Alive": true, "Transfer-Encoding": true, "Content-Length": true, "Content-Encoding": true}

// direct sends a request unchanged: without following redirects, and without compression.
var direct = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func (r *Recording) forward(req *http.Request, body []byte) (*tape.Answer, error) {
	out, err := http.NewRequestWithContext(req.Context(), req.Method, r.upstream+req.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	copyHeader(out.Header, req.Header)
	out.Header.Set("Accept-Encoding", "identity")
	answer, err := direct.Do(out)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	return &tape.Answer{Status: answer.StatusCode, Header: answer.Header, Body: content}, err
}

// copyHeader copies the headers that are not of one connection.
func copyHeader(to, from http.Header) {
	for name, values := range from {
		if !hopByHop[name] {
			to[name] = values
		}
	}
}

// replay answers a request from the recording.
func (r *Recording) replay(w http.ResponseWriter, req *http.Request) {
	meant, _, err := r.read(req)
	if err != nil {
		r.fail(w, nil, err)
		return
	}
	entry, err := r.tape.Take(&meant.Call)
	if err != nil {
		r.fail(w, meant, err)
		return
	}
	session := fmt.Sprintf("replayed-%d", r.sessions.Add(1))
	if err := r.reader.Write(w, meant, entry, r.URL, session); err != nil {
		r.t.Errorf("odootest: %s: %v", r.file, err)
	}
}

// fail fails the test, and answers the request with the same text.
func (r *Recording) fail(w http.ResponseWriter, meant *tape.Request, err error) {
	if errors.Is(err, context.Canceled) {
		return // the client has gone
	}
	r.t.Errorf("odootest: %s: %v", r.file, err)
	tape.Refuse(w, meant, fmt.Sprintf("odootest: %s: %v", filepath.Base(r.file), err))
}

// finish writes the recording of a test that passed, or reports what a replay did not ask.
func (r *Recording) finish() {
	switch {
	case !r.IsReplay() && r.t.Failed():
		r.t.Logf("odootest: %s is not written: the test failed", r.file)
	case !r.IsReplay():
		if err := r.tape.Save(r.file, &r.reader.Secrets, r.options.keepBinaries); err != nil {
			r.t.Errorf("odootest: %v", err)
		}
	case !r.t.Failed() && !r.t.Skipped() && !runsPart():
		if left := r.tape.Left(); len(left) > 0 {
			r.t.Errorf("odootest: %s: %d recorded calls were not made; record it again:\n%s", r.file, len(left), strings.Join(left, "\n"))
		}
	}
}

// runsPart reports that -run chooses some of the subtests.
func runsPart() bool {
	run := flag.Lookup("test.run")
	return run != nil && strings.Contains(run.Value.String(), "/")
}
