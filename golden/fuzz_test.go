package golden_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// FuzzGenerate makes a snapshot of the fuzzer's texts, generates, type-checks the package in this process, and compares
// its declarations with the snapshot's: each model with all its fields is there, under whatever Go names.
func FuzzGenerate(f *testing.F) {
	f.Add(uint64(1), "sale.order", "state", "draft", "Quotation")
	f.Add(uint64(2), "x_test", "__last_update", "+1", "a */ b\n//go:build ignore")
	f.Add(uint64(3), "ir.model.fields", "type", "", "\u202egnp.exe`\"\\")
	f.Add(uint64(4), "größe.数量", "2nd", "Etc/GMT-1", strings.Repeat("x ", 400))
	f.Add(uint64(5), "doc", "odoo_model", "-", "Deprecated: yes")
	var c *checker // one for all inputs: reading the export data takes longer than checking
	f.Fuzz(func(t *testing.T, seed uint64, model, field, key, text string) {
		s := fuzzedSchema(rand.New(rand.NewPCG(seed, 0)), model, field, key, text)
		if s.Check() != nil {
			return // no pull writes such a snapshot
		}
		config := generator.Config{Package: "odoo", Clients: seed%2 == 0, AutoRename: true}
		result, err := generator.Generate(s, config)
		if err != nil {
			t.Fatal(err)
		}
		sources := map[string]string{}
		for name, data := range result.Files {
			checkFileName(t, name)
			sources[name] = string(data)
		}
		checkFormat(t, sources)
		if c == nil {
			c = newChecker(t)
		}
		if problems := c.check(t, sources); len(problems) > 0 {
			t.Fatalf("does not compile:\n%s", strings.Join(problems, "\n"))
		}
		if diff := cmp.Diff(fieldsOf(s), declared(t, sources)); diff != "" {
			t.Errorf("not what the snapshot has (-snapshot +declared):\n%s", diff)
		}
	})
}

// fuzzedSchema makes two models and their fields of all types, with names and texts that are near those given.
func fuzzedSchema(r *rand.Rand, model, field, key, text string) *snapshot.Schema {
	near := func(name string) string {
		separators := []string{"", ".", "_", "2", "_id", ".values", "_test"}
		return name + separators[r.IntN(len(separators))]
	}
	s := &snapshot.Schema{Format: snapshot.Format, Server: snapshot.Server{Version: text}}
	kinds := []snapshot.Kind{"", snapshot.Abstract, snapshot.Transient, snapshot.View}
	for _, name := range []string{model, near(model)} {
		m := snapshot.Model{Name: name, Label: text, Kind: kinds[r.IntN(len(kinds))], Modules: []string{text}}
		types := []string{"char", "selection", "many2one", "one2many", "binary", "date", "reference", "json", text}
		for range r.IntN(8) {
			f := snapshot.Field{Name: near(field), Type: types[r.IntN(len(types))], Label: text, Help: text, Computed: r.IntN(2) == 0}
			switch f.Type {
			case "many2one", "one2many":
				f.Relation = []string{model, near(model), text}[r.IntN(3)]
			case "selection":
				f.Selection = []snapshot.Choice{{Value: key, Label: text}, {Value: near(key) + ".", Label: text}}
			}
			same := func(known snapshot.Field) bool { return known.Name == f.Name }
			if !slices.ContainsFunc(m.Fields, same) {
				m.Fields = append(m.Fields, f)
			}
		}
		if len(s.Models) == 0 || s.Models[0].Name != name {
			s.Models = append(s.Models, m)
		}
		if r.IntN(4) == 0 {
			s.TextIDs = append(s.TextIDs, name)
		}
	}
	return s
}

// fieldsOf are the fields of each model of a snapshot, and the two of each model that is only pointed to.
func fieldsOf(s *snapshot.Schema) map[string][]string {
	out := map[string][]string{}
	for _, m := range s.Models {
		for _, f := range m.Fields {
			if (f.Type == "many2one" || f.Type == "one2many") && f.Relation != "" {
				out[f.Relation] = []string{"display_name", "id"}
			}
		}
	}
	for _, m := range s.Models {
		var names []string
		for _, f := range m.Fields {
			names = append(names, f.Name)
		}
		slices.Sort(names)
		out[m.Name] = names
	}
	return out
}

// declared are the tags of each record type of a package, by what its method OdooModel returns.
func declared(t *testing.T, sources map[string]string) map[string][]string {
	t.Helper()
	tags, models := map[string][]string{}, map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		file, err := parser.ParseFile(token.NewFileSet(), name, sources[name], 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				if s, ok := n.Type.(*ast.StructType); ok {
					tags[n.Name.Name] = tagsOf(t, s)
				}
			case *ast.FuncDecl:
				if n.Name.Name == "OdooModel" {
					models[fmt.Sprint(n.Recv.List[0].Type.(*ast.StarExpr).X)] = returned(t, n)
				}
			}
			return true
		})
	}
	out := map[string][]string{}
	for record, model := range models {
		out[model] = tags[record]
	}
	return out
}

func tagsOf(t *testing.T, s *ast.StructType) []string {
	t.Helper()
	var names []string
	for _, f := range s.Fields.List {
		if f.Tag == nil {
			continue
		}
		tag, err := strconv.Unquote(f.Tag.Value)
		if err != nil {
			t.Fatal(err)
		}
		name := reflect.StructTag(tag).Get("odoo")
		names = append(names, strings.TrimSuffix(name, ",ondemand"))
	}
	slices.Sort(names)
	return names
}

// returned is the text that a function returns.
func returned(t *testing.T, f *ast.FuncDecl) string {
	t.Helper()
	literal := f.Body.List[0].(*ast.ReturnStmt).Results[0].(*ast.BasicLit)
	text, err := strconv.Unquote(literal.Value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
