package diff

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

type (
	field  = snapshot.Field
	choice = snapshot.Choice
	model  = snapshot.Model
)

// schema is a snapshot of models.
func schema(models ...model) *snapshot.Schema {
	return &snapshot.Schema{Format: snapshot.Format, Models: models}
}

// one is a snapshot of one model with one field.
func one(f field) *snapshot.Schema {
	if f.Name == "" {
		f.Name = "f"
	}
	return schema(model{Name: "m", Fields: []field{f}})
}

// line is a change as the tests below write it.
func line(c Change) string {
	var class []string
	for _, part := range []struct {
		holds bool
		name  string
	}{{c.Class.Readers, "readers"}, {c.Class.Writers, "writers"}, {c.Class.Behavioural, "behavioural"}, {c.Class.Safe(), "safe"}} {
		if part.holds {
			class = append(class, part.name)
		}
	}
	about := []string{string(c.Subject)}
	for _, n := range []Names{c.Model, c.Field, c.Choice, c.Method, c.Report, c.Module} {
		switch {
		case n.Renamed():
			about = append(about, n.Old+">"+n.New)
		case n.Any() != "":
			about = append(about, n.Any())
		}
	}
	if c.Property != "" {
		about = append(about, fmt.Sprintf("%s: %s>%s", c.Property, c.Was, c.Is))
	} else {
		about = append(about, string(c.Action))
	}
	return strings.Join(about, " ") + ": " + strings.Join(class, ", ")
}

func lines(r *Report) []string {
	var out []string
	for _, c := range r.Changes {
		out = append(out, line(c))
	}
	return out
}

// Each kind of change of a field, and whom it breaks.
func TestClasses(t *testing.T) {
	for _, tc := range []struct {
		name     string
		old, new field
		want     string
	}{
		{"nothing", field{Type: "char"}, field{Type: "char"}, ""},
		{"label", field{Type: "char", Label: "A"}, field{Type: "char", Label: "B"}, "label: A>B: safe"},
		{"help", field{Type: "char", Help: "A"}, field{Type: "char", Help: "B"}, "help: A>B: safe"},
		{"text", field{Type: "char"}, field{Type: "text"}, "type: char>text: safe"},
		{"markup", field{Type: "text"}, field{Type: "html"}, "type: text>html: behavioural"},
		{"money", field{Type: "float"}, field{Type: "monetary"}, "type: float>monetary: behavioural"},
		{"another type", field{Type: "char"}, field{Type: "integer"}, "type: char>integer: readers, writers"},
		{"another type of what nobody writes", field{Type: "char", Computed: true, Readonly: true}, field{Type: "integer", Computed: true, Readonly: true}, "type: char>integer: readers"},
		{"one to many", field{Type: "many2one", Relation: "x"}, field{Type: "many2many", Relation: "x"}, "type: many2one>many2many: readers, writers"},
		{"lists", field{Type: "one2many", Relation: "x"}, field{Type: "many2many", Relation: "x"}, "type: one2many>many2many: behavioural"},
		{"target", field{Type: "many2one", Relation: "x"}, field{Type: "many2one", Relation: "y"}, "relation: x>y: readers, writers"},
		{"inverse", field{Type: "one2many", Relation: "x", Inverse: "a"}, field{Type: "one2many", Relation: "x", Inverse: "b"}, "inverse: a>b: behavioural"},
		{"required", field{Type: "char"}, field{Type: "char", Required: true}, "required: no>yes: writers"},
		{"required and filled in", field{Type: "char", Readonly: true}, field{Type: "char", Required: true, Readonly: true}, "required: no>yes: safe"},
		{"required with a default", field{Type: "char"}, field{Type: "char", Required: true, Default: snapshot.HasDefault}, "required: no>yes: behavioural"},
		{"required without a default", field{Type: "char"}, field{Type: "char", Required: true, Default: snapshot.NoDefault}, "required: no>yes: writers"},
		{"required and computed from others", field{Type: "char"}, field{Type: "char", Required: true, Default: snapshot.Derived}, "required: no>yes: writers"},
		{"default gone", field{Type: "char", Required: true, Default: snapshot.HasDefault}, field{Type: "char", Required: true, Default: snapshot.NoDefault}, "default: yes>no: writers"},
		{"default come", field{Type: "char", Required: true, Default: snapshot.NoDefault}, field{Type: "char", Required: true, Default: snapshot.HasDefault}, "default: no>yes: safe"},
		{"unknown default", field{Type: "char", Required: true, Default: snapshot.HasDefault}, field{Type: "char", Required: true}, ""},
		{"no longer required", field{Type: "char", Required: true}, field{Type: "char"}, "required: yes>no: behavioural"},
		{"readonly", field{Type: "char"}, field{Type: "char", Readonly: true}, "readonly: no>yes: writers"},
		{"no longer readonly", field{Type: "char", Readonly: true}, field{Type: "char"}, "readonly: yes>no: safe"},
		{"stored", field{Type: "char", Computed: true}, field{Type: "char"}, "computed: yes>no: safe"},
		{"computed", field{Type: "char"}, field{Type: "char", Computed: true}, "computed: no>yes: behavioural"},
		{"computed for good", field{Type: "char", Readonly: true}, field{Type: "char", Readonly: true, Computed: true}, "computed: no>yes: writers, behavioural"},
		{"of a company", field{Type: "char"}, field{Type: "char", CompanyDependent: true}, "company-dependent: no>yes: behavioural"},
		{"of a language", field{Type: "char", Translated: true}, field{Type: "char"}, "translated: yes>no: behavioural"},
		{"shorter", field{Type: "char"}, field{Type: "char", Size: 8}, "size: >8: behavioural"},
		{"longer", field{Type: "char", Size: 8}, field{Type: "char", Size: 9}, "size: 8>9: safe"},
		{"coarser", field{Type: "float", Digits: []int{16, 3}}, field{Type: "float", Digits: []int{16, 2}}, "digits: 16,3>16,2: behavioural"},
		{"finer", field{Type: "float", Digits: []int{16, 2}}, field{Type: "float", Digits: []int{16, 3}}, "digits: 16,2>16,3: safe"},
		{"currency", field{Type: "monetary", Currency: "a"}, field{Type: "monetary", Currency: "b"}, "currency: a>b: behavioural"},
		{"related", field{Type: "char"}, field{Type: "char", Related: "a.b"}, "related: >a.b: behavioural"},
		{"custom", field{Type: "char", Custom: true}, field{Type: "char"}, "custom: yes>no: safe"},
	} {
		got := strings.Join(lines(Compare(one(tc.old), one(tc.new))), "; ")
		if want := strings.TrimSuffix("field m f "+tc.want, "field m f "); got != want {
			t.Errorf("%s: %s, want %s", tc.name, got, want)
		}
	}
}

