package odootest

import (
	"fmt"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// The forms of the web client. Every model has one form, with all its fields but the automatic ones; lists are edited in place.
// Which fields the forms of a real Odoo have is not in a snapshot.

// formMethods are the methods that forms need, of a version.
func (s *Server) formMethods() map[string]method {
	views := method{false, append(needed("views"), optional("options")...), s.loadViews}
	methods := map[string]method{}
	if s.store.does(odoofacts.GetViews) {
		methods["get_views"] = views
	} else {
		methods["load_views"] = views
	}
	params := needed("values", "field_name", "field_onchange")
	if s.store.does(odoofacts.Specification) {
		params = needed("values", "field_names", "fields_spec")
	}
	methods["onchange"] = method{true, params, s.onchange}
	return methods
}

// loadViews answers get_views and load_views. Other views than forms and lists have no fields.
func (s *Server) loadViews(_ *tx, m *model, a arguments) (any, error) {
	asked, _ := a.first().([]any)
	views := map[string]any{}
	inside := s.store.does(odoofacts.GetViews)
	for _, v := range asked {
		pair, _ := v.([]any)
		if len(pair) != 2 {
			return nil, fail(classValue, "not enough values to unpack (expected 2, got %d)", len(pair))
		}
		kind := str(pair[1])
		view := map[string]any{"arch": s.arch(m, kind, inside), "model": m.name}
		if !inside {
			view["fields"] = s.listsBeside(m)
		}
		views[kind] = view
	}
	if inside {
		return map[string]any{"views": views, "models": map[string]any{}}, nil
	}
	return map[string]any{"fields_views": views}, nil
}

// listsBeside are the views of lines until Odoo 15.
func (s *Server) listsBeside(m *model) map[string]any {
	fields := map[string]any{}
	for _, f := range m.shown() {
		if f.Type == "one2many" && f.target != nil {
			arch := s.lines(f)
			fields[f.Name] = map[string]any{"views": map[string]any{"tree": map[string]any{"arch": arch}}}
		}
	}
	return fields
}

// automatic are the fields that no form has.
var automatic = map[string]bool{
	"id": true, "display_name": true, "create_uid": true, "create_date": true, "write_uid": true, "write_date": true, "__last_update": true,
}

// shown are the fields in the form of a model.
func (m *model) shown() []*field {
	var out []*field
	for _, f := range m.sorted() {
		if !automatic[f.Name] {
			out = append(out, f)
		}
	}
	return out
}

// arch is the form of a model, or its list.
func (s *Server) arch(m *model, kind string, linesInside bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<%s editable=\"bottom\">", kind)
	for _, f := range m.shown() {
		lines := ""
		if linesInside && kind == "form" && f.Type == "one2many" && f.target != nil {
			lines = s.lines(f)
		}
		b.WriteString(s.fieldNode(m, f, lines))
	}
	fmt.Fprintf(&b, "</%s>", kind)
	return b.String()
}

// lines is the list of the lines of a one2many: without the field that leads back, and without lines of their own.
func (s *Server) lines(f *field) string {
	var b strings.Builder
	tag := s.store.since(odoofacts.ListViews, "tree", "list")
	fmt.Fprintf(&b, "<%s editable=\"bottom\">", tag)
	for _, line := range f.target.shown() {
		if line != f.inverse && line.Name != f.Inverse && line.Type != "one2many" {
			b.WriteString(s.fieldNode(f.target, line, ""))
		}
	}
	fmt.Fprintf(&b, "</%s>", tag)
	return b.String()
}

// fieldNode is a field in a view. Only what [field.mustBeGiven] is required, as in a create.
func (s *Server) fieldNode(m *model, f *field, lines string) string {
	triggers := ""
	if s.onchanges[scriptKey{m.name, f.Name}] != nil {
		triggers = ` on_change="1"`
	}
	required := f.mustBeGiven(m)
	modifiers := fmt.Sprintf(` readonly="%v" required="%v"`, repr(f.Readonly), repr(required))
	if !s.store.does(odoofacts.Specification) {
		// Fields that are stored may be readonly in some states only, which a snapshot does not say.
		modifiers = fmt.Sprintf(` modifiers="{&quot;readonly&quot;: %v, &quot;required&quot;: %v}"`, f.Readonly && f.Computed, required)
	}
	return fmt.Sprintf(`<field name="%s"%s%s>%s</field>`, escaped(f.Name), triggers, modifiers, lines)
}
