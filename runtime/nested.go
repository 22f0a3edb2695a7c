package orm

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unsafe"
)

// A struct, a pointer to one or a slice of them in a struct of one's own stands for the targets of a relation: a nested
// read. From 17 on one call reads them all, by a specification. For an older server the answer to that call is put
// together from one call for each relation: see graft.go.

// seriesWithSpecification is the version that brought specifications to web_search_read and web_read.
const seriesWithSpecification = 17

// relation is what a tag says of a field that holds targets.
type relation struct {
	elem  reflect.Type // the struct
	many  bool         // a slice of them
	limit int          // the most targets of a record, 0 for all
	order string       // in Odoo's words, "" for the order that the relation has
}

// The options of a tag: `odoo:"order_line,limit=100,order=sequence desc;id"`. The keys of an order are parted by
// semicolons, since commas part the options.
const (
	tagLimit = "limit="
	tagOrder = "order="
)

const whatHoldsTargets = "a struct holds the target of a many2one, a slice those of others"

// relationOf tells what structs a type holds the targets of a relation in, nil if it does not.
func relationOf(t reflect.Type) *relation {
	r := &relation{elem: t}
	if t.Kind() == reflect.Slice {
		r.elem, r.many = t.Elem(), true
	}
	if r.elem.Kind() == reflect.Pointer {
		r.elem = r.elem.Elem()
	}
	if !isRecord(r.elem) {
		return nil
	}
	return r
}

// option takes an option of the tag, and tells whether it is one.
func (r *relation) option(text string) bool {
	if r == nil || !r.many {
		return false
	}
	if limit, ok := strings.CutPrefix(text, tagLimit); ok {
		n, err := strconv.Atoi(limit)
		r.limit = n
		return err == nil && n > 0
	}
	order, ok := strings.CutPrefix(text, tagOrder)
	r.order = strings.ReplaceAll(order, ";", ",")
	return ok && r.order != ""
}

// limited reads what inner does, and keeps as many of it as the limit allows: the server sends the ids of the others.
func limited(inner decoder, t reflect.Type, limit int) decoder {
	return func(s *scanner, p unsafe.Pointer) error {
		err := inner(s, p)
		if v := reflect.NewAt(t, p).Elem(); v.Len() > limit {
			v.Set(v.Slice3(0, limit, limit))
		}
		return err
	}
}

// fieldTree is what a nested read reads of a model.
type fieldTree struct {
	fields   []string
	named    map[string]bool // the many2ones of which the display name is read
	branches []branch
}

// branch is a relation, and what is read of its targets.
type branch struct {
	field string
	*relation
	*fieldTree
	model string // of the records that the targets are read into, "" if any
}

// treeOf is what a call reads into the structs of a plan.
func (p *plan) treeOf(model string, o callOptions, within ...reflect.Type) (*fieldTree, error) {
	if slices.Contains(within, p.typ) {
		return nil, fmt.Errorf("orm: %s leads to itself: a nested read of it has no end", p.typ)
	}
	fields, err := p.fieldsToRead(model, o)
	if err != nil {
		return nil, err
	}
	t := &fieldTree{fields: fields, named: map[string]bool{}}
	o.include = nil // fields of the model of the call
	for _, name := range fields {
		f := p.fields[p.byName[name]]
		t.named[name] = isNamed(f.typ)
		if f.relation == nil {
			continue
		}
		inner, err := planOf(f.relation.elem)
		if err != nil {
			return nil, err
		}
		sub, err := inner.treeOf(inner.model, o, append(within, p.typ)...)
		if err != nil {
			return nil, err
		}
		t.branches = append(t.branches, branch{name, f.relation, sub, inner.model})
	}
	return t, nil
}

// isNamed tells whether a type holds the name of a target.
func isNamed(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return isGeneric(t, "Ref") || isGeneric(t, "TextRef")
}

// specification is the tree in Odoo's form.
func (t *fieldTree) specification() map[string]any {
	spec := make(map[string]any, len(t.fields))
	for _, name := range t.fields {
		spec[name] = map[string]any{}
		if t.named[name] {
			spec[name] = map[string]any{"fields": map[string]any{"display_name": map[string]any{}}}
		}
	}
	for _, b := range t.branches {
		target := map[string]any{"fields": b.specification()}
		if b.limit > 0 {
			target["limit"] = b.limit
		}
		if b.order != "" {
			target["order"] = b.order
		}
		spec[b.field] = target
	}
	return spec
}

// takesSpecification tells whether the tree is read by a specification: a flat one never is.
func (m Model) takesSpecification(t *fieldTree, o callOptions) bool {
	return m.err == nil && len(t.branches) > 0 && m.c.version.Major >= seriesWithSpecification && !o.levels
}

// searchTree searches records, and gives the list of them with what the tree has of them, but for those that the intake
// has taken.
func (m Model) searchTree(ctx context.Context, t *fieldTree, o callOptions, kwargs map[string]any, in *intake) (raw json.RawMessage, err error) {
	if !m.takesSpecification(t, o) {
		kwargs["fields"] = t.fields
		return m.callTree(ctx, t, o, &call{method: "search_read", kwargs: kwargs, intake: in})
	}
	kwargs["specification"] = t.specification()
	kwargs["count_limit"] = 1 // or the server counts all that match
	if err := m.call(ctx, &call{method: "web_search_read", kwargs: kwargs, intake: in.at("records")}, o, &raw); err != nil {
		return nil, err
	}
	return foundRecords(raw, m.name)
}

// callTree makes a call that takes no specification. Records with relations are first completed.
func (m Model) callTree(ctx context.Context, t *fieldTree, o callOptions, r *call) (raw json.RawMessage, err error) {
	if len(t.branches) > 0 {
		r.intake = nil
	}
	if err := m.call(ctx, r, o, &raw); err != nil {
		return nil, err
	}
	return m.graft(ctx, raw, t, o)
}

// foundRecords takes the list of records out of the answer of web_search_read.
func foundRecords(answer json.RawMessage, model string) (records json.RawMessage, err error) {
	s := &scanner{data: answer}
	err = s.object(func(key []byte) (err error) {
		if string(key) != "records" {
			return s.skip()
		}
		if records != nil {
			return s.errorf("the answer has records twice")
		}
		records, err = s.raw()
		return err
	})
	if err == nil && records == nil {
		err = s.errorf("the answer has no records")
	}
	return records, located(err, model)
}

// readTree is searchTree for the records with the ids.
func (m Model) readTree(ctx context.Context, ids any, t *fieldTree, o callOptions, in *intake) (raw json.RawMessage, err error) {
	if !m.takesSpecification(t, o) {
		return m.callTree(ctx, t, o, &call{method: "read", ids: ids, args: []arg{{"fields", t.fields}}, intake: in})
	}
	err = m.call(ctx, &call{method: "web_read", ids: ids, args: []arg{{"specification", t.specification()}}, intake: in}, o, &raw)
	return raw, err
}
