package odoofacts

import (
	"slices"
	"strings"
)

// magic are the fields that the server alone writes, of every model, as far as a version has them: abstract models of 15
// to 18 have none, models that do not log writes lack four, and __last_update is gone in 17.
var magic = []string{"id", "display_name", "create_date", "create_uid", "write_date", "write_uid", LastUpdateField}

// SourceLanguage is the language of a call that names none, and of the texts that are translated, on every database: other
// languages show its text until they have one. It needs not be installed.
const SourceLanguage = "en_US"

// LastUpdateField is a magic field until 16.0.
const LastUpdateField = "__last_update"

// IsMagic reports whether Odoo adds the field to every model and writes it itself.
func IsMagic(field string) bool { return slices.Contains(magic, field) }

// hiding are the models that leave out records after they have counted them for the limit of a search.
var hiding = []string{"mail.message", "mail.activity", "ir.ui.menu"}

// HidesRecords reports whether a page of the model's records that is not full may not be the last one: its search checks rights
// record by record, after the limit. Seen on 14 and 19 for mail.message.
func HidesRecords(model string) bool { return slices.Contains(hiding, model) }

// NamedByIDs reports whether the name of a field contains record IDs of the database, and so means something else in
// another one: res.users of Odoo 14 to 18 has in_group_ID and sel_groups_ID_ID for its groups.
func NamedByIDs(field string) bool {
	return strings.HasPrefix(field, "in_group_") || strings.HasPrefix(field, "sel_groups_")
}

// Shape is how the values of a field look to a program: types of one shape are read and written alike.
type Shape string

// The shapes that several types have.
const (
	ShapeText    Shape = "text"
	ShapeNumber  Shape = "number"
	ShapeBytes   Shape = "bytes"
	ShapeRecords Shape = "records"
)

var shapes = map[string]Shape{
	"char": ShapeText, "text": ShapeText, "html": ShapeText,
	"float": ShapeNumber, "monetary": ShapeNumber,
	"binary": ShapeBytes, "image": ShapeBytes,
	"one2many": ShapeRecords, "many2many": ShapeRecords,
}

// ShapeOf gives the shape of a field type: the type itself where no other type has its shape.
func ShapeOf(fieldType string) Shape {
	if s, ok := shapes[fieldType]; ok {
		return s
	}
	return Shape(fieldType)
}
