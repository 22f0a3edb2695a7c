// Package describe says what a snapshot has, for people and as JSON: its models, a model, a field, with their Go names.
package describe

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/ir"
	"github.com/odoogen/odoogen/internal/spelling"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// Guide knows a snapshot and the package that is generated from it.
type Guide struct {
	schema *snapshot.Schema
	plan   map[string]*ir.Model // by Odoo's name: the models that are generated
	into   map[string][]Pointer // the relations to a model

	// Alone says that the schema has only the models that are described: what points to them is unknown.
	Alone bool
}

// New makes a guide. pkg is nil if the Go names are unknown.
func New(schema *snapshot.Schema, pkg *ir.Package) *Guide {
	g := &Guide{schema: schema, plan: map[string]*ir.Model{}, into: map[string][]Pointer{}}
	for _, m := range schema.Models {
		for _, f := range m.Fields {
			if f.Relation != "" {
				g.into[f.Relation] = append(g.into[f.Relation], Pointer{m.Name, f.Name, f.Type})
			}
		}
	}
	if pkg != nil {
		for _, m := range pkg.Models {
			g.plan[m.Odoo] = m
		}
	}
	return g
}

// Summary is a model in a list of models.
type Summary struct {
	Name    string        `json:"name"`
	Label   string        `json:"label,omitempty"`
	Kind    snapshot.Kind `json:"kind"`
	Go      string        `json:"go,omitempty"` // the record's type; "" if the model is not generated
	Fields  int           `json:"fields"`
	Methods int           `json:"methods"`
	Custom  bool          `json:"custom,omitempty"`
	Modules []string      `json:"modules,omitempty"`
}

// Models are the models that match the patterns, names or globs as for pull; without patterns, all.
func (g *Guide) Models(patterns []string) ([]Summary, error) {
	models, unmatched, err := snapshot.Match(g.schema.Models, patterns)
	if err != nil {
		return nil, err
	}
	if len(unmatched) > 0 {
		return nil, g.noModel(unmatched[0])
	}
	out := make([]Summary, len(models))
	for i, m := range models {
		out[i] = g.summary(m)
	}
	return out, nil
}

func (g *Guide) summary(m snapshot.Model) Summary {
	out := Summary{
		Name: m.Name, Label: m.Label, Kind: cmp.Or(m.Kind, snapshot.Stored), Fields: len(m.Fields), Methods: len(m.Methods),
		Custom: m.Custom, Modules: m.Modules,
	}
	if planned := g.plan[m.Name]; planned != nil {
		out.Go = planned.Record
	}
	return out
}

// Model is a model in full.
type Model struct {
	Summary
	Values      string    `json:"values,omitempty"`      // the Go type of what a create or write takes
	Descriptors string    `json:"descriptors,omitempty"` // the Go variable
	Client      string    `json:"client,omitempty"`      // the Go type
	File        string    `json:"file,omitempty"`
	Order       string    `json:"order,omitempty"`  // of its records, where a search gives none
	Hidden      []string  `json:"hidden,omitempty"` // fields that the user of the snapshot is not allowed to see
	FieldList   []Field   `json:"field_list"`
	MethodList  []Method  `json:"method_list,omitempty"`
	Reports     []Named   `json:"reports,omitempty"`
	PointedBy   []Pointer `json:"pointed_by,omitempty"`
	Alone       bool      `json:"pointed_by_unknown,omitempty"`
}

// Field is a field of a model.
type Field struct {
	snapshot.Field
	Go         string   `json:"go,omitempty"`          // "" if the field is not generated
	RecordType string   `json:"record_type,omitempty"` // the Go type in the record
	ValuesType string   `json:"values_type,omitempty"` // the Go type in values; "" if nothing can be written
	Descriptor string   `json:"descriptor,omitempty"`  // SaleOrderF.PartnerID
	OnDemand   bool     `json:"on_demand,omitempty"`   // read only when asked for
	Choices    []Named  `json:"choices,omitempty"`     // of a selection, with their Go constants
	Doc        []string `json:"-"`                     // the comment in the generated package
}

// Method is a method of a model.
type Method struct {
	Name      string `json:"name"`
	Label     string `json:"label,omitempty"`
	Signature string `json:"signature,omitempty"` // as Python declares it; "" if it is unknown
	Go        string `json:"go,omitempty"`        // of the client; "" if the method is not generated
}

