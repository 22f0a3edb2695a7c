package odootest_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// trial is a test within the test: what it reports is looked at.
type trial struct {
	testing.TB
	mu      sync.Mutex
	reports []string
	ends    []func()
}

func (*trial) Helper()                      {}
func (*trial) Skipped() bool                { return false }
func (tr *trial) Cleanup(end func())        { tr.ends = append(tr.ends, end) }
func (tr *trial) Logf(string, ...any)       {}
func (tr *trial) Failed() bool              { return len(tr.reported()) > 0 }
func (tr *trial) Fatalf(f string, a ...any) { tr.Errorf(f, a...); runtime.Goexit() }
func (tr *trial) Fatal(a ...any)            { tr.Fatalf("%s", fmt.Sprint(a...)) }
func (tr *trial) Errorf(f string, a ...any) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.reports = append(tr.reports, fmt.Sprintf(f, a...))
}

func (tr *trial) reported() []string {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return slices.Clone(tr.reports)
}

// try runs a test, and gives what it reported.
func try(t *testing.T, test func(tr *trial)) string {
	t.Helper()
	tr := &trial{TB: t}
	done := make(chan bool)
	go func() {
		defer close(done)
		test(tr)
	}()
	<-done
	for _, end := range slices.Backward(tr.ends) {
		end()
	}
	return strings.Join(tr.reported(), "\n")
}

const longPassword = "correct horse \"battery\""

// recordedWith makes a recording of a test on an embedded Odoo 19.
func recordedWith(t *testing.T, test func(c *orm.Client), options ...odootest.RecordOption) (file, content string) {
	t.Helper()
	server := odootest.New(t, small("19.0"), odootest.User("bot", longPassword, odootest.Key("0123456789abcdef")))
	file = filepath.Join(t.TempDir(), "x.recording.json")
	reports := try(t, func(tr *trial) {
		r := odootest.Record(tr, server.URL, file, options...)
		c, err := r.Dial(t.Context(), orm.Database("demo"), orm.Password("bot", longPassword))
		must(t, err)
		test(c)
	})
	if reports != "" {
		t.Fatal(reports)
	}
	data, err := os.ReadFile(file)
	must(t, err)
	return file, string(data)
}

// replayed runs a test on a recording, and gives what it reported.
func replayed(t *testing.T, file string, test func(c *orm.Client), options ...odootest.RecordOption) string {
	t.Helper()
	return try(t, func(tr *trial) {
		c, err := odootest.Replay(tr, file, options...).Dial(t.Context(), orm.Database("another"), orm.Password("bot", "x"))
		if err != nil {
			tr.Errorf("%v", err)
			return
		}
		test(c)
	})
}

func node(c *orm.Client) orm.Model { return c.Model("x.node") }

// A replay gives the answers of the recording, in order, without the server.
func TestReplay(t *testing.T) {
	t.Parallel()
	story := func(c *orm.Client) {
		for want := range 3 {
			n, err := node(c).Count(t.Context(), orm.Expr{})
			if err != nil || n != want {
				t.Errorf("counted %d, want %d: %v", n, want, err)
			}
			if _, err := node(c).Create(t.Context(), orm.Args{"name": "a", "rank": 7}); err != nil {
				t.Error(err)
			}
		}
		if err := node(c).Call(t.Context(), "action_nowhere", []int64{1}, nil, nil); err == nil || !strings.Contains(err.Error(), "action_nowhere") {
			t.Errorf("a method that does not exist: %v", err)
		}
	}
	file, content := recordedWith(t, story)
	if reports := replayed(t, file, story); reports != "" {
		t.Error(reports)
	}
	again, _ := recordedWith(t, story)
	if data, err := os.ReadFile(again); err != nil || string(data) != content {
		t.Errorf("a second recording differs, %v:\n%s\n%s", err, data, content)
	}
}

