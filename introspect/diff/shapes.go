package diff

import "github.com/odoogen/odoogen/introspect/snapshot"

// shape is how a type's values look to a program: types of one shape are read and written alike.
type shape string

var shapes = map[string]shape{
	"char": "text", "text": "text", "html": "text",
	"float": "number", "monetary": "number",
	"binary": "bytes", "image": "bytes",
	"one2many": "records", "many2many": "records",
	"json": "json", "properties": "json", "properties_definition": "json",
}

// shapeOf is the type itself where it has a shape of its own.
func shapeOf(odooType string) shape {
	if s, ok := shapes[odooType]; ok {
		return s
	}
	return shape(odooType)
}

// writable tells whether a program can set the field. Odoo takes a value for a readonly field that is stored: it is
// the forms that refuse it.
func writable(f snapshot.Field) bool {
	return !magic[f.Name] && (!f.Computed || !f.Readonly)
}
