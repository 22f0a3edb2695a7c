package odootest

import (
	"slices"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// fieldsGet answers fields_get: the fields asked for, with the attributes asked for; all of both unless lists say
// which. What a model or a version does not know is left out.
func (t *tx) fieldsGet(m *model, a arguments) (any, error) {
	if m.failure != "" {
		return nil, fail(classException, "%s", m.failure)
	}
	out := map[string]any{}
	for _, f := range m.declared {
		if a.allows("allfields", f.Name) {
			out[f.Name] = t.attributes(f, a)
		}
	}
	return out, nil
}

// allows reports whether a list of names, which may be absent or empty, has the name.
func (a arguments) allows(param, name string) bool {
	list, _ := a.named[param].([]any)
	return len(list) == 0 || slices.Contains(list, any(name))
}

func (t *tx) attributes(f snapshot.Field, a arguments) map[string]any {
	out := map[string]any{}
	set := func(name string, value any) {
		if a.allows("attributes", name) {
			out[name] = value
		}
	}
	text := func(name, value string) {
		if value != "" {
			set(name, value)
		}
	}
	set("type", f.Type)
	set("string", f.Label)
	set("required", f.Required)
	set("readonly", f.Readonly)
	set("store", !f.Computed)
	set("manual", f.Custom)
	set("company_dependent", f.CompanyDependent)
	if f.Default == snapshot.Derived {
		set("depends", []string{"id"}) // the snapshot does not say on what
	}
	for report, denied := range map[snapshot.Report]bool{
		snapshot.Searchable: f.Unsearchable, snapshot.Sortable: f.Unsortable, snapshot.Groupable: f.Ungroupable,
	} {
		if slices.Contains(t.reports, report) {
			set(string(report), !denied)
		}
	}
	text("help", f.Help)
	text("relation", f.Relation)
	text("relation_field", f.Inverse)
	text("currency_field", f.Currency)
	text("model_field", f.ModelField)
	if t.modern() {
		set("name", f.Name)
	}
	if f.Related != "" {
		set("related", t.related(f.Related))
	}
	if dot := strings.LastIndexByte(f.Definition, '.'); dot > 0 {
		set("definition_record", f.Definition[:dot])
		set("definition_record_field", f.Definition[dot+1:])
	}
	if f.Translated || f.Type == "char" || f.Type == "text" || f.Type == "html" {
		set("translate", f.Translated)
	}
	if f.Size > 0 {
		set("size", f.Size)
	}
	if len(f.Digits) > 0 {
		set("digits", f.Digits)
	}
	if f.Type == "selection" || len(f.Selection) > 0 {
		set("selection", pairs(f.Selection))
	}
	return out
}

// related is the path of a related field: a list before it became a text.
func (t *tx) related(path string) any {
	if t.modern() {
		return path
	}
	return strings.Split(path, ".")
}

func pairs(choices []snapshot.Choice) [][2]string {
	out := make([][2]string, len(choices))
	for i, c := range choices {
		out[i] = [2]string{c.Value, c.Label}
	}
	return out
}