// A report is its name. Snapshots that do not list reports say nothing about them.
func TestReportsOfModels(t *testing.T) {
	listed := func(reports ...snapshot.ReportAction) *snapshot.Schema {
		s := schema(model{Name: "m", Reports: reports})
		s.Reports = []snapshot.Report{snapshot.ReportActions}
		return s
	}
	old := listed(snapshot.ReportAction{Name: "x.gone"}, snapshot.ReportAction{Name: "x.kept", Label: "A"})
	new := listed(snapshot.ReportAction{Name: "x.come"}, snapshot.ReportAction{Name: "x.kept", Label: "B"})
	want := []string{"report m x.gone removed: readers", "report m x.come added: safe", "report m x.kept label: A>B: safe"}
	if diff := cmp.Diff(want, lines(Compare(old, new))); diff != "" {
		t.Error(diff)
	}
	old.Reports = nil
	if got := lines(Compare(old, new)); got != nil {
		t.Errorf("a snapshot that knows no reports: %q", got)
	}
}

func TestFieldsComeAndGo(t *testing.T) {
	empty := schema(model{Name: "m"})
	for _, tc := range []struct {
		field     field
		gone, new string
	}{
		{field{Type: "char"}, "readers, writers", "safe"},
		{field{Type: "char", Required: true}, "readers, writers", "writers"},
		{field{Type: "char", Required: true, Default: snapshot.HasDefault}, "readers, writers", "safe"},
		{field{Type: "char", Required: true, Default: snapshot.NoDefault}, "readers, writers", "writers"},
		{field{Type: "char", Required: true, Computed: true}, "readers, writers", "safe"},
		{field{Type: "char", Readonly: true, Computed: true}, "readers", "safe"},
		{field{Name: "write_date", Type: "datetime"}, "readers", "safe"},
	} {
		name := one(tc.field).Models[0].Fields[0].Name
		if got, want := lines(Compare(one(tc.field), empty)), "field m "+name+" removed: "+tc.gone; !slices.Equal(got, []string{want}) {
			t.Errorf("%q, want %s", got, want)
		}
		if got, want := lines(Compare(empty, one(tc.field))), "field m "+name+" added: "+tc.new; !slices.Equal(got, []string{want}) {
			t.Errorf("%q, want %s", got, want)
		}
	}
}

