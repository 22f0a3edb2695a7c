package analyzer

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/odoogen/odoogen/internal/bindings"
	"github.com/odoogen/odoogen/internal/usage"
)

// checkTags checks the tags of structs that records are read into.
var checkTags = newCheck("odootag", `check the odoo tags of structs that records are read into

The tags of a struct that records of a model are read into must name fields of the model, and the Go types must be such that
the values of the fields fit in. The first is refused by Odoo, the second by the runtime, when the call is made.`, tags)

func tags(pass *analysis.Pass, p *pkg) {
	p.unknown(pass, func(u usage.Use) bool { return u.Tag })
	at := map[ast.Node]*ast.Field{}
	for _, f := range pass.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			if f, ok := n.(*ast.Field); ok && f.Tag != nil {
				at[f.Tag] = f
			}
			return true
		})
	}
	for tag, field := range at {
		for _, u := range p.uses {
			if u.How != usage.Projection || u.At < tag.Pos() || u.At >= tag.End() || strings.Contains(field.Tag.Value, u.Code+".") {
				continue
			}
			m := p.set.Model(pass.Pkg, u.Model)
			if m == nil || m.Field(u.Field) == nil {
				continue
			}
			f, t := m.Field(u.Field), pass.TypesInfo.TypeOf(field.Type)
			if !fits(f, t) {
				report(pass, field.Type.Pos(), field.Type.End(), "%s.%s does not fit into %s: want %s", m.Name, f.Name, short(t, pass.Pkg), short(f.Type, pass.Pkg))
			}
		}
	}
}

// short writes a type with the names of packages, as code does.
func short(t types.Type, in *types.Package) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == in {
			return ""
		}
		return p.Name()
	})
}

// class is the kind of values of a field on the wire.
type class int

const (
	anything class = iota
	text
	integer
	float
	boolean
	day
	moment
	one
	many
	binary
	reference
)

// classOf is the class of a field, by its type in the generated record.
func classOf(f *bindings.Field) class {
	switch name, _ := bindings.Runtime(f.Type); name {
	case "Ref":
		return one
	case "ID":
		return integer
	case "Date":
		return day
	case "Reference":
		return reference
	}
	if f.Choice != nil {
		return text
	}
	if isTime(f.Type) {
		return moment
	}
	switch t := f.Type.(type) {
	case *types.Slice:
		if isByte(t.Elem()) {
			return binary
		}
		if name, _ := bindings.Runtime(t.Elem()); name == "ID" {
			return many
		}
	case *types.Basic:
		switch {
		case t.Info()&types.IsString != 0:
			return text
		case t.Info()&types.IsInteger != 0:
			return integer
		case t.Info()&types.IsFloat != 0:
			return float
		case t.Info()&types.IsBoolean != 0:
			return boolean
		}
	}
	return anything
}

// taken are the classes of values that the runtime decodes into a kind of Go type.
var taken = map[class][]class{
	text:      {text, integer, float, day, moment, binary, reference},
	integer:   {integer},
	float:     {integer, float},
	boolean:   {boolean},
	day:       {day, moment},
	moment:    {day, moment},
	one:       {integer, one},
	many:      {many},
	reference: {reference},
}

// fits reports whether the values of a field fit into a type. Unknown types fit.
func fits(f *bindings.Field, t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	from, to := classOf(f), kindOf(t)
	if from == anything || to == anything {
		return true
	}
	for _, c := range taken[to] {
		if c == from {
			return sameModel(f, t)
		}
	}
	return false
}

// sameModel reports whether an id or a Ref is of the model that the field points to.
func sameModel(f *bindings.Field, t types.Type) bool {
	target := f.Target()
	if f.Name == "id" {
		target = f.Model.Record
	}
	if s, ok := types.Unalias(t).(*types.Slice); ok {
		t = s.Elem()
	}
	name, args := bindings.Runtime(t)
	if target == nil || name != "Ref" && name != "ID" {
		return true
	}
	return types.Identical(args[0], target.Type())
}

// kindOf is the class of values that a handwritten type takes.
func kindOf(t types.Type) class {
	switch name, _ := bindings.Runtime(t); name {
	case "Ref", "ID":
		return one
	case "Date":
		return day
	case "Reference":
		return reference
	}
	if isTime(t) {
		return moment
	}
	if ownDecoder(t) {
		return anything
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return classOf(&bindings.Field{Type: u})
	case *types.Slice:
		if e, ok := u.Elem().Underlying().(*types.Basic); ok && e.Info()&types.IsInteger != 0 && !isByte(e) {
			return many
		}
	}
	return anything
}

// ownDecoder reports whether a type reads its values itself.
func ownDecoder(t types.Type) bool {
	for _, name := range []string{"UnmarshalJSON", "UnmarshalText", "Scan"} {
		if o, _, _ := types.LookupFieldOrMethod(types.NewPointer(t), true, nil, name); o != nil {
			return true
		}
	}
	return false
}

func isByte(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Uint8
}

func isTime(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time" && n.Obj().Name() == "Time"
}
