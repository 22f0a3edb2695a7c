package usage

import (
	"go/ast"
	"go/token"
	"strings"

	"github.com/odoogen/odoogen/internal/bindings"
	"github.com/odoogen/odoogen/internal/ir"
)

// text notes a name in a constant text. within is the whole text of the expression, and part what of it is the name; the
// first place where it stands counts.
func (k *collector) text(e ast.Expr, within, part string, u Use) {
	k.textAt(e, within, max(strings.Index(within, part), 0), part, u)
}

// textAt notes a name that stands at a place of a constant text.
func (k *collector) textAt(e ast.Expr, within string, at int, part string, u Use) {
	u.Text = true
	lit, ok := ast.Unparen(e).(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		k.add(e.Pos(), e.End(), part, u)
		return
	}
	// A literal without escapes contains the text unchanged.
	offset := strings.Index(lit.Value, within)
	if offset < 0 {
		k.add(lit.Pos(), lit.End(), part, u)
		return
	}
	u.Exact = true
	from := lit.Pos() + token.Pos(offset+at)
	k.add(from, from+token.Pos(len(part)), part, u)
}

// path notes the fields of a dotted path at a place of a constant text, and gives the model that the last one points to,
// if it is a relation.
func (k *collector) path(e ast.Expr, within string, at int, path, model string, how How) (target string) {
	name, function, _ := strings.Cut(path, ":")
	if function != "" && how == Projection {
		how = Groups
	}
	for field := range strings.SplitSeq(name, ".") {
		if model == "" || strings.HasPrefix(field, "__") && field != "__last_update" || field == "" {
			return ""
		}
		u := Use{Model: model, Field: field, How: how}
		u.Tag = strings.HasPrefix(within, tagStart)
		k.textAt(e, within, at, field, u)
		at += len(field) + 1
		model = k.target(model, field)
	}
	return model
}

// target is the model that a relation points to.
func (k *collector) target(model, field string) string {
	if m := k.set.Model(k.src.Types, model); m != nil {
		if f := m.Field(field); f != nil {
			if t := k.set.Target(f); t != nil {
				return t.Name
			}
			return ""
		}
	}
	return k.relations[model+"/"+field]
}

// constant notes the path that a constant text is.
func (k *collector) constant(e ast.Expr, model string, how How) {
	if text, ok := k.reader.Text(e); ok {
		k.path(e, text, 0, text, model, how)
	}
}

// constants notes the paths in a list of constant texts.
func (k *collector) constants(e ast.Expr, model string, how How) {
	for _, element := range k.elements(e) {
		k.constant(element, model, how)
	}
}

// elements are those of a list that is written out.
func (k *collector) elements(e ast.Expr) []ast.Expr {
	if e == nil {
		return nil
	}
	list, ok := k.reader.Value(e).(*ast.CompositeLit)
	if !ok {
		return nil
	}
	var out []ast.Expr
	for _, element := range list.Elts {
		if kv, ok := element.(*ast.KeyValueExpr); ok {
			element = kv.Value
		}
		out = append(out, element)
	}
	return out
}

// order notes the fields of a text like "date_order desc, id".
func (k *collector) order(e ast.Expr, model string, how How) {
	text, ok := k.reader.Text(e)
	if !ok {
		return
	}
	at := 0
	for part := range strings.SplitSeq(text, ",") {
		trimmed := strings.TrimLeft(part, " ")
		path, _, _ := strings.Cut(trimmed, " ")
		k.path(e, text, at+len(part)-len(trimmed), path, model, how)
		at += len(part) + 1
	}
}

// tagOrder notes the fields by which a tag orders the targets of a relation: order=sequence desc;id.
func (k *collector) tagOrder(e ast.Expr, tag, target string) {
	before, after, ok := strings.Cut(tag, ir.OrderOption)
	if !ok {
		return
	}
	keys, _, _ := strings.Cut(after, ",")
	at := len(tagStart) + len(before) + len(ir.OrderOption)
	for key := range strings.SplitSeq(keys, ";") {
		path, _, _ := strings.Cut(key, " ")
		k.path(e, tagStart+tag, at, path, target, Orders)
		at += len(key) + 1
	}
}

// keys notes the fields of values that are written out as a map, and the choices that they are given.
func (k *collector) keys(e ast.Expr, model string) map[string]bool {
	values, ok := k.reader.Value(e).(*ast.CompositeLit)
	if !ok {
		return nil
	}
	given := map[string]bool{}
	for _, element := range values.Elts {
		kv, ok := element.(*ast.KeyValueExpr)
		if !ok {
			return nil
		}
		field, ok := k.reader.Text(kv.Key)
		if !ok {
			given = nil
			continue
		}
		if given != nil {
			given[field] = true
		}
		k.constant(kv.Key, model, Writes)
		k.choices(kv.Value, model, field)
	}
	return given
}

// domain notes the fields of a condition that is written out in Odoo's own form.
func (k *collector) domain(e ast.Expr, model string) {
	for _, term := range k.elements(e) {
		if parts := k.elements(term); len(parts) == 3 {
			k.leaf(parts[0], parts[2], model)
		}
	}
}

// leaf notes the field of a condition, and the choices that it is compared with.
func (k *collector) leaf(field, value ast.Expr, model string) {
	k.constant(field, model, Condition)
	path, ok := k.reader.Text(field)
	if !ok {
		return
	}
	steps := strings.Split(path, ".")
	for _, step := range steps[:len(steps)-1] {
		model = k.target(model, step)
	}
	k.choices(value, model, steps[len(steps)-1])
}

// choices notes the constant texts that a field is compared with or set to, if it is a selection.
func (k *collector) choices(value ast.Expr, model, field string) {
	m := k.set.Model(k.src.Types, model)
	if m == nil || m.Field(field) == nil || m.Field(field).Choice == nil {
		return
	}
	for _, e := range append(k.elements(value), value) {
		choice, ok := k.reader.Text(e)
		if s, typed := k.set.Type(typeOf(k.src.Info, e)); !ok || typed && s.Part == bindings.Selection {
			continue // a typed one is noted where it stands
		}
		k.text(e, choice, choice, Use{Model: model, Field: field, Choice: choice, HasChoice: true, How: Chooses})
	}
}
