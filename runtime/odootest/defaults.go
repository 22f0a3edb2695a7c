package odootest

import (
	"cmp"
	"fmt"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// sequences number the documents of a model.
var sequences = map[string]string{"sale.order": "S%05d", "purchase.order": "P%05d"}

// knownDefaults are defaults of Odoo that the rules below miss, for the models that nearly every integration uses.
var knownDefaults = map[string]map[string]any{
	"crm.lead":         {"type": "opportunity"},
	"ir.attachment":    {"type": "binary"},
	"product.product":  {"tracking": "none", "sale_ok": true, "purchase_ok": true, "list_price": 1.0},
	"product.ribbon":   {"bg_color": "#000000", "text_color": "#FFFFFF"},
	"product.template": {"tracking": "none", "sale_ok": true, "purchase_ok": true, "list_price": 1.0},
	"res.partner":      {"color": int64(0), "type": "contact", "autopost_bills": "ask"},
	"res.users":        {"autopost_bills": "ask"},
	"sale.order.line":  {"product_uom_qty": 1.0},
}

// initial is the value of a field that a create does not give, nil for none.
func (t *tx) initial(m *model, f *field, id int64) any {
	if known, ok := knownDefaults[m.name][f.Name]; ok {
		return known
	}
	if form := sequences[m.name]; form != "" && f.Name == "name" {
		return fmt.Sprintf(form, id)
	}
	switch {
	case f.Computed || m.custom:
		return nil
	case f.Name == "active":
		return true
	case f.Type == "selection" && len(f.Selection) > 0 && (f.Required || f.Name == "state"):
		return f.Selection[0].Value
	case f.Type == "date" && f.Required:
		return t.began.UTC().Format(dateForm)
	case f.Type == "datetime" && f.Required:
		return t.began.UTC().Format(datetimeForm)
	}
	return nil
}

// defaultGet answers default_get with what a create would fill in, so far as the snapshot does not say otherwise.
func (t *tx) defaultGet(m *model, a arguments) (any, error) {
	names, _ := a.first().([]any)
	out := map[string]any{}
	for _, name := range names {
		f := m.fields[str(name)]
		if f == nil {
			continue
		}
		if v, given := t.context["default_"+f.Name]; given {
			out[f.Name] = v
		} else if v, is := t.defaultOf(m, f); is {
			out[f.Name] = v
		}
	}
	return out, nil
}

// defaultOf is the default of a field. That of a required field is what the snapshot says: if it has one, but not which,
// it is a value of the field's type; if the snapshot does not say, because it was pulled without defaults, it is an empty
// one, of which a pull learns nothing.
func (t *tx) defaultOf(m *model, f *field) (value any, is bool) {
	v := t.initial(m, f, t.tables[m].lastID+1)
	switch {
	case !f.Required || f.Computed || m.custom || m.isMetadata():
		return v, v != nil
	case f.Default == snapshot.NoDefault || f.Default == snapshot.Derived:
		return nil, false
	case f.Default == snapshot.HasDefault:
		return cmp.Or(v, f.someValue()), true
	case f.Type == "char" && v != nil: // no pull asks for the default of a char
		return v, true
	case f.Type == "boolean":
		return nil, true
	}
	return false, true
}

// someValue is the placeholder for an unknown default.
func (f *field) someValue() any {
	switch {
	case f.Type == "boolean":
		return false
	case f.isNumber():
		return 0
	case f.Type == "many2one":
		return 1
	}
	return f.Name
}
