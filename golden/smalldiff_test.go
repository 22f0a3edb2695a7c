package golden_test

import (
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// A small change of Odoo is a small difference of the checked-in package. Each case changes the model sale.order of the
// case sales, and the lines of the package that the change adds and removes are counted.

// longest is a help that fills the comment of a field.
var longest = strings.Repeat("This field has a help of many words. ", 40)

var smallDiffs = []struct {
	name           string
	change         func(*snapshot.Model)
	added, removed int // at the most
}{
	{"short name, first in order", addField(snapshot.Field{Name: "a", Type: "char"}), 12, 2},
	{"short name, last in order", addField(snapshot.Field{Name: "z", Type: "float"}), 12, 2},
	{"long name, first in order", addField(snapshot.Field{Name: "a" + strings.Repeat("_long_name", 7), Type: "char"}), 12, 2},
	{"long name, last in order", addField(snapshot.Field{Name: "z" + strings.Repeat("_long_name", 7), Type: "char"}), 12, 2},
	{"long name in the middle", addField(snapshot.Field{Name: "m" + strings.Repeat("_long_name", 7), Type: "char"}), 12, 2},
	{"long help", addField(snapshot.Field{Name: "m", Label: strings.Repeat("label ", 20), Type: "char", Help: longest}), 12, 2},
	{"computed", addField(snapshot.Field{Name: "m", Type: "boolean", Computed: true, Readonly: true}), 12, 2},
	{"binary", addField(snapshot.Field{Name: "m", Type: "binary"}), 12, 2},
	{"unknown type", addField(snapshot.Field{Name: "m", Type: "novel"}), 13, 2}, // with an import
	{"many2one", addField(snapshot.Field{Name: "m", Type: "many2one", Relation: "res.partner"}), 12, 2},
	{"one2many", addField(snapshot.Field{Name: "m", Type: "one2many", Relation: "sale.order.line"}), 12, 2},
	{"many2many", addField(snapshot.Field{Name: "m" + strings.Repeat("_long_name", 7), Type: "many2many", Relation: "res.partner"}), 12, 2},
	// A selection is no more than another field without its choices, which have three lines each: a comment with the label,
	// the constant, and the line of the schema.
	{"selection, first in order", addField(selectionOfTwo("a")), 12 + 2*choiceLines, 0},
	{"selection, last in order", addField(selectionOfTwo("z" + strings.Repeat("_long_name", 7))), 12 + 2*choiceLines, 0},
	{"short choice", addChoice(snapshot.Choice{Value: "a", Label: "A"}), choiceLines, 0},
	{"long choice", addChoice(snapshot.Choice{Value: strings.Repeat("long_", 8), Label: strings.Repeat("long ", 8)}), choiceLines, 0},
	{"choice without a label", addChoice(snapshot.Choice{Value: "a"}), choiceLines, 0},
	{"another label of a choice", func(m *snapshot.Model) { fieldNamed(m, "state").Selection[0].Label = "Offer" }, 2, 2},
	{"another label", func(m *snapshot.Model) { fieldNamed(m, "name").Label = "Number" }, 1, 1},
	{"now required", func(m *snapshot.Model) { fieldNamed(m, "note").Required = true }, 2, 2},
}

const choiceLines = 3

func selectionOfTwo(name string) snapshot.Field {
	return snapshot.Field{Name: name, Type: "selection", Selection: []snapshot.Choice{
		{Value: "a", Label: "A"}, {Value: "long", Label: "A long label of a choice"},
	}}
}

func addField(f snapshot.Field) func(*snapshot.Model) {
	return func(m *snapshot.Model) {
		m.Fields = append(m.Fields, f)
		slices.SortFunc(m.Fields, func(a, b snapshot.Field) int { return strings.Compare(a.Name, b.Name) })
	}
}

func addChoice(c snapshot.Choice) func(*snapshot.Model) {
	return func(m *snapshot.Model) {
		f := fieldNamed(m, "state")
		f.Selection = slices.Insert(slices.Clone(f.Selection), 1, c)
	}
}

func fieldNamed(m *snapshot.Model, name string) *snapshot.Field {
	i := slices.IndexFunc(m.Fields, func(f snapshot.Field) bool { return f.Name == name })
	return &m.Fields[i]
}

func TestSmallChangesAreSmallDiffs(t *testing.T) {
	for _, test := range smallDiffs {
		t.Run(test.name, func(t *testing.T) {
			added, removed, text := packageDiff(t, "sales", func(s *snapshot.Schema) {
				i := slices.IndexFunc(s.Models, func(m snapshot.Model) bool { return m.Name == "sale.order" })
				test.change(&s.Models[i])
			})
			if added == 0 && removed == 0 || added > test.added || removed > test.removed {
				t.Errorf("+%d −%d, want at most +%d −%d\n%s", added, removed, test.added, test.removed, text)
			}
		})
	}
}

// The first selection of a model is no more than another one: every record has the method that returns the schema.
func TestFirstSelectionIsSmallDiff(t *testing.T) {
	for _, name := range []string{"a", "m" + strings.Repeat("_long_name", 7), "z"} {
		added, removed, text := packageDiff(t, "sales", func(s *snapshot.Schema) {
			i := slices.IndexFunc(s.Models, func(m snapshot.Model) bool { return m.Name == "sale.order.line" })
			addField(selectionOfTwo(name))(&s.Models[i])
		})
		if added == 0 || added > 12+2*choiceLines || removed > 0 {
			t.Errorf("%s: +%d −%d\n%s", name, added, removed, text)
		}
	}
}

// An argument that Odoo adds to a method and does not require changes no line: calls of the method still compile.
func TestOptionalArgumentsAreSmallDiffs(t *testing.T) {
	long := "a" + strings.Repeat("_long_name", 7)
	for _, test := range []struct {
		name, method string
		param        snapshot.Param
		added        int // at the most
	}{
		{"first", "by_name", snapshot.Param{Name: "a", Optional: true}, 12},
		{"first, with a long name", "by_name", snapshot.Param{Name: long, Optional: true}, 12},
		{"first, with a long comment", "by_name", snapshot.Param{Name: "a", Optional: true, Doc: longest}, 12 + 4},
		{"first, of a method of the model", "get_name", snapshot.Param{Name: "a", Optional: true, Annotation: "str"}, 12},
		{"first, of a method without arguments", "action_cancel", snapshot.Param{Name: "a", Optional: true}, 12},
		{"first, **kwargs", "by_name", snapshot.Param{Name: "kwargs", Kind: snapshot.VarKeyword}, 12},
		{"second", "hostile", snapshot.Param{Name: "z", Optional: true}, 2},
		{"second, with a long name", "hostile", snapshot.Param{Name: long, Optional: true}, 2},
		{"second, with a long comment", "hostile", snapshot.Param{Name: "z", Optional: true, Doc: longest}, 6},
		{"second, after **kwargs", "only_more", snapshot.Param{Name: "a", Optional: true}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			added, removed, text := packageDiff(t, "methods", func(s *snapshot.Schema) {
				methods := s.Models[0].Methods
				i := slices.IndexFunc(methods, func(m snapshot.Method) bool { return m.Name == test.method })
				methods[i].Params = append(methods[i].Params, test.param)
				slices.SortStableFunc(methods[i].Params, compareKinds)
			})
			if added == 0 || added > test.added || removed > 0 {
				t.Errorf("+%d −%d, want at most +%d −0\n%s", added, removed, test.added, text)
			}
		})
	}
}