func TestChoices(t *testing.T) {
	selection := func(readonly bool, choices ...choice) *snapshot.Schema {
		return one(field{Type: "selection", Selection: choices, Readonly: readonly, Computed: readonly})
	}
	draft, sale, done := choice{Value: "draft", Label: "Quotation"}, choice{Value: "sale", Label: "Order"}, choice{Value: "done", Label: "Locked"}
	for _, tc := range []struct {
		name     string
		old, new *snapshot.Schema
		want     []string
	}{
		{"removed", selection(false, draft, done), selection(false, draft), []string{"choice m f done removed: writers, behavioural"}},
		{"removed of what nobody writes", selection(true, draft, done), selection(true, draft), []string{"choice m f done removed: behavioural"}},
		{"added", selection(false, draft), selection(false, draft, sale), []string{"choice m f sale added: behavioural"}},
		{"label", selection(false, draft), selection(false, choice{Value: "draft", Label: "Draft"}), []string{"choice m f draft label: Quotation>Draft: safe"}},
		{"renamed", selection(false, draft, sale), selection(false, draft, choice{Value: "order", Label: "Order"}), []string{"choice m f sale>order renamed: writers, behavioural"}},
		{"written otherwise", selection(false, choice{Value: "to_do", Label: "A"}), selection(false, choice{Value: "todo", Label: "B"}), []string{"choice m f to_do>todo renamed: writers, behavioural"}},
		{"order", selection(false, draft, sale), selection(false, sale, draft), []string{"field m f order: draft, sale>sale, draft: safe"}},
		{"unknown choices", selection(false, draft), selection(false), nil},
	} {
		if diff := cmp.Diff(tc.want, lines(Compare(tc.old, tc.new))); diff != "" {
			t.Errorf("%s:\n%s", tc.name, diff)
		}
	}
}

// What the user of a snapshot could not see is neither gone nor new.
func TestNotVisible(t *testing.T) {
	a, b := model{Name: "a", Fields: []field{{Name: "f", Type: "char"}}}, model{Name: "b", Fields: []field{{Name: "f", Type: "char"}}}
	pointing := model{Name: "p", Fields: []field{{Name: "b_id", Type: "many2one", Relation: "b"}}}
	hidden := model{Name: "a", Hidden: []string{"f"}}
	without := func(unseen snapshot.Unseen, models ...model) *snapshot.Schema {
		s := schema(models...)
		s.Unseen = unseen
		return s
	}
	refused := snapshot.Unseen{Models: []snapshot.UnseenModel{{Name: "b", Reason: "this user may not read it"}}}
	for _, tc := range []struct {
		name     string
		old, new *snapshot.Schema
		want     []string
	}{
		{"a model", schema(a, b), without(refused, a), []string{"model b hidden: readers, writers"}},
		{"a model before", without(refused, a), schema(a, b), []string{"model b revealed: safe"}},
		{"not pulled", schema(a, b, pointing), schema(a, pointing), []string{"model b hidden: readers, writers"}},
		{"not pulled before", schema(a, pointing), schema(a, b, pointing), []string{"model b revealed: safe"}},
		{"no catalog", schema(a, b), without(snapshot.Unseen{Catalog: true}, a), []string{"model b hidden: readers, writers"}},
		{"a field", schema(a), schema(hidden), []string{"field a f hidden: readers, writers"}},
		{"a field before", schema(hidden), schema(a), []string{"field a f revealed: safe"}},
		{"no list of fields", schema(a), without(snapshot.Unseen{Fields: true}, model{Name: "a"}), []string{"field a f hidden: readers, writers"}},
		{"no list of modules", &snapshot.Schema{Modules: []snapshot.Module{{Name: "base"}}}, without(snapshot.Unseen{Modules: true}), nil},
	} {
		r := Compare(tc.old, tc.new)
		if diff := cmp.Diff(tc.want, lines(r)); diff != "" {
			t.Errorf("%s:\n%s", tc.name, diff)
		}
		blind := tc.old.Unseen.Catalog || tc.new.Unseen.Catalog || tc.new.Unseen.Fields || tc.new.Unseen.Modules || len(tc.old.Unseen.Models)+len(tc.new.Unseen.Models) > 0
		if blind != (len(r.Unknown) > 0) {
			t.Errorf("%s: unknown is %q", tc.name, r.Unknown)
		}
	}
}

