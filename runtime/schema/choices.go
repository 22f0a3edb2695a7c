package schema

import (
	"reflect"
	"sync"

	orm "github.com/odoogen/odoogen/runtime"
)

// Record is implemented by a pointer to a generated record type M.
type Record[M any] interface {
	*M
	OdooSchema() Text
}

// Choices returns the choices of a selection field in Odoo's order with their English labels, as they were when the
// package was generated: schema.Choices(odoo.SaleOrderF.State). [orm.Model.FieldsGet] returns those of the server, in the language of
// the call.
func Choices[M any, S ~string, P Record[M]](field orm.Field[M, S]) orm.Labels {
	return choicesOf(P(nil))[string(field)]
}

// Label returns the English label of a choice of a selection field: schema.Label(odoo.SaleOrderF.State, order.State). A value
// that is no choice is its own label. For a field that Odoo cannot search, convert the descriptor:
// schema.Label(orm.Field[odoo.Picking, odoo.PickingState](odoo.PickingF.State), picking.State).
func Label[M any, S ~string, P Record[M]](field orm.Field[M, S], value S) string {
	return Choices[M, S, P](field).Of(string(value))
}

// choices are those of the fields of record types, by type and then by field, once they were asked for.
var choices sync.Map // of reflect.Type: map[string]orm.Labels

func choicesOf(r interface{ OdooSchema() Text }) map[string]orm.Labels {
	t := reflect.TypeOf(r)
	if known, ok := choices.Load(t); ok {
		return known.(map[string]orm.Labels)
	}
	models, err := r.OdooSchema().Models()
	if err != nil {
		panic(err) // a generated package that somebody edited
	}
	found := map[string]orm.Labels{}
	for _, m := range models {
		for _, f := range m.Fields {
			found[f.Name] = f.Choices
		}
	}
	choices.Store(t, found)
	return found
}
