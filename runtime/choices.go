package orm

import (
	"reflect"
	"sync"
)

// Labels are the choices of a selection field in Odoo's order: the value that is stored, and the text that Odoo shows
// for it, which in generated packages is the English one.
type Labels [][2]string

// Of returns the label of a value, or the value itself when it is none of the choices.
func (l Labels) Of(value string) string {
	for _, choice := range l {
		if choice[0] == value {
			return choice[1]
		}
	}
	return value
}

// SelectionRecord is implemented by a pointer to a generated record type M.
type SelectionRecord[M any] interface {
	*M
	OdooSchema() Schema
}

// Choices returns the choices of a selection field in Odoo's order with their English labels, as they were when the
// package was generated: orm.Choices(odoo.SaleOrderF.State). [FieldsGet] returns those of the server, in the language of
// the call.
func Choices[M any, S ~string, P SelectionRecord[M]](field Field[M, S]) Labels {
	return choicesOf(P(nil))[string(field)]
}

// Label returns the English label of a choice of a selection field: orm.Label(odoo.SaleOrderF.State, order.State). A value
// that is no choice is its own label. For a field that Odoo cannot search, convert the descriptor:
// orm.Label(orm.Field[odoo.Picking, odoo.PickingState](odoo.PickingF.State), picking.State).
func Label[M any, S ~string, P SelectionRecord[M]](field Field[M, S], value S) string {
	return Choices[M, S, P](field).Of(string(value))
}

// choices are those of the fields of record types, by type and then by field, once they were asked for.
var choices sync.Map // of reflect.Type: map[string]Labels

func choicesOf(r interface{ OdooSchema() Schema }) map[string]Labels {
	t := reflect.TypeOf(r)
	if known, ok := choices.Load(t); ok {
		return known.(map[string]Labels)
	}
	models, err := r.OdooSchema().Models()
	if err != nil {
		panic(err) // a generated package that somebody edited
	}
	found := map[string]Labels{}
	for _, m := range models {
		for _, f := range m.Fields {
			found[f.Name] = f.Choices
		}
	}
	choices.Store(t, found)
	return found
}