// Odoo 15 to 18 list neither id nor display_name for abstract models.
func TestMagicFieldsOfAbstractModelsBreakNobody(t *testing.T) {
	old := schema(model{Name: "m", Kind: snapshot.Abstract, Fields: []field{{Name: "id", Type: "integer"}, {Name: "own", Type: "char"}}})
	got := lines(Compare(old, schema(model{Name: "m", Kind: snapshot.Abstract})))
	if want := []string{"field m own removed: readers, writers", "field m id removed: safe"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestKindsAndModules(t *testing.T) {
	of := func(kind snapshot.Kind) *snapshot.Schema { return schema(model{Name: "m", Kind: kind}) }
	for _, tc := range []struct {
		was, is snapshot.Kind
		want    string
	}{
		{"", snapshot.Abstract, "kind: stored>abstract: readers, writers"},
		{snapshot.View, snapshot.Abstract, "kind: view>abstract: readers"},
		{"", snapshot.View, "kind: stored>view: writers"},
		{"", snapshot.Transient, "kind: stored>transient: behavioural"},
		{snapshot.Transient, "", "kind: transient>stored: safe"},
		{snapshot.Abstract, "", "kind: abstract>stored: safe"},
	} {
		if got := lines(Compare(of(tc.was), of(tc.is))); !slices.Equal(got, []string{"model m " + tc.want}) {
			t.Errorf("%q, want %s", got, tc.want)
		}
	}
	old := &snapshot.Schema{Modules: []snapshot.Module{{Name: "a", Version: "1"}, {Name: "b", Version: "1"}}}
	new := &snapshot.Schema{Modules: []snapshot.Module{{Name: "b", Version: "2"}, {Name: "c", Version: "1"}}}
	want := []string{"module a removed: behavioural", "module b version: 1>2: safe", "module c added: safe"}
	if diff := cmp.Diff(want, lines(Compare(old, new))); diff != "" {
		t.Error(diff)
	}
}

func TestRecordsAndOrders(t *testing.T) {
	of := func(order string, f field) *snapshot.Schema {
		f.Name = "f"
		return schema(model{Name: "m", Order: order, Fields: []field{f, {Name: "seen", Type: "char", NoCopy: true}}}, model{Name: "n", Order: "name"})
	}
	many2one := field{Type: "many2one", Relation: "n"}
	cascade, restrict, noCopy := many2one, many2one, many2one
	cascade.OnDelete, restrict.OnDelete, noCopy.NoCopy = snapshot.Cascade, snapshot.Restrict, true
	for _, tc := range []struct {
		name     string
		old, new *snapshot.Schema
		want     []string
	}{
		{"order", of("", many2one), of("name", many2one), []string{"model m order: >name: behavioural"}},
		{"deletion", of("", restrict), of("", cascade), []string{"field m f on delete: restrict>cascade: behavioural"}},
		{"unknown deletion rule", of("", many2one), of("", cascade), nil},
		{"copy", of("", many2one), of("", noCopy), []string{"field m f no copy: no>yes: behavioural"}},
		{"an older odoogen", schema(model{Name: "m", Fields: []field{{Name: "f", Type: "char"}}}), schema(model{Name: "m", Order: "f", Fields: []field{{Name: "f", Type: "char", NoCopy: true}}}), nil},
	} {
		if diff := cmp.Diff(tc.want, lines(Compare(tc.old, tc.new))); diff != "" {
			t.Errorf("%s:\n%s", tc.name, diff)
		}
	}
}

func TestMethods(t *testing.T) {
	doc := func(name string, params ...snapshot.Param) snapshot.Method {
		return snapshot.Method{Name: name, Source: snapshot.SourceDoc, Params: params}
	}
	button := func(name string) snapshot.Method {
		return snapshot.Method{Name: name, Source: snapshot.SourceButton}
	}
	other, otherButton := doc("other"), button("other")
	of := func(methods ...snapshot.Method) *snapshot.Schema {
		return schema(model{Name: "m", Methods: methods})
	}
	a, b := snapshot.Param{Name: "a"}, snapshot.Param{Name: "b"}
	optional := snapshot.Param{Name: "b", Optional: true, Default: []byte("1")}
	rest := snapshot.Param{Name: "kw", Kind: snapshot.VarKeyword}
	named := snapshot.Param{Name: "c", Kind: snapshot.KeywordOnly}
	onModel := doc("f", a)
	onModel.OfModel = true
	for _, tc := range []struct {
		name     string
		old, new *snapshot.Schema
		want     []string
	}{
		{"removed", of(doc("f"), other), of(other), []string{"method m f removed: writers"}},
		{"without a button", of(button("f"), otherButton), of(otherButton), []string{"method m f hidden: writers"}},
		{"added", of(other), of(doc("f"), other), []string{"method m f added: safe"}},
		{"with a button", of(otherButton), of(button("f"), otherButton), []string{"method m f revealed: safe"}},
		{"no methods pulled", of(other), of(), nil},
		{"a button became a documentation", of(button("f")), of(doc("f", a)), nil},
		{"one more", of(doc("f", a)), of(doc("f", a, b)), []string{"method m f parameters: (a)>(a, b): writers"}},
		{"one more that may be left out", of(doc("f", a)), of(doc("f", a, optional)), []string{"method m f parameters: (a)>(a, b=1): safe"}},
		{"one less", of(doc("f", a, b)), of(doc("f", a)), []string{"method m f parameters: (a, b)>(a): writers"}},
		{"one less of many", of(doc("f", a)), of(doc("f", rest)), []string{"method m f parameters: (a)>(**kw): writers"}},
		{"must be given", of(doc("f", optional)), of(doc("f", b)), []string{"method m f parameters: (b=1)>(b): writers"}},
		{"need not be given", of(doc("f", a, b)), of(doc("f", a, optional)), []string{"method m f parameters: (a, b)>(a, b=1): writers"}},
		{"one of many", of(doc("f", a, named, rest)), of(doc("f", a, rest)), []string{"method m f parameters: (a, *, c, **kw)>(a, **kw): writers"}},
		{"order", of(doc("f", a, b)), of(doc("f", b, a)), []string{"method m f parameters: (a, b)>(b, a): writers"}},
		{"of the model", of(doc("f", a)), of(onModel), []string{"method m f parameters: (a)>(@model, a): writers"}},
	} {
		if diff := cmp.Diff(tc.want, lines(Compare(tc.old, tc.new))); diff != "" {
			t.Errorf("%s:\n%s", tc.name, diff)
		}
	}
}

// What only one of the snapshots knows is not compared.
func TestFieldsThatCannotBeSearchedAnyMore(t *testing.T) {
	known := func(f field) *snapshot.Schema {
		s := one(f)
		s.Reports = []snapshot.Report{snapshot.Searchable, snapshot.Sortable}
		return s
	}
	free, bound := field{Type: "float"}, field{Type: "float", Unsearchable: true, Unsortable: true, Ungroupable: true}
	for _, test := range []struct {
		old, new *snapshot.Schema
		want     []string
	}{
		{known(free), known(bound), []string{"field m f searchable: yes>no: readers", "field m f sortable: yes>no: readers"}},
		{known(bound), known(free), []string{"field m f searchable: no>yes: safe", "field m f sortable: no>yes: safe"}},
		{one(free), known(bound), nil},
		{known(bound), one(free), nil},
	} {
		var got []string
		for _, c := range Compare(test.old, test.new).Changes {
			got = append(got, line(c))
		}
		slices.Sort(got)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestASelectionWithAValueTwiceIsTheSameAsItself(t *testing.T) {
	twice := one(field{Type: "selection", Selection: []choice{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}, {Value: "a", Label: "Again"}}})
	once := one(field{Type: "selection", Selection: []choice{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}})
	for _, other := range []*snapshot.Schema{twice, once} {
		for _, c := range append(Compare(twice, other).Changes, Compare(other, twice).Changes...) {
			t.Error(line(c))
		}
	}
}
