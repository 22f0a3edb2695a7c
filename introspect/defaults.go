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

// Odoo's metadata do not say which fields have a default: default_get does, which a form calls when it opens.

// pullDefaults asks for the defaults of the required fields. As it costs a call a model, that is done if models are
// chosen. A wizard's defaults depend on where it is opened; nobody makes the records of views and abstract models.
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

// attributes are what is asked of the fields of each model.
func (p *pull) attributes() []string {
	if len(p.options.Models) == 0 {
		return attributes
	}
	return append(slices.Clip(attributes), "depends")
}

// asksDefault reports whether the default of a field is asked for. The default of a text may be the next number of a sequence,
// which asking for it would use up: a pull only reads. A list may be empty all the same.
func asksDefault(f snapshot.Field) bool {
	return f.Required && !f.Computed && !slices.Contains(neverAsked, f.Type) && !slices.Contains(neverCopied, f.Name) && plainName.MatchString(f.Name)
}

// neverAsked are the types of fields whose defaults are not asked for.
var neverAsked = []string{"char", "one2many", "many2many"}

// plainName is what Odoo allows as the name of a field.
var plainName = regexp.MustCompile(`^\w+$`)

// askDefaults notes which required fields of a model have a default. They stay unknown where the server refuses.
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

// isDefault reports whether a create works without the field. A default that is empty here may be none elsewhere: it takes
// the place of a record that this database has not.
func isDefault(f *snapshot.Field, value []byte) bool {
	switch string(bytes.TrimSpace(value)) {
	case "", "null", `""`, "[]":
		return false
	case "false":
		return f.Type == "boolean"
	}
	return true
}

// delegates reports whether the field may be one of _inherits, whose record a create makes: fields of the same name as there
// are written through it.
func delegates(m *snapshot.Model, to snapshot.Field) bool {
	return to.Type == "many2one" && slices.ContainsFunc(m.Fields, func(f snapshot.Field) bool {
		return !f.Readonly && f.Related == to.Name+"."+f.Name
	})
}
