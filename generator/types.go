package generator

import (
	"github.com/odoogen/odoogen/internal/ir"
	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

func local(name string) ir.Type { return ir.Type{Name: name} }
func orm(name string, args ...ir.Type) ir.Type {
	return ir.Type{Path: ir.RuntimePath, Name: name, Args: args}
}
func slice(t ir.Type) ir.Type            { t.Slice = true; return t }
func imported(path, name string) ir.Type { return ir.Type{Path: path, Name: name} }
func scalar(t ir.Type) fieldType         { return fieldType{value: t} }
func (t fieldType) onDemand() fieldType  { t.lazy = true; return t }

// fieldType is how a field type of Odoo comes out in Go.
type fieldType struct {
	shape shape
	value ir.Type // the Go type of a plain value
	lazy  bool    // large: left out of the default read
}

type shape int

const (
	plain     shape = iota // one Go type for reading and writing
	selection              // a Go type of its own for each field
	toOne                  // a many2one
	toMany                 // a one2many or many2many
)

var rawJSON = imported("encoding/json", "RawMessage")

// fieldTypes has a row for each field type of Odoo 14 to 19. Any other is raw JSON.
var fieldTypes = map[string]fieldType{
	"boolean":               scalar(local("bool")),
	"char":                  scalar(local("string")),
	"text":                  scalar(local("string")),
	"html":                  scalar(local("string")),
	"integer":               scalar(local("int")),
	"float":                 scalar(local("float64")),
	"monetary":              scalar(local("float64")),
	"date":                  scalar(orm("Date")),
	"datetime":              scalar(imported("time", "Time")),
	"binary":                scalar(slice(local("byte"))).onDemand(),
	"image":                 scalar(slice(local("byte"))).onDemand(),
	"selection":             {shape: selection, value: local("string")},
	"reference":             scalar(orm("Reference")),
	"many2one_reference":    scalar(local("int64")),
	"json":                  scalar(rawJSON),
	"properties":            scalar(rawJSON),
	"properties_definition": scalar(rawJSON),
	"many2one":              {shape: toOne},
	"one2many":              {shape: toMany},
	"many2many":             {shape: toMany},
}

// typeOf finds the row of a field of a model. A relation to nowhere, an unknown type, and a binary that is
// not base64 are raw JSON.
func (p *planner) typeOf(model string, f snapshot.Field) (t fieldType, known bool) {
	if f.Name == "id" {
		return fieldType{shape: plain}, true // whatever the server says of it: fill knows
	}
	t, known = fieldTypes[f.Type]
	if own, ok := p.ownType(model, f, t); ok {
		return own, true
	}
	isRelation := t.shape == toOne || t.shape == toMany
	switch {
	case !known || isRelation && f.Relation == "":
		return scalar(rawJSON), false
	case t.shape == selection && len(f.Selection) == 0:
		return scalar(local("string")), true
	case f.Type == "binary" && p.encoding(model, f.Name) != odoofacts.Base64:
		return scalar(rawJSON).onDemand(), true
	}
	return t, true
}

// encoding is that of the values of a binary field, which the snapshot does not have. A value that is not base64 on one
// server is not treated as base64 on any.
func (p *planner) encoding(model, field string) odoofacts.Encoding {
	for _, server := range p.schema.AllServers() {
		v, err := odoofacts.Parse(server.Series)
		if err != nil {
			v = odoofacts.Newest // of a snapshot by hand
		}
		if e := odoofacts.BinaryEncoding(v, model, field); e != odoofacts.Base64 {
			return e
		}
	}
	return odoofacts.Base64
}

// isUnreliable reports whether the content of a binary field is to be written and read by another field: see
// [odoofacts.RawIsText].
func (p *planner) isUnreliable(model string, f snapshot.Field) bool {
	return f.Type == "binary" && odoofacts.IsRawContent(f.Name) && p.encoding(model, f.Name) != odoofacts.Base64
}

// binaryFacts are what a user of a binary field must know that is not base64.
func (p *planner) binaryFacts(model string, f snapshot.Field) []string {
	encoding := p.encoding(model, f.Name)
	switch {
	case f.Type != "binary" || encoding == odoofacts.Base64:
		return nil
	case p.isUnreliable(model, f):
		return []string{"text, not base64: use the field with the same content in base64"}
	}
	return []string{string(encoding) + ", not base64"}
}

// idTypes are the runtime's types for the ids of a model: numbers, but for the few models whose ids are texts.
type idTypes struct{ id, ref, rel string }

var (
	numbers = idTypes{"ID", "Ref", "Rel"}
	texts   = idTypes{"TextID", "TextRef", "TextRel"}
)

// fill sets the Go types of a field of the record type model. target is the record type that an id or a relation leads
// to, with ids of these types, and choice the type of a selection.
func (t fieldType) fill(f *ir.Field, model, target, choice string, ids idTypes) {
	value := t.value
	switch {
	case f.Odoo == "id":
		f.Record = orm(ids.id, local(target))
		f.Descriptor = orm(ids.rel, local(model), local(target))
		return
	case t.shape == toOne:
		f.Record = orm(ids.ref, local(target))
		f.Values = orm("Opt", orm(ids.id, local(target)))
		f.Descriptor = orm(ids.rel, local(model), local(target))
		return
	case t.shape == toMany:
		f.Record = slice(orm(ids.id, local(target)))
		if ids == numbers { // no record of a view can be linked
			f.Values = slice(orm("Command", local(target)))
		}
		f.Descriptor = orm(ids.rel, local(model), local(target))
		return
	case t.shape == selection:
		value = local(choice)
	}
	f.Record = value
	f.Values = orm("Opt", value)
	f.Descriptor = orm("Field", local(model), value)
}

// unsearchable is the descriptor of a field that no condition can be about. That of a binary stays: Download and Upload
// take it.
func unsearchable(descriptor ir.Type, ids idTypes) ir.Type {
	model, value := descriptor.Args[0], descriptor.Args[1]
	switch {
	case descriptor.Name == ids.rel:
		value = orm(ids.id, value)
	case value.Slice && value.Name == "byte":
		return descriptor
	}
	return orm("Field", model, orm("Unsearchable", value))
}