// Calls are compared by what they mean: not by the order of keys, the form of numbers, ids of JSON-RPC, or an empty context.
func TestReplayComparesMeaning(t *testing.T) {
	t.Parallel()
	send := func(url, body string) string {
		r, err := http.Post(url+"/jsonrpc", "application/json", strings.NewReader(body))
		must(t, err)
		defer r.Body.Close()
		var b bytes.Buffer
		_, err = b.ReadFrom(r.Body)
		must(t, err)
		return b.String()
	}
	server := odootest.New(t, small("19.0"))
	file := filepath.Join(t.TempDir(), "x.json")
	if reports := try(t, func(tr *trial) {
		send(odootest.Record(tr, server.URL, file).URL, `{"jsonrpc":"2.0","method":"call","id":1,"params":{"service":"object","method":"execute_kw",
			"args":["demo",2,"admin","x.node","create",[{"name":"a","rank":90}],{"context":{}}]}}`)
	}); reports != "" {
		t.Fatal(reports)
	}
	reports := try(t, func(tr *trial) {
		got := send(odootest.Replay(tr, file).URL, `{"id":"x","params":{"args":["other",2,"changed","x.node","create",[{"rank":9e1, "name":"\u0061"}]],
			"method":"execute_kw","service":"object"}}`)
		if got != `{"id":"x","jsonrpc":"2.0","result":1}` {
			t.Errorf("got %s", got)
		}
	})
	if reports != "" {
		t.Error(reports)
	}
}

// A call that was not recorded fails the test and the call, with the nearest one that was recorded.
func TestReplayOfOtherCalls(t *testing.T) {
	t.Parallel()
	create := func(name string) func(*orm.Client) {
		return func(c *orm.Client) {
			if _, err := node(c).Create(t.Context(), orm.Args{"name": name}); err != nil && !strings.Contains(err.Error(), "recorded") {
				t.Errorf("the error of the call is %v", err)
			}
		}
	}
	file, _ := recordedWith(t, create("Azure"))
	for what, test := range map[string]struct {
		test func(*orm.Client)
		want []string
	}{
		"another argument": {create("Blue"), []string{"the call was not recorded", "the nearest one", `args[0][0].name: recorded "Azure", called with "Blue"`}},
		"once more":        {func(c *orm.Client) { create("Azure")(c); create("Azure")(c) }, []string{"x.node.create was recorded 1 time, and is called once more"}},
		"another method": {func(c *orm.Client) { _ = node(c).Call(t.Context(), "creat", nil, nil, nil) }, []string{
			"x.node.creat was not recorded", "did you mean x.node.create?",
		}},
		"no call": {func(*orm.Client) {}, []string{"1 recorded calls were not made", `"call":"x.node.create"`}},
	} {
		reports := replayed(t, file, test.test)
		for _, want := range test.want {
			if !strings.Contains(reports, want) {
				t.Errorf("%s: want %q in\n%s", what, want, reports)
			}
		}
	}
}

// Passwords, keys, sessions and values with secret names are not written.
func TestRecordingsHaveNoSecrets(t *testing.T) {
	t.Parallel()
	story := func(c *orm.Client) {
		_, err := node(c).Create(t.Context(), orm.Args{"name": "with " + longPassword, "ref": "https://x/?access_token=T0KEN7", "rank": 1})
		must(t, err)
		for _, args := range []orm.Args{
			{"password": "hunter2", "api_key": "K3Y7"}, {"old_passwd": "hunter2"},
			{"domain": []any{[]any{"access_token", "=", "T0KEN7"}}}, {"key": "database.secret", "value": "S3CRET7"},
		} {
			if err := node(c).Call(t.Context(), "unknown", []int64{1}, args, nil); err == nil {
				t.Error("an unknown method succeeds")
			}
		}
	}
	_, content := recordedWith(t, story)
	for _, secret := range []string{longPassword, `battery`, "hunter2", "K3Y7", "T0KEN7", "S3CRET7", "session_id=", "0123456789abcdef"} {
		if strings.Contains(content, secret) {
			t.Errorf("the file contains %q:\n%s", secret, content)
		}
	}
	if !strings.Contains(content, `"with scrubbed"`) || !strings.Contains(content, `"login":"bot"`) {
		t.Errorf("the file is\n%s", content)
	}
}

