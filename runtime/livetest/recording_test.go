//go:build live

package livetest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/apikey"
	"github.com/odoogen/odoogen/runtime/odootest"
	"github.com/odoogen/odoogen/runtime/report"
)

// rehearsal is a test whose failures are looked at.
type rehearsal struct {
	testing.TB
	failures []string
	ends     []func()
}

func (r *rehearsal) Failed() bool       { return len(r.failures) > 0 }
func (r *rehearsal) Cleanup(end func()) { r.ends = append(r.ends, end) }
func (r *rehearsal) Errorf(f string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(f, args...))
}

// rehearse runs a story with a recording of a test, and gives what the test reported.
func rehearse(t *testing.T, open func(testing.TB) *odootest.Recording, story func(*odootest.Recording)) string {
	t.Helper()
	r := &rehearsal{TB: t}
	story(open(r))
	for _, end := range slices.Backward(r.ends) {
		end()
	}
	return strings.Join(r.failures, "\n")
}

// What a real server answered is replayed without it, in every protocol of JSON, and the file has no secrets.
func TestLiveRecording(t *testing.T) {
	for _, w := range inJSON(t) {
		t.Run(w.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "x.recording.json")
			var seen []string
			story := func(r *odootest.Recording) {
				c, err := r.Dial(t.Context(), append([]orm.DialOption{orm.Database(env(t, "ODOO_DB"))}, w.options...)...)
				if err != nil {
					t.Fatal(err)
				}
				seen = append(seen, recordedStory(t, c))
			}
			if got := rehearse(t, func(tb testing.TB) *odootest.Recording { return odootest.Record(tb, env(t, "ODOO_URL"), file) }, story); got != "" {
				t.Fatal(got)
			}
			replay := func(tb testing.TB) *odootest.Recording { return odootest.Replay(tb, file) }
			if got := rehearse(t, replay, story); got != "" {
				t.Error(got)
			}
			if len(seen) != 2 || seen[0] != seen[1] {
				t.Errorf("recorded and replayed\n%s", strings.Join(seen, "\n"))
			}
			checkNoSecrets(t, file)
			unknown := rehearse(t, replay, func(r *odootest.Recording) {
				c, err := r.Dial(t.Context(), append([]orm.DialOption{orm.Database("x")}, w.options...)...)
				if err == nil {
					_, err = orm.Find[Tag](t.Context(), c, orm.Eq(TagF.Name, "another name"))
				}
				if err == nil || !strings.Contains(err.Error(), "the call was not recorded") {
					t.Errorf("a call that was not recorded: %v", err)
				}
			})
			if !strings.Contains(unknown, `called with "another name"`) {
				t.Errorf("the report is %q", unknown)
			}
		})
	}
}

// recordedStory makes, reads, changes and removes a record, and gives what the server answered.
func recordedStory(t *testing.T, c *orm.Client) string {
	t.Helper()
	ctx := t.Context()
	id := must[orm.ID[Tag]](t)(orm.Create(ctx, c, TagValues{Name: orm.Set("odoogen recording é 👋")}))
	before := must[Tag](t)(orm.Get[Tag](ctx, c, id))
	if err := orm.Write(ctx, c, orm.On(id), TagValues{Name: orm.Set("odoogen renamed")}); err != nil {
		t.Fatal(err)
	}
	found := must[[]Tag](t)(orm.Find[Tag](ctx, c, orm.Eq(TagF.Name, "odoogen renamed")))
	after := must[Tag](t)(orm.Get[Tag](ctx, c, id))
	refused := orm.Write(ctx, c, orm.On(id), TagValues{Name: orm.Clear[string]()})
	if err := orm.Unlink(ctx, c, orm.On(id)); err != nil {
		t.Fatal(err)
	}
	_, missing := orm.Get[Tag](ctx, c, id)
	unknown := c.Model("no.such.model").Call(ctx, "search", nil, orm.Args{"domain": []any{}}, nil)
	if missing == nil || refused == nil || unknown == nil || before.Name == after.Name {
		t.Errorf("%v, %v, %v, %v, %v", before, after, missing, refused, unknown)
	}
	return fmt.Sprint(c.Version(), c.Protocol(), c.UID(), before, found, after, missing, refused, unknown)
}

// A key that is made while recording, and a page that a session downloads, leave no secret behind.
func TestLiveRecordingOfKeysAndPages(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.recording.json")
	login, password := env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")
	var seen []string
	made := ""
	story := func(r *odootest.Recording) {
		ctx, database := t.Context(), orm.Database(env(t, "ODOO_DB"))
		c := must[*orm.Client](t)(r.Dial(ctx, database, orm.Password(login, password), orm.Using(orm.WebSession)))
		var page bytes.Buffer
		if _, err := report.Write(ctx, c, companyReport, report.HTML, firstCompany, &page); err != nil {
			t.Fatal(err)
		}
		key := must[string](t)(apikey.New(ctx, c, password, "odoogen recording", time.Time{}))
		if made == "" {
			made = key
		}
		user := must[*orm.Client](t)(r.Dial(ctx, database, orm.APIKey(login, key), orm.Using(orm.JSONRPC)))
		for _, k := range must[[]apikey.Key](t)(apikey.List(ctx, c)) {
			if k.Name == "odoogen recording" {
				if err := apikey.Remove(ctx, c, password, k.ID); err != nil {
					t.Error(err)
				}
			}
		}
		seen = append(seen, fmt.Sprint(user.UID(), page.Len() > 0))
	}
	if got := rehearse(t, func(tb testing.TB) *odootest.Recording { return odootest.Record(tb, env(t, "ODOO_URL"), file) }, story); got != "" {
		t.Fatal(got)
	}
	if got := rehearse(t, func(tb testing.TB) *odootest.Recording { return odootest.Replay(tb, file) }, story); got != "" {
		t.Error(got)
	}
	if len(seen) != 2 || seen[0] != seen[1] || len(made) < 20 {
		t.Errorf("recorded and replayed %q, with a key of %d characters", seen, len(made))
	}
	checkNoSecrets(t, file, made)
}

// checkNoSecrets looks for what a recording must not contain: secrets, and anything that has their form.
func checkNoSecrets(t *testing.T, file string, secrets ...string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	content := regexp.MustCompile(`"translations": ?"[0-9a-f]{40}"`).ReplaceAllString(string(data), "") // the hash of a file
	for _, secret := range append(secrets, env(t, "ODOO_API_KEY"), env(t, "ODOO_URL")) {
		if strings.Contains(content, secret) {
			t.Errorf("%s contains a secret or the address of the server", file)
		}
	}
	forms := regexp.MustCompile(`(?i)session_id=|bearer |csrf_token["']?\s*[:=]\s*["'][^s]|\b[0-9a-f]{40}\b|"(password|key)": ?"[^s]`)
	for _, found := range forms.FindAllStringIndex(content, 5) {
		t.Errorf("%s contains …%s…", file, content[max(0, found[0]-80):min(len(content), found[1]+60)])
	}
}
