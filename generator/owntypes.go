package generator

import (
	"fmt"
	"go/token"
	"maps"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/odoogen/odoogen/internal/ir"
	"github.com/odoogen/odoogen/internal/spelling"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// OwnType is a Go type of the configuration that a field has in place of the type of this package.
type OwnType struct {
	Key        string // of the configuration: "monetary", "sale.order/state"
	Path, Name string // "github.com/shopspring/decimal", "Decimal"
	Odoo       string // the type of the fields in Odoo
}

// String is the type as the configuration names it.
func (t OwnType) String() string { return t.Path + "." + t.Name }

// notOwnable are the field types whose Go types are those of the runtime: relations and binaries have verbs of their own.
var notOwnable = []string{"many2one", "one2many", "many2many", "reference", "many2one_reference", "binary", "image"}

// ownType is the type of the configuration for a field, with its key; "" if it has none. The name of the field goes before its
// type.
func (c Config) ownType(model string, f snapshot.Field) (t ir.Type, key string) {
	if slices.Contains(notOwnable, f.Type) || f.Name == "id" {
		return t, ""
	}
	for _, key := range []string{model + "/" + f.Name, f.Type} {
		if text, ok := c.Types[key]; ok {
			t, err := parseOwnType(text)
			if err != nil {
				break // resolved before
			}
			return t, key
		}
	}
	return t, ""
}

// parseOwnType reads "github.com/shopspring/decimal.Decimal".
func parseOwnType(text string) (ir.Type, error) {
	dot := strings.LastIndexByte(text, '.')
	if dot < strings.LastIndexByte(text, '/') || dot < 0 {
		return ir.Type{}, fmt.Errorf("%q is not an import path and a type, such as github.com/shopspring/decimal.Decimal", text)
	}
	path, name := text[:dot], text[dot+1:]
	if err := module.CheckImportPath(path); err != nil {
		return ir.Type{}, fmt.Errorf("%q: %w", text, err)
	}
	if !token.IsIdentifier(name) || !token.IsExported(name) {
		return ir.Type{}, fmt.Errorf("%q: %q is not the name of an exported Go type", text, name)
	}
	return imported(path, name), nil
}

// ownTypes refuses types of the configuration that are no types, or are for fields that the snapshot does not have or that have
// another type.
func (r *resolver) ownTypes() {
	for _, key := range slices.Sorted(maps.Keys(r.config.Types)) {
		_, err := parseOwnType(r.config.Types[key])
		if err == nil {
			err = r.checkOwnKey(key)
		}
		if err != nil {
			r.problem(typeSection, "", key, "%s: %v", key, err)
		}
	}
}

func (r *resolver) checkOwnKey(key string) error {
	model, field, isField := strings.Cut(key, "/")
	if !isField {
		return r.checkOwnFieldType(key)
	}
	i := slices.IndexFunc(r.Schema.Models, func(m snapshot.Model) bool { return m.Name == model })
	if i < 0 {
		return fmt.Errorf("the snapshot has no model %s", model)
	}
	m := r.Schema.Models[i]
	j := slices.IndexFunc(m.Fields, func(f snapshot.Field) bool { return f.Name == field })
	switch {
	case j < 0:
		return fmt.Errorf("no field %s%s", field, misspelled(field, []snapshot.Model{m}))
	case field == "id":
		return fmt.Errorf("an id has the type orm.ID")
	case slices.Contains(notOwnable, m.Fields[j].Type):
		return fmt.Errorf("a %s cannot have another Go type", m.Fields[j].Type)
	}
	return nil
}

func (r *resolver) checkOwnFieldType(name string) error {
	switch _, known := fieldTypes[name]; {
	case name == "selection":
		return fmt.Errorf("each selection has choices of its own: name the fields, such as sale.order/state")
	case slices.Contains(notOwnable, name):
		return fmt.Errorf("a %s cannot have another Go type", name)
	case known:
		return nil
	}
	for _, m := range r.Schema.Models {
		if slices.ContainsFunc(m.Fields, func(f snapshot.Field) bool { return f.Type == name }) {
			return nil
		}
	}
	return fmt.Errorf("no field has the type %s%s", name, spelling.Hint(name, maps.Keys(fieldTypes)))
}

// unusedTypes are the types of the configuration that no generated field has.
func (p *planner) unusedTypes() []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(p.config.Types)) {
		if !slices.ContainsFunc(p.ownTypes, func(t OwnType) bool { return t.Key == key }) {
			out = append(out, fmt.Sprintf("types: %s has no effect: no field that is generated has this type", key))
		}
	}
	return out
}

// ownType is the row of a field that has a type of the configuration.
func (p *planner) ownType(model string, f snapshot.Field, t fieldType) (fieldType, bool) {
	own, key := p.config.ownType(model, f)
	if key == "" {
		return t, false
	}
	used := OwnType{key, own.Path, own.Name, f.Type}
	if !slices.Contains(p.ownTypes, used) {
		p.ownTypes = append(p.ownTypes, used)
	}
	return fieldType{value: own, lazy: t.lazy}, true
}