// compareKinds puts **kwargs last, as Python does.
func compareKinds(a, b snapshot.Param) int {
	last := func(p snapshot.Param) int {
		if p.Kind == snapshot.VarKeyword {
			return 1
		}
		return 0
	}
	return last(a) - last(b)
}

// A model adds its own file, and elsewhere a line of the schema.
func TestNewModelChangesNoOtherModel(t *testing.T) {
	before := generatePackage(t, "sales", func(*snapshot.Schema) {})
	after := generatePackage(t, "sales", func(s *snapshot.Schema) {
		s.Models = append(s.Models, snapshot.Model{Name: "x.new", Fields: []snapshot.Field{{Name: "id", Type: "integer"}}})
	})
	own := "x_new.go"
	if after[own] == "" {
		t.Fatalf("no file %s", own)
	}
	delete(after, own)
	if added, removed, text := countLines(t, before, after); added > 2 || removed > 1 {
		t.Errorf("+%d −%d\n%s", added, removed, text)
	}
}

// packageDiff counts the lines that a change of a case's snapshot adds to the package and removes from it.
func packageDiff(t *testing.T, name string, change func(*snapshot.Schema)) (added, removed int, text string) {
	t.Helper()
	return countLines(t, generatePackage(t, name, func(*snapshot.Schema) {}), generatePackage(t, name, change))
}

func generatePackage(t *testing.T, name string, change func(*snapshot.Schema)) map[string]string {
	t.Helper()
	s := readSchema(t, name)
	change(s)
	result, err := generator.Generate(s, readConfig(t, name))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for file, data := range result.Files {
		files[file] = string(data)
	}
	return files
}

// countLines counts as git does, whose differences are the smallest.
func countLines(t *testing.T, before, after map[string]string) (added, removed int, text string) {
	t.Helper()
	folder := t.TempDir()
	for name, files := range map[string]map[string]string{"before": before, "after": after} {
		rewrite(t, filepath.Join(folder, name), files)
	}
	cmd := exec.Command("git", "diff", "--no-index", "--no-color", "--no-ext-diff", "before", "after")
	cmd.Dir = folder
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) { // 1 is a difference
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		switch {
		case strings.HasPrefix(line, "+++"), strings.HasPrefix(line, "---"):
		case line[0] == '+':
			added++
		case line[0] == '-':
			removed++
		}
	}
	return added, removed, string(out)
}

// Aligned code is the reason for large differences: in the struct and variable declarations of a package, nothing is aligned.
func TestNothingIsAligned(t *testing.T) {
	for _, name := range []string{"sales", "fields", "methods", "quirks"} {
		for file, text := range generatePackage(t, name, func(*snapshot.Schema) {}) {
			for i, line := range strings.Split(text, "\n") {
				code := strings.TrimLeft(line, "\t")
				if !strings.HasPrefix(code, "//") && !strings.HasPrefix(line, " ") && strings.Contains(code, "  ") {
					t.Errorf("%s/%s:%d: %s", name, file, i+1, line)
				}
			}
		}
	}
}
