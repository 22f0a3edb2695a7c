package odootest_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/runtime/odootest"
)

// The health check answers as that of Odoo 19.
func TestHealth(t *testing.T) {
	t.Parallel()
	for _, series := range []string{"14.0", "19.0"} {
		r, err := http.Get(odootest.New(t, small(series)).URL + "/web/health")
		must(t, err)
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		must(t, err)
		if r.StatusCode != http.StatusOK || string(body) != `{"status": "pass"}` || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %s %s %s", series, r.Status, r.Header, body)
		}
	}
}

// The files of a folder are loaded in the order of their names; other files are no seeds.
func TestSeedFolder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	server := odootest.New(t, small("19.0"))
	if err := server.SeedFile(folder); err == nil || !strings.Contains(err.Error(), "has no files *.json or *.csv") {
		t.Errorf("an empty folder: %v", err)
	}
	for name, content := range map[string]string{
		"1.json": `{"x.node": [{"id": "demo.a", "name": "a"}]}`, "2.json": `{"x.node": [{"name": "b", "parent_id/id": "demo.a"}]}`,
		"x.tag.csv": "id,name\ndemo.red,red\n", "README.md": "no seed",
	} {
		must(t, os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600))
	}
	must(t, server.SeedFile(folder))
	kw(t, server, "x.node", "search_count", []any{[]any{[]any{"parent_id.name", "=", "a"}}}, nil).result(t, "1")
	kw(t, server, "x.tag", "search_count", []any{[]any{}}, nil).result(t, "1")
}
