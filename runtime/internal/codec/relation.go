package codec

import (
	"reflect"
	"strconv"
	"strings"
)

// Relation is what a tag says of a field that holds targets.
type Relation struct {
	Elem  reflect.Type // the struct
	Many  bool         // a slice of them
	Limit int          // the most targets of a record, 0 for all
	Order string       // in Odoo's words, "" for the order that the relation has
}

// The options of a tag: `odoo:"order_line,limit=100,order=sequence desc;id"`. The keys of an order are separated by
// semicolons, since commas part the options.
const (
	tagLimit = "limit="
	tagOrder = "order="
)

// TargetTypes says which Go types hold the targets of relations, for error messages.
const TargetTypes = "use a struct for a many2one and a slice for an x2many"

// relationOf is how a type holds the targets of a relation in structs, nil if it does not.
func relationOf(t reflect.Type) *Relation {
	r := &Relation{Elem: t}
	if t.Kind() == reflect.Slice {
		r.Elem, r.Many = t.Elem(), true
	}
	if r.Elem.Kind() == reflect.Pointer {
		r.Elem = r.Elem.Elem()
	}
	if !isRecord(r.Elem) {
		return nil
	}
	return r
}

// option takes an option of the tag, and reports whether it is one.
func (r *Relation) option(text string) bool {
	if r == nil || !r.Many {
		return false
	}
	if limit, ok := strings.CutPrefix(text, tagLimit); ok {
		n, err := strconv.Atoi(limit)
		r.Limit = n
		return err == nil && n > 0
	}
	order, ok := strings.CutPrefix(text, tagOrder)
	r.Order = strings.ReplaceAll(order, ";", ",")
	return ok && r.Order != ""
}
