package diff

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// knownRename is a rename between Odoo 14 and 19 that a source outside this program reports: testdata/renames.tsv has
// the source of each, and whether it is found by the snapshots alone, and with the list of known.go.
type knownRename struct{ old, new, source, alone, listed string }

func knownRenames(t *testing.T) []knownRename {
	t.Helper()
	data, err := os.ReadFile("testdata/renames.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out []knownRename
	for line := range strings.Lines(string(data)) {
		c := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		out = append(out, knownRename{c[0], c[1], c[2], c[3], c[4]})
	}
	return out
}

// stock is what a full Odoo says of the models in renames.tsv and a few that point to them.
func stock(t *testing.T, version string) *snapshot.Schema {
	t.Helper()
	f, err := os.Open("testdata/odoo" + version + ".json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// recognised lists the new names in the report, or what to use instead.
func recognised(r *Report) map[string]string {
	out := map[string]string{}
	for _, c := range r.Changes {
		switch {
		case c.Subject == Model && (c.Action == Renamed || c.Action == Merged):
			out[c.Model.Old] = c.Model.New
		case c.Subject == Field && (c.Action == Renamed || c.Action == Removed && c.Instead != ""):
			out[c.Model.Old+"/"+c.Field.Old] = c.Model.New + "/" + c.Instead
		}
	}
	return out
}

func TestKnownRenames(t *testing.T) {
	before, after := stock(t, "14"), stock(t, "19")
	alone, listed := recognised(compare(before, after, true)), recognised(Compare(before, after))
	verdict := func(is bool) string {
		if is {
			return "found"
		}
		return "missed"
	}
	found := 0
	for _, k := range knownRenames(t) {
		if got := verdict(alone[k.old] == k.new); got != k.alone {
			t.Errorf("%s → %s by the snapshots alone: %s (%q), and the table says %s", k.old, k.new, got, alone[k.old], k.alone)
		}
		if got := verdict(listed[k.old] == k.new); got != k.listed {
			t.Errorf("%s → %s: %s (%q), and the table says %s", k.old, k.new, got, listed[k.old], k.listed)
		}
		if k.alone == "found" {
			found++
		}
	}
	if found < 20 {
		t.Errorf("%d of the known renames are recognised", found)
	}
}

// The manual's table says the same.
func TestTableInTheManual(t *testing.T) {
	manual, err := os.ReadFile("../../docs/upgrade.md")
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	for _, k := range knownRenames(t) {
		fmt.Fprintf(&table, "| `%s` | `%s` | %s | %s | %s |\n", k.old, k.new, k.source, k.alone, k.listed)
	}
	if !strings.Contains(string(manual), table.String()) {
		t.Errorf("docs/upgrade.md should have the table\n%s", table.String())
	}
}
