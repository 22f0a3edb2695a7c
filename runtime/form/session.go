package form

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/door"
)

// session is what the records of a form share: the client, and how the server's version does it.
type session struct {
	c        *orm.Client
	classic  bool // until 16: onchange with one specification for triggers, which answers with whole lists
	getViews bool // from 16 on, in place of load_views
	treeTag  bool // lists are called trees
	main     *row // the record of the form

	lastVirtual int
	warnings    []Warning
	done        bool // the form is saved
}

func newSession(c *orm.Client) *session {
	series := c.Version().Series
	return &session{
		c: c, classic: !odoofacts.Specification.InSeries(series), getViews: odoofacts.GetViews.InSeries(series),
		treeTag: !odoofacts.ListViews.InSeries(series),
	}
}

// archs are the views of a model by type: the one with the ID for the first type, the default views for the others.
func (s *session) archs(ctx context.Context, model orm.Model, id int64, types ...string) (map[string]*node, error) {
	var views [][2]any
	for i, t := range types {
		view := [2]any{false, t}
		if i == 0 && id != 0 {
			view[0] = id
		}
		views = append(views, view)
	}
	load := s.viewsInParts
	if s.getViews {
		load = s.viewsInOne
	}
	archs, err := load(ctx, model, views)
	for _, t := range types {
		if archs[t] == nil && err == nil {
			err = fmt.Errorf("the server has sent no %s of %s", t, model.Name())
		}
	}
	return archs, err
}

// viewsInOne loads views that have the views of their lines in them.
func (s *session) viewsInOne(ctx context.Context, model orm.Model, views any) (map[string]*node, error) {
	var answer struct{ Views map[string]loadedView }
	if err := ask(ctx, model, "get_views", orm.Args{"views": views, "options": orm.Args{}}, &answer); err != nil {
		return nil, err
	}
	return parsed(answer.Views)
}

// loadedView is a view as the server sends it.
type loadedView struct {
	Arch   string
	Fields map[string]struct { // until Odoo 15
		Views map[string]struct{ Arch string }
	}
}

// ask calls a method of a model whose response is not made of records.
func ask(ctx context.Context, model orm.Model, method string, args orm.Args, dest any) error {
	var raw json.RawMessage
	if err := model.Call(ctx, method, nil, args, &raw); err != nil {
		return err
	}
	if err := decodeJSON(raw, dest); err != nil {
		return fmt.Errorf("%s responded with %.80s: %w", method, raw, err)
	}
	return nil
}

// viewsInParts loads views that have the views of their lines beside them.
func (s *session) viewsInParts(ctx context.Context, model orm.Model, views any) (map[string]*node, error) {
	var answer struct {
		Views map[string]loadedView `json:"fields_views"`
	}
	if err := ask(ctx, model, "load_views", orm.Args{"views": views, "options": orm.Args{}}, &answer); err != nil {
		return nil, err
	}
	archs, err := parsed(answer.Views)
	for t, v := range answer.Views {
		for name, f := range v.Fields {
			for _, inline := range f.Views {
				lines, failed := parseArch(inline.Arch)
				if err = errors.Join(err, failed); failed == nil {
					archs[t].insert(name, lines)
				}
			}
		}
	}
	return archs, err
}

func parsed(views map[string]loadedView) (map[string]*node, error) {
	out := map[string]*node{}
	for t, v := range views {
		arch, err := parseArch(v.Arch)
		if err != nil {
			return nil, err
		}
		out[t] = arch
	}
	return out, nil
}

// insert puts a view of lines into the fields with the name.
func (n *node) insert(name string, lines *node) {
	for _, child := range n.children {
		if child.tag == "field" && child.attributes["name"] == name {
			child.children = append(child.children, lines)
		} else {
			child.insert(name, lines)
		}
	}
}

// reply is the response of onchange.
type reply struct {
	value   map[string]any
	domains map[string]json.RawMessage
	warning *Warning
}

// onchange runs the onchange of a record for the fields that were changed; for none of a new record it gives the defaults too.
func (s *session) onchange(ctx context.Context, r *row, names []string) (*reply, error) {
	values := r.onchangeValues()
	if len(names) == 0 {
		values = map[string]any{}
		r.addParent(values)
		names = []string{}
	}
	own, err := r.callContext(names)
	if err != nil {
		return nil, err
	}
	args := orm.Args{"values": values}
	if s.classic {
		args["field_name"], args["field_onchange"] = names, r.view.triggers()
	} else {
		args["field_names"], args["fields_spec"] = names, r.view.specification()
	}
	var raw json.RawMessage
	if err := r.view.model.Call(ctx, "onchange", r.ids(), args, &raw, own); err != nil {
		return nil, err
	}
	return readReply(raw)
}