// Named is something with a name, a label and a Go name: a choice or a report.
type Named struct {
	Name  string `json:"name"`
	Label string `json:"label,omitempty"`
	Go    string `json:"go,omitempty"` // "" if it is not generated
}

// Pointer is a relation of another model, or of this one.
type Pointer struct {
	Model string `json:"model"`
	Field string `json:"field"`
	Type  string `json:"type"`
}

// Model describes the model with the name.
func (g *Guide) Model(name string) (*Model, error) {
	i := slices.IndexFunc(g.schema.Models, func(m snapshot.Model) bool { return m.Name == name })
	if i < 0 {
		return nil, g.noModel(name)
	}
	return g.Describe(g.schema.Models[i]), nil
}

// Describe describes a model of the snapshot.
func (g *Guide) Describe(m snapshot.Model) *Model {
	out := &Model{Summary: g.summary(m), Order: m.Order, Hidden: m.Hidden, PointedBy: g.into[m.Name], Alone: g.Alone, FieldList: []Field{}}
	planned := g.plan[m.Name]
	if planned == nil {
		planned = &ir.Model{}
	}
	out.Values, out.Client, out.File = planned.Values, planned.Client, planned.File
	if planned.Record != "" {
		out.Descriptors = planned.Fields
	}
	for _, f := range m.Fields {
		out.FieldList = append(out.FieldList, describeField(f, planned))
	}
	for _, method := range m.Methods {
		out.MethodList = append(out.MethodList, describeMethod(method, planned))
	}
	for _, r := range m.Reports {
		out.Reports = append(out.Reports, Named{r.Name, r.Label, constOf(planned.Reports, r.Name)})
	}
	return out
}

// Field describes a field of a model.
func (g *Guide) Field(model, name string) (*Field, error) {
	m, err := g.Model(model)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for i, f := range m.FieldList {
		if f.Name == name {
			return &m.FieldList[i], nil
		}
		names[f.Name] = true
	}
	if slices.Contains(m.Hidden, name) {
		return nil, fmt.Errorf("%s/%s is hidden: it is for groups that the user of the snapshot is not in", model, name)
	}
	return nil, fmt.Errorf("%s has no field %s%s", model, name, spelling.Hint(name, maps.Keys(names)))
}

func (g *Guide) noModel(name string) error {
	for _, u := range g.schema.Unseen.Models {
		if u.Name == name {
			return fmt.Errorf("the snapshot is without %s: %s", name, u.Reason)
		}
	}
	names := func(yield func(string) bool) {
		for _, m := range g.schema.Models {
			if !yield(m.Name) {
				return
			}
		}
	}
	hint := cmp.Or(spelling.Hint(name, names), snapshot.Suggest(name, g.schema.Models))
	if len(g.schema.Models) == 0 {
		return errors.New("the snapshot has no models")
	}
	return fmt.Errorf("the snapshot has no model %s%s", name, hint)
}

func describeField(f snapshot.Field, model *ir.Model) Field {
	out := Field{Field: f}
	for _, c := range f.Selection {
		out.Choices = append(out.Choices, Named{Name: c.Value, Label: c.Label})
	}
	out.Selection = nil
	i := slices.IndexFunc(model.Columns, func(c ir.Field) bool { return c.Odoo == f.AnyName() })
	if i < 0 {
		return out
	}
	column := model.Columns[i]
	out.Go, out.OnDemand, out.Doc = column.Go, column.OnDemand, column.Doc
	out.RecordType, out.ValuesType = column.Record.String(), column.Values.String()
	out.Descriptor = model.Fields + "." + column.Go
	for _, s := range model.Selections {
		if s.Field == f.AnyName() {
			for i := range out.Choices {
				out.Choices[i].Go = constOf(s.Choices, out.Choices[i].Name)
			}
		}
	}
	return out
}

func constOf(choices []ir.Choice, value string) string {
	for _, c := range choices {
		if c.Value == value {
			return c.Const
		}
	}
	return ""
}

func describeMethod(m snapshot.Method, model *ir.Model) Method {
	out := Method{Name: m.Name, Label: m.Label}
	if m.Source != snapshot.SourceButton {
		out.Signature = m.Signature()
	}
	for _, planned := range model.Methods {
		if planned.Odoo == m.Name {
			out.Go = strings.Join(slices.DeleteFunc([]string{planned.Go, planned.With}, func(s string) bool { return s == "" }), ", ")
		}
	}
	return out
}