// Large binaries are shortened, and replayed with their size and beginning; or kept.
func TestRecordingsOfBinaries(t *testing.T) {
	t.Parallel()
	picture := base64.StdEncoding.EncodeToString(append([]byte("\x89PNG"), bytes.Repeat([]byte{1, 2, 3}, 5000)...))
	var got []string
	story := func(c *orm.Client) {
		id, err := c.Model("x.values").Create(t.Context(), orm.Args{"data": picture})
		must(t, err)
		var read struct {
			Data string `odoo:"data"`
		}
		must(t, c.Model("x.values").Get(t.Context(), &read, id))
		got = append(got, read.Data)
	}
	file, content := recordedWith(t, story)
	if len(content) > len(picture)/2 {
		t.Errorf("the file has %d bytes", len(content))
	}
	if reports := replayed(t, file, story); reports != "" {
		t.Error(reports)
	}
	if len(got) != 2 || got[0] != picture || len(got[1]) != len(picture) || got[1][:200] != picture[:200] {
		t.Errorf("a shortened picture was replayed otherwise")
	}
	file, _ = recordedWith(t, story, odootest.KeepBinaries())
	if reports := replayed(t, file, story); reports != "" || got[3] != picture {
		t.Errorf("a kept picture was replayed otherwise: %s", reports)
	}
}

// Normalize makes calls equal whose arguments differ on each run.
func TestNormalizedRecordings(t *testing.T) {
	t.Parallel()
	run := 0
	story := func(c *orm.Client) {
		run++
		_, err := node(c).Create(t.Context(), orm.Args{"name": fmt.Sprint("run ", run)})
		must(t, err)
	}
	fixed := odootest.Normalize(func(r *odootest.Request) {
		if r.Model == "x.node" && r.Method == "create" {
			r.Args = []any{[]any{map[string]any{"name": "run"}}}
		}
	})
	file, _ := recordedWith(t, story, fixed)
	if reports := replayed(t, file, story, fixed); reports != "" {
		t.Error(reports)
	}
}

// Recorded replays unless the environment names a server. What cannot be recorded fails, and so does a missing file.
func TestRecorded(t *testing.T) {
	server := odootest.New(t, small("14.0"))
	file := filepath.Join(t.TempDir(), "deep", "x.json")
	count := func(tr *trial) {
		r := odootest.Recorded(tr, file)
		c, err := r.Dial(t.Context())
		must(t, err)
		if n, err := node(c).Count(t.Context(), orm.Expr{}); n != 0 || err != nil || r.IsReplay() == (os.Getenv(odootest.RecordVariable) != "") {
			t.Errorf("counted %d, %v", n, err)
		}
	}
	if reports := try(t, count); !strings.Contains(reports, "set ODOOGEN_RECORD to the address of a server") {
		t.Errorf("without a file: %s", reports)
	}
	t.Setenv(odootest.RecordVariable, server.URL)
	t.Setenv("ODOO_DB", "demo")
	t.Setenv("ODOO_USER", "admin")
	t.Setenv("ODOO_PASSWORD", "")
	t.Setenv("ODOO_API_KEY", "admin-key")
	if reports := try(t, count); reports != "" {
		t.Error(reports)
	}
	t.Setenv("ODOO_API_KEY", "")
	t.Setenv("ODOO_DB", "")
	t.Setenv(odootest.RecordVariable, "")
	if reports := try(t, count); reports != "" {
		t.Error(reports)
	}
	for _, path := range []string{"/xmlrpc/2/common", "/web/database/drop"} {
		reports := try(t, func(tr *trial) {
			r, err := http.Post(odootest.Record(tr, server.URL, file).URL+path, "text/xml", strings.NewReader("<x/>"))
			must(t, err)
			r.Body.Close()
		})
		if !strings.Contains(reports, "cannot be recorded") {
			t.Errorf("%s: %q", path, reports)
		}
	}
}
