package generator

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/templates"
)

func TestFindStale(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "odoo")
	file := func(body string) []byte { return []byte(templates.HeaderPrefix + "\n\npackage odoo\n" + body) }
	files := map[string][]byte{"a.go": file("// a\n"), "b.go": file("// b\n"), "c.go": file("// c\n")}
	stale := func() []Stale {
		t.Helper()
		found, err := FindStale(folder, "odoo", files)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if diff := cmp.Diff([]Stale{{"a.go", Missing, 1}, {"b.go", Missing, 1}, {"c.go", Missing, 1}}, stale()); diff != "" {
		t.Errorf("without a folder:\n%s", diff)
	}
	if _, err := Write(folder, "odoo", files); err != nil {
		t.Fatal(err)
	}
	if got := stale(); len(got) != 0 {
		t.Errorf("just written: %v", got)
	}
	for name, data := range map[string][]byte{"a.go": file("// other\n"), "b.go": file("// b\n// more\n"), "old.go": file("")} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(folder, "c.go")); err != nil {
		t.Fatal(err)
	}
	want := []Stale{{"a.go", Differs, 4}, {"b.go", Differs, 5}, {"c.go", Missing, 1}, {"old.go", LeftOver, 1}}
	if diff := cmp.Diff(want, stale()); diff != "" {
		t.Error(diff)
	}
	if err := os.WriteFile(filepath.Join(folder, "a.go"), []byte("package odoo\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := FindStale(folder, "odoo", files); err == nil {
		t.Error("a file that somebody else wrote is no error")
	}
}
