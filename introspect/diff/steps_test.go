package diff

import (
	"bytes"
	"compress/gzip"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// The tests in this file look at the renames of each step from Odoo 14 to 19. In testdata/steps, NN.json.gz has the models of
// known.tsv and wrong.tsv as a full Odoo NN has them. Each line of known.tsv is a rename: the version before it, the old name,
// the new one, who says so, and whether it is found with a confidence that --fix takes ("certain"), with less ("found"), or
// not ("missed"). wrong.tsv has pairs that are no renames, and right.tsv the
// other renames that are certain on full snapshots of all versions, each read by a person and found right.
var (
	whole  = flag.String("snapshots", "", "folder of full snapshots, 14.json to 19.json, to look at instead of testdata/steps")
	update = flag.Bool("update", false, "write testdata/steps anew; with -snapshots the small snapshots, too")
)

const (
	firstVersion, lastVersion = 14, 19
	certain                   = Certain
)

type stepLine struct {
	version int
	columns []string // old, new, source, verdict
}

func stepLines(t *testing.T, name string) []stepLine {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata/steps", name))
	if err != nil {
		t.Fatal(err)
	}
	var out []stepLine
	for line := range strings.Lines(string(data)) {
		c := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		version, err := strconv.Atoi(c[0])
		if err != nil {
			t.Fatalf("%s: %q: %v", name, line, err)
		}
		out = append(out, stepLine{version, c[1:]})
	}
	return out
}

// stepSnapshots are the snapshots of all versions, small ones unless -snapshots says otherwise.
func stepSnapshots(t *testing.T) map[int]*snapshot.Schema {
	t.Helper()
	out := map[int]*snapshot.Schema{}
	for v := firstVersion; v <= lastVersion; v++ {
		file := filepath.Join("testdata/steps", strconv.Itoa(v)+".json.gz")
		if *whole != "" {
			file = filepath.Join(*whole, strconv.Itoa(v)+".json")
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, ".gz") {
			z, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			if data, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		if out[v], err = snapshot.Decode(data); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// confidences are those of the renames of a step, by "old>new" with the models' names before each field.
func confidences(r *Report) map[string]float64 {
	out := map[string]float64{}
	for _, c := range r.Changes {
		switch {
		case c.Action != Renamed && c.Action != Merged:
		case c.Subject == Model:
			out[c.Model.Old+">"+c.Model.New] = c.Match.Confidence
		case c.Subject == Field:
			out[c.Model.Old+"/"+c.Field.Old+">"+c.Model.New+"/"+c.Field.New] = c.Match.Confidence
		}
	}
	return out
}

type stepRename struct {
	version int
	rename  string // old>new
}

// reviewed are the renames that are known to be right: those of known.tsv, and those that a reader of all certain ones
// found right (right.tsv).
func reviewed(t *testing.T) map[stepRename]bool {
	t.Helper()
	out := map[stepRename]bool{}
	for _, line := range append(stepLines(t, "known.tsv"), stepLines(t, "right.tsv")...) {
		out[stepRename{line.version, line.columns[0] + ">" + line.columns[1]}] = true
	}
	return out
}

func TestRenamesOfEachStep(t *testing.T) {
	snapshots := stepSnapshots(t)
	if *update && *whole != "" {
		cutDown(t, snapshots)
		return // the verdicts are of the small snapshots: -update without -snapshots
	}
	found := map[int]map[string]float64{}
	for v := firstVersion; v < lastVersion; v++ {
		found[v] = confidences(Compare(snapshots[v], snapshots[v+1]))
	}
	var lines strings.Builder
	counts := map[string]int{}
	for _, line := range stepLines(t, "known.tsv") {
		c := line.columns
		verdict := "missed"
		switch confidence := found[line.version][c[0]+">"+c[1]]; {
		case confidence >= certain:
			verdict = "certain"
		case confidence > 0:
			verdict = "found"
		}
		counts[verdict]++
		if verdict != c[3] && *whole == "" && !*update {
			t.Errorf("%d: %s → %s is %s, want %s", line.version, c[0], c[1], verdict, c[3])
		}
		lines.WriteString(strings.Join([]string{strconv.Itoa(line.version), c[0], c[1], c[2], verdict}, "\t") + "\n")
	}
	t.Logf("%v", counts)
	if n := counts["certain"] + counts["found"]; n < 60 { // the goal that the table was made for
		t.Errorf("only %d renames are found", n)
	}
	right := reviewed(t)
	for version, renames := range found {
		for rename, confidence := range renames {
			if confidence >= certain && !right[stepRename{version, rename}] && !strings.HasPrefix(rename, "test_new_api.") {
				t.Errorf("%d: %s is certain enough for --fix, and nobody has reviewed it: %.2f", version, rename, confidence)
			}
		}
	}
	for _, line := range stepLines(t, "wrong.tsv") {
		c := line.columns
		if confidence := found[line.version][c[0]+">"+c[1]]; confidence >= certain {
			t.Errorf("%d: %s → %s is wrong, and certain enough for --fix: %.2f", line.version, c[0], c[1], confidence)
		}
	}
	if *update {
		if err := os.WriteFile("testdata/steps/known.tsv", []byte(lines.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// cutDown writes the small snapshots: the models of the tables before and after their step.
func cutDown(t *testing.T, snapshots map[int]*snapshot.Schema) {
	t.Helper()
	needed := map[int]map[string]bool{}
	for v := range snapshots {
		// Documents share the fields of attachments; the other models are neighbours of those of the tables.
		needed[v] = map[string]bool{"ir.attachment": true, "product.document": true, "stock.package_level": true, "stock.package.history": true}
	}
	lines := slices.Concat(stepLines(t, "known.tsv"), stepLines(t, "right.tsv"), stepLines(t, "wrong.tsv"))
	for _, line := range lines {
		for _, name := range line.columns[:2] {
			model, _, _ := strings.Cut(name, "/")
			needed[line.version][model], needed[line.version+1][model] = true, true
		}
	}
	for v, s := range snapshots {
		small := &snapshot.Schema{Format: s.Format, Server: s.Server}
		for _, m := range s.Models {
			if m.Methods = nil; needed[v][m.Name] {
				small.Models = append(small.Models, m)
			}
		}
		data, err := small.Encode()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := z.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join("testdata/steps", strconv.Itoa(v)+".json.gz"), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
