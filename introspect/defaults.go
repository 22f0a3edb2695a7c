package introspect

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strconv"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// Odoo's metadata do not report which fields have a default. The method default_get does, which a form calls when it opens.

// pullDefaults requests the defaults of the required fields. This costs one call for each model, so that it is only done if
// models are chosen. The defaults of a wizard depend on where it is opened, and records of views and abstract models are
// never created: these models are left out.
func (p *pull) pullDefaults(ctx context.Context) error {
	if len(p.options.Models) == 0 {
		return nil
	}
	var asked []*snapshot.Model
	for i := range p.Models {
		if m := &p.Models[i]; m.Kind == "" && slices.ContainsFunc(m.Fields, asksDefault) {
			asked = append(asked, m)
		}
	}
	return each(ctx, p.options, asked, p.askDefaults)
}

// attributes returns the attributes to request for the fields of each model.
func (p *pull) attributes() []string {
	if len(p.options.Models) == 0 {
		return attributes
	}
	return append(slices.Clip(attributes), "depends")
}

// asksDefault reports whether to request the default of a field. The default of a text can be the next number of a sequence,
// and requesting it would use up the number: a pull must only read. A relation to many can be empty even if it is required.
func asksDefault(f snapshot.Field) bool {
	return f.Required && !f.Computed && !slices.Contains(neverAsked, f.Type) && !slices.Contains(neverCopied, f.Name) && plainName.MatchString(f.Name)
}

// neverAsked are the types of fields whose defaults are not requested.
var neverAsked = []string{"char", "one2many", "many2many"}

// plainName matches the names that Odoo allows for fields.
var plainName = regexp.MustCompile(`^\w+$`)

// askDefaults records which required fields of a model have a default. If the server refuses the call, this stays unknown.
func (p *pull) askDefaults(ctx context.Context, m *snapshot.Model) error {
	var asked []*snapshot.Field
	var columns []reflect.StructField
	for i := range m.Fields {
		if f := &m.Fields[i]; asksDefault(*f) {
			tag := reflect.StructTag("odoo:" + strconv.Quote(f.Name))
			columns = append(columns, reflect.StructField{Name: "F" + strconv.Itoa(i), Type: reflect.TypeFor[json.RawMessage](), Tag: tag})
			asked = append(asked, f)
		}
	}
	values := reflect.New(reflect.StructOf(columns))
	if err := p.c.Model(m.Name).DefaultGet(ctx, values.Interface()); err != nil {
		return unlessRefused(err)
	}
	for i, f := range asked {
		noteDefault(m, f, values.Elem().Field(i).Bytes())
	}
	return nil
}

func noteDefault(m *snapshot.Model, f *snapshot.Field, value []byte) {
	switch {
	case value == nil && f.Default == "" && !delegates(m, *f):
		f.Default = snapshot.NoDefault
	case isDefault(f, value):
		f.Default = snapshot.HasDefault
	}
}

// isDefault reports whether a create works without the field. An empty default does not count: it may only be the result of
// a record that this database lacks.
func isDefault(f *snapshot.Field, value []byte) bool {
	switch string(bytes.TrimSpace(value)) {
	case "", "null", `""`, "[]":
		return false
	case "false":
		return f.Type == "boolean"
	}
	return true
}

// delegates reports whether the field can be a delegation (_inherits), for which a create also creates the target: the model
// then has fields with the names of the target's fields.
func delegates(m *snapshot.Model, to snapshot.Field) bool {
	return to.Type == "many2one" && slices.ContainsFunc(m.Fields, func(f snapshot.Field) bool {
		return !f.Readonly && f.Related == to.Name+"."+f.Name
	})
}
