package form

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// view is a form, or a list that is edited in place: what the web client shows of a record.
type view struct {
	model  orm.Model
	fields []*field // in the order of the view
	byName map[string]*field
}

// field is a field of a view.
type field struct {
	name      string
	kind      string // "char", "many2one", ...
	relation  string // the model of the targets
	inverse   string // of a one2many
	triggers  bool   // a change of it runs an onchange
	forceSave bool   // it is saved though it is readonly
	context   string // in Python

	readonly, required, invisible modifier

	mode   string           // of a one2many: "tree,kanban"
	inline map[string]*node // its views by type
	lines  *view            // that a line is edited in; nil if it is not known yet, or the field has no lines
}

func (f *field) isList() bool { return f.kind == "one2many" || f.kind == "many2many" }

// node is an element of a view.
type node struct {
	tag        string
	attributes map[string]string
	children   []*node
}

// parseArch reads the XML of a view.
func parseArch(source string) (*node, error) {
	d := xml.NewDecoder(strings.NewReader(source))
	root := &node{}
	stack := []*node{root}
	for {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && len(root.children) == 1:
			return root.children[0], nil
		case err != nil:
			return nil, fmt.Errorf("the view is no XML: %w", err)
		}
		top := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			n := &node{tag: token.Name.Local, attributes: map[string]string{}}
			for _, a := range token.Attr {
				n.attributes[a.Name.Local] = a.Value
			}
			top.children = append(top.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		}
	}
}

// newView reads the fields of a view. What is not in the view is asked from the server: the types of the fields.
func (s *session) newView(ctx context.Context, model orm.Model, arch *node) (*view, error) {
	places := s.places(arch, nil)
	names := make([]string, len(places))
	for i, f := range places {
		names[i] = f.name
	}
	var facts map[string]fieldFacts
	args := orm.Args{"allfields": names, "attributes": []string{"type", "relation", "relation_field", "readonly", "required"}}
	if err := ask(ctx, model, "fields_get", args, &facts); err != nil {
		return nil, err
	}
	v := &view{model: model, byName: map[string]*field{}}
	for _, f := range places {
		about, visible := facts[f.name]
		if !visible { // to this user
			continue
		}
		f.kind, f.relation, f.inverse = about.Type, about.Relation, about.RelationField
		if !s.classic { // the modifiers of older versions have both
			f.readonly, f.required = orOfModel(f.readonly, about.Readonly), orOfModel(f.required, about.Required)
		}
		if known := v.byName[f.name]; known != nil {
			known.merge(f)
			continue
		}
		v.byName[f.name] = f
		v.fields = append(v.fields, f)
	}
	return v, nil
}

// fieldFacts are the attributes of a field that a form needs.
type fieldFacts struct {
	Type          string
	Relation      string
	RelationField string `json:"relation_field"`
	// Modules write truths as they like: true, 1, "True".
	Readonly, Required any
}

// places are the fields in an element, without those of their lines. A field can have several. hidden says when the elements
// around it are invisible.
func (s *session) places(n *node, hidden modifier) []*field {
	var out []*field
	for _, child := range n.children {
		if child.tag != "field" {
			out = append(out, s.places(child, either(hidden, s.modifiers(child)["invisible"]))...)
		} else if f := s.newField(child, hidden); f.name != "" && f.name != "id" {
			out = append(out, f)
		}
	}
	return out
}

func (s *session) newField(n *node, hidden modifier) *field {
	m := s.modifiers(n)
	f := &field{
		name: n.attributes["name"], context: n.attributes["context"], mode: n.attributes["mode"],
		triggers:  n.attributes["on_change"] == "1",
		forceSave: parseModifier(n.attributes["force_save"]) != nil,
		readonly:  m["readonly"], required: m["required"],
		invisible: either(hidden, either(m["invisible"], m["column_invisible"])),
		inline:    map[string]*node{},
	}
	for _, child := range n.children {
		f.inline[listType(child.tag)] = child
	}
	return f
}

// listType is the name of a type of views in all versions: lists are called "tree" until Odoo 17.
func listType(tag string) string {
	if tag == "tree" {
		return "list"
	}
	return tag
}

// merge adds another place of the field in the view: it is readonly, and so on, where all its places are.
func (f *field) merge(other *field) {
	f.readonly, f.required, f.invisible = both(f.readonly, other.readonly), both(f.required, other.required), both(f.invisible, other.invisible)
	f.forceSave = f.forceSave || other.forceSave
	f.triggers = f.triggers || other.triggers
	if len(f.inline) == 0 {
		f.inline, f.mode = other.inline, other.mode
	}
	if f.context == "" {
		f.context = other.context
	}
}

// modifiers are the modifiers of an element by name.
func (s *session) modifiers(n *node) map[string]modifier {
	out := map[string]modifier{}
	if !s.classic {
		for _, name := range []string{"readonly", "required", "invisible", "column_invisible"} {
			if source, has := n.attributes[name]; has {
				out[name] = s.declared(source)
			}
		}
		return out
	}
	var given map[string]any
	if decodeJSON([]byte(n.attributes["modifiers"]), &given) == nil {
		for name, raw := range given {
			out[name] = domainModifier(raw)
		}
	}
	return out
}

// never is a modifier that the view declares not to hold. In contrast to nil, it overrides that of the model.
func never(map[string]any) (bool, error) { return false, nil }

func (s *session) declared(source string) modifier {
	if m := parseModifier(source); m != nil {
		return m
	}
	return never
}

// orOfModel is the modifier of the view, or else that of the model.
func orOfModel(m modifier, ofModel any) modifier {
	if m == nil && codec.Truth(plain(ofModel)) {
		return always
	}
	return m
}

// loadLines chooses the view in which the lines of a one2many are edited: the list, if it can be edited in place, and else the
// form.
func (s *session) loadLines(ctx context.Context, f *field) (err error) {
	if f.lines != nil || f.kind != "one2many" {
		return nil
	}
	list, form := f.inline["list"], f.inline["form"]
	if list == nil || form == nil && list.attributes["editable"] == "" {
		archs, err := s.archs(ctx, s.c.Model(f.relation), 0, s.listTag(), "form")
		if err != nil {
			return err
		}
		if list == nil {
			list = archs[s.listTag()]
		}
		if form == nil {
			form = archs["form"]
		}
	}
	chosen := form
	if mode, _, _ := strings.Cut(f.mode, ","); (mode == "" || listType(mode) == "list") && list.attributes["editable"] != "" {
		chosen = list
	}
	f.lines, err = s.newView(ctx, s.c.Model(f.relation), chosen)
	return err
}

func (s *session) listTag() string {
	if s.treeTag {
		return "tree"
	}
	return "list"
}
