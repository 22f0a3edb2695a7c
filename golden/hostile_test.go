package golden_test

import (
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/schema"
)

// hostileTexts are labels, helps and names that try to break out of a comment, a string, a file name or a line.
var hostileTexts = []string{
	"*/ package evil", "`back` \"double\" 'single'", "two\nlines\r\nand\u2028more\u2029", "//go:embed x", "\n//go:build ignore",
	"//go:generate rm -rf x", "+build ignore", " +build ignore", "//line foo:1", "/*line foo:1*/", "right\u202eto left\u2066", "zero\u200bwidth\ufeff",
	"\x00\x1b[31m", "invalid \xff\xfe UTF-8", "# x", "- x", "* x", "1. x", "1) x", "[a]: b", "Deprecated: x", "BUG(x): y",
	"\tcode", "{{.}} %s %d %!", "\"", "\\", "`", "_", "", " ", "../../etc/passwd", strings.Repeat("a long text ", 1<<20/12),
}

// hostile has the texts in every place that takes a text from the database.
func hostile() *snapshot.Schema {
	s := &snapshot.Schema{Format: snapshot.Format}
	for i, text := range hostileTexts {
		name := text[:min(len(text), 60)] // no database has longer ones
		s.Server.Version += text
		m := snapshot.Model{Name: fmt.Sprintf("x.hostile%d", i), Label: text, Modules: []string{text, text}}
		for j, kind := range []string{"integer", "char", "many2one", "monetary", "properties", "selection", text} {
			m.Fields = append(m.Fields, snapshot.Field{
				Name: fmt.Sprintf("f%d", j), Type: kind, Label: text, Help: text, Relation: fmt.Sprint("to", i, name), Inverse: text,
				Currency: text, ModelField: text, Definition: text, Related: text,
				Selection: []snapshot.Choice{{Value: name, Label: text}, {Value: "other", Label: "+build other"}},
			})
		}
		m.Fields = append(m.Fields, snapshot.Field{Name: "f_" + name, Type: "char"})
		s.Models = append(s.Models, m)
	}
	return s
}

// Labels and names are data: the output compiles, and nothing of them is code, a directive, or text that hides or
// reorders what is around it.
func TestHostileTexts(t *testing.T) {
	result, err := generator.Generate(hostile(), generator.Config{Package: "odoo", Clients: true})
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for name, data := range result.Files {
		files[name] = string(data)
	}
	checkFormat(t, files)
	for name, source := range files {
		checkFileName(t, name)
		checkSource(t, name, source)
	}
	if problems := newChecker(t).check(t, files); len(problems) > 0 {
		t.Errorf("does not compile:\n%s", problems[0])
	}
}

func TestHostileModelNames(t *testing.T) {
	for _, text := range hostileTexts {
		if text == "" || len(text) > 100 {
			continue // no name, or one that no file system takes
		}
		s := &snapshot.Schema{Models: []snapshot.Model{{Name: text, Fields: []snapshot.Field{
			{Name: "id"}, {Name: "parent_id", Type: "many2one", Relation: text}, {Name: text, Type: "selection", Selection: []snapshot.Choice{{Value: text}}},
		}}}}
		result, err := generator.Generate(s, generator.Config{Package: "odoo", Clients: true})
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		files := map[string]string{}
		for name, data := range result.Files {
			files[name] = string(data)
			checkFileName(t, name)
			checkSource(t, name, string(data))
		}
		checkFormat(t, files)
		if problems := newChecker(t).check(t, files); len(problems) > 0 {
			t.Errorf("%q: does not compile:\n%s", text, problems[0])
		}
	}
}

func TestGoldenSources(t *testing.T) {
	for _, name := range cases(t) {
		for file, source := range generate(t, name) {
			if filepath.Ext(file) == ".go" {
				checkFileName(t, file)
				checkSource(t, filepath.Join(name, file), source)
			}
		}
	}
}

var plainFileName = regexp.MustCompile(`^[a-z0-9][a-z0-9_]*\.go$`)

func checkFileName(t *testing.T, name string) {
	t.Helper()
	if !plainFileName.MatchString(name) || strings.HasSuffix(name, "_test.go") {
		t.Errorf("%q is an odd name for a file", name)
	}
}

// special is what some tool takes for more than a comment when it starts a comment.
var special = regexp.MustCompile(`^//(\S|\s*(Deprecated:|nolint|[A-Z][A-Z]+\(|[-*+•] |[0-9]+[.)] |# |\[[^]]*\]:))`)

// checkSource looks at the comments and at all that is not in a string.
func checkSource(t *testing.T, name, source string) {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, source, parser.ParseComments)
	if err != nil {
		t.Error(err)
		return
	}
	for _, group := range f.Comments {
		for _, c := range group.List {
			checkComment(t, fset.Position(c.Pos()), c.Text)
		}
	}
	if f.Name.Name != "odoo" && f.Name.Name != "shop" {
		t.Errorf("%s: package %s", name, f.Name.Name)
	}
	for _, r := range withoutStrings(f, source) {
		if r == utf8.RuneError || r != '\n' && r != '\t' && !unicode.IsGraphic(r) {
			t.Errorf("%s: %U stands outside a string", name, r)
		}
	}
}

func checkComment(t *testing.T, at token.Position, text string) {
	t.Helper()
	if constraint.IsGoBuild(text) || constraint.IsPlusBuild(text) || special.MatchString(text) || strings.HasPrefix(text, "/*") {
		t.Errorf("%s: %.80q is more than a comment", at, text)
	}
	if len(text) > 2000 {
		t.Errorf("%s: a comment line of %d bytes", at, len(text)) // a help of 600 characters, at most
	}
}

// withoutStrings cuts the string literals out.
func withoutStrings(f *ast.File, source string) string {
	cut := map[int]int{}
	ast.Inspect(f, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			cut[int(lit.Pos()-f.FileStart)] = int(lit.End() - f.FileStart)
		}
		return true
	})
	var rest strings.Builder
	at := 0
	for _, from := range slices.Sorted(maps.Keys(cut)) {
		rest.WriteString(source[at:from])
		at = cut[from]
	}
	return rest.String() + source[at:]
}

// What is cleaned for comments must still be whole where it is data.
func TestHostileTextsAreKept(t *testing.T) {
	_, rest, _ := strings.Cut(generate(t, "hostile")["x_hostile.go"], "const schemaXHostile = `")
	text, _, ended := strings.Cut(rest, "`")
	models, err := schema.Text(text).Models()
	if err != nil || !ended {
		t.Fatal(err, "in the schema:", rest)
	}
	fields := map[string]schema.Field{}
	for _, f := range models[0].Fields {
		fields[f.Name] = f
	}
	for _, f := range readSchema(t, "hostile").Models[2].Fields {
		var want orm.Labels
		for _, choice := range f.Selection {
			want = append(want, [2]string{choice.Value, choice.Label})
		}
		if diff := cmp.Diff(want, fields[f.Name].Choices); diff != "" {
			t.Errorf("the labels of %s (-want +got):\n%s", f.Name, diff)
		}
	}
}
