//go:build live

package livetest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
)

// TestLiveMistakesOfGuides shows what docs/mistakes.md says about recipes that popular guides give.
func TestLiveMistakesOfGuides(t *testing.T) {
	c := dialLive(t, orm.APIKey(env(t, "ODOO_USER"), env(t, "ODOO_API_KEY")))
	json2 := c.Version().Major >= 19
	t.Run("the header X-Api-Key logs nobody in", func(t *testing.T) {
		want := http.StatusNotFound // there is no JSON-2 until Odoo 18
		if json2 {
			want = http.StatusUnauthorized
		}
		for header, want := range map[string]int{"X-Api-Key": want, "Api-Key": want} {
			if got := post(t, "/json/2/res.partner/search_count", http.Header{header: {env(t, "ODOO_API_KEY")}}, `{"domain": []}`); got != want {
				t.Errorf("%s: HTTP %d, want %d", header, got, want)
			}
		}
		if !json2 {
			return
		}
		bearer := http.Header{"Authorization": {"bearer " + env(t, "ODOO_API_KEY")}}
		if got := post(t, "/json/2/res.partner/search_count", bearer, `{"domain": []}`); got != http.StatusOK {
			t.Errorf("Authorization: HTTP %d", got)
		}
	})
	t.Run("there is no REST API of resources", func(t *testing.T) {
		for _, path := range []string{"/api/res.partner", "/api/v1/res.partner", "/rest/res.partner", "/owl/api/res.partner"} {
			if got := post(t, path, nil, "{}"); got != http.StatusNotFound {
				t.Errorf("%s: HTTP %d", path, got)
			}
		}
	})
}

// TestLiveParentPath shows that parent_path has replaced parent_left and parent_right.
func TestLiveParentPath(t *testing.T) {
	c := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	var fields map[string]json.RawMessage
	if err := c.Model("res.partner.category").Call(t.Context(), "fields_get", nil, nil, &fields); err != nil {
		t.Fatal(err)
	}
	if fields["parent_path"] == nil || fields["parent_left"] != nil || fields["parent_right"] != nil {
		t.Errorf("parent_path %s, parent_left %s, parent_right %s", fields["parent_path"], fields["parent_left"], fields["parent_right"])
	}
}

// TestLiveWriteDateIsNoCursor: a condition on the write_date that a read has shown finds the record again on Odoo 14, whose
// database keeps microseconds, and skips other records of the same second on 19.
func TestLiveWriteDateIsNoCursor(t *testing.T) {
	c := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	id, err := orm.Create(t.Context(), c, PartnerValues{Name: orm.Set("Cursor " + time.Now().String())})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := orm.Unlink(context.Background(), c, orm.On(id)); err != nil {
			t.Error(err)
		}
	})
	type dated struct {
		Written time.Time `odoo:"write_date"`
	}
	shown, err := orm.Get[dated](t.Context(), c, id)
	if err != nil {
		t.Fatal(err)
	}
	if shown.Written.Nanosecond() != 0 {
		t.Errorf("write_date is shown with a fraction: %v", shown.Written)
	}
	n, err := orm.Count(t.Context(), c, orm.And(orm.Eq(PartnerF.ID, id), orm.Gt(orm.Field[Partner, time.Time]("write_date"), shown.Written)))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("Odoo %s: %d records are later than their own write_date", c.Version().Series, n)
	if want := map[bool]int{true: 0, false: 1}[c.Version().Major >= 19]; n != want {
		t.Errorf("%d records are later than the write_date that they show, want %d", n, want)
	}
}

// post gives the status of a plain request.
func post(t *testing.T, path string, header http.Header, body string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, strings.TrimSuffix(env(t, "ODOO_URL"), "/")+path, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Odoo-Database", env(t, "ODOO_DB"))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}