func readReply(raw json.RawMessage) (*reply, error) {
	var wire struct {
		Value   map[string]any
		Domain  map[string]json.RawMessage
		Warning json.RawMessage
	}
	if err := decodeJSON(raw, &wire); err != nil {
		return nil, fmt.Errorf("onchange responded with %.80s: %w", raw, err)
	}
	out := &reply{value: wire.Value, domains: wire.Domain}
	if len(wire.Warning) == 0 || string(wire.Warning) == "false" || string(wire.Warning) == "null" || string(wire.Warning) == "{}" {
		return out, nil
	}
	out.warning = &Warning{}
	if err := json.Unmarshal(wire.Warning, out.warning); err != nil {
		return nil, fmt.Errorf("onchange warns with %.80s: %w", wire.Warning, err)
	}
	return out, nil
}

// decodeJSON keeps the digits of numbers.
func decodeJSON(raw []byte, dest any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(dest)
}

// triggers is the specification of onchange until Odoo 16: "1" for fields whose change runs an onchange.
func (v *view) triggers() map[string]string {
	out := map[string]string{}
	for _, f := range v.fields {
		out[f.name] = mark(f)
		if f.lines != nil {
			for _, line := range f.lines.fields {
				out[f.name+"."+line.name] = mark(line)
			}
		}
	}
	return out
}

func mark(f *field) string {
	if f.triggers {
		return "1"
	}
	return ""
}

// specification is that of onchange and web_read from Odoo 17 on.
func (v *view) specification() map[string]any {
	out := map[string]any{}
	for _, f := range v.fields {
		about := map[string]any{}
		switch {
		case f.kind == "many2one":
			about["fields"] = map[string]any{"display_name": map[string]any{}}
		case f.lines != nil:
			about["fields"] = f.lines.specification()
		}
		out[f.name] = about
	}
	return out
}

// environment is what expressions of the record's view name.
func (r *row) environment() map[string]any {
	env := map[string]any{}
	for _, f := range r.view.fields {
		env[f.name] = r.plainValue(f)
	}
	own := map[string]any{}
	for key, v := range door.Context(r.s.c) {
		own[key] = plain(v)
	}
	if companies, given := own["allowed_company_ids"]; given {
		env["allowed_company_ids"] = companies
	}
	env["context"], env["uid"] = own, float64(r.s.c.UID())
	env["id"] = idOrFalse(r.id)
	env["active_id"] = env["id"]
	env["current_date"] = time.Now().UTC().Format(time.DateOnly)
	env["bool"] = function(func(args []any) (any, error) { return len(args) > 0 && truthy(args[0]), nil })
	if r.list != nil {
		env["parent"] = r.list.owner.environment()
	}
	return env
}

func idOrFalse(id int64) any {
	if id == 0 {
		return false
	}
	return float64(id)
}

// callContext is the context of an onchange: that of the list for a line, and that of the field if one was changed.
func (r *row) callContext(names []string) (orm.Context, error) {
	own := orm.Context{}
	if r.list != nil {
		of, err := r.list.owner.contextOf(r.list.field)
		if err != nil {
			return nil, err
		}
		maps.Copy(own, of)
	}
	if len(names) == 1 {
		of, err := r.contextOf(r.view.byName[names[0]])
		if err != nil {
			return nil, err
		}
		maps.Copy(own, of)
	}
	return own, nil
}

// contextOf is the context that the view gives a field.
func (r *row) contextOf(f *field) (orm.Context, error) {
	if f.context == "" {
		return nil, nil
	}
	e, err := parseExpression(f.context)
	if err != nil {
		return nil, fmt.Errorf("the context of %s: %w", f.name, err)
	}
	v, err := e(r.environment())
	own, ok := v.(map[string]any)
	if err == nil && !ok {
		err = errSyntax
	}
	if err != nil {
		return nil, fmt.Errorf("the context of %s: %w", f.name, err)
	}
	return own, nil
}
