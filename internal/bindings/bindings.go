// Package bindings reads generated packages back: from their types alone it finds the model, field, choice or method of Odoo
// that a Go symbol represents, and those that a call of the runtime is about.
package bindings

import (
	"go/ast"
	"go/constant"
	"go/types"
	"reflect"
	"strings"

	"github.com/odoogen/odoogen/internal/ir"
	"github.com/odoogen/odoogen/runtime/schema"
)

// Package is a package of generated records.
type Package struct {
	Path    string
	Models  []*Model // in the order of their Go names
	symbols map[types.Object]Symbol
}

// Model is a model of Odoo and its record type.
type Model struct {
	Name    string // sale.order; "" if it isn't known
	Record  *types.TypeName
	Fields  []*Field // in the order of the record
	Stub    bool     // only pointed to by others: an id and a display name
	Partial bool     // the model has fields that the record leaves out
	Known   bool     // the package says what the model has
	byName  map[string]*Field
}

// Field is a field of a model.
type Field struct {
	Model    *Model
	Name     string     // partner_id
	Go       string     // PartnerID
	Type     types.Type // in the record
	OnDemand bool
	Choice   *types.TypeName // the type of a selection
	Choices  []*types.Const  // and its constants

	Unsearchable, Unsortable bool // as far as the package says
}

// Part says what of a generated package a symbol is.
type Part int

// The parts.
const (
	Record      Part = iota // the type SaleOrder
	Values                  // the type SaleOrderValues
	Client                  // the type SaleOrderClient
	NewClient               // the function NewSaleOrderClient
	Descriptors             // the variable SaleOrderF
	Selection               // the type SaleOrderState
	ChoiceConst             // the constant SaleOrderStateDraft
	ReportConst             // the constant SaleOrderReportSaleorder
	RecordField             // a field of SaleOrder
	ValuesField             // a field of SaleOrderValues
	Descriptor              // a field of SaleOrderF
	Method                  // the method ActionConfirm of SaleOrderClient
	MethodWith              // the method MessagePostWith of SaleOrderClient
	MethodArgs              // the type SaleOrderMessagePostArgs
)

// Symbol is what a Go object of a generated package represents.
type Symbol struct {
	Part   Part
	Model  *Model
	Field  *Field // of the parts from Selection to Descriptor, but for ReportConst
	Choice string // of a ChoiceConst: the value of the selection
	Report string // of a ReportConst: the report_name
	Method string // of the parts from Method on: the name in Odoo
}

// Of reads a package back: nil if it has no records of its own. files are its sources. Without them the names of models come
// from the package's schema, and the methods of Odoo are not known.
func Of(p *types.Package, files []*ast.File) *Package {
	b := &Package{Path: p.Path(), symbols: map[types.Object]Symbol{}}
	names := modelNames(files)
	for _, name := range p.Scope().Names() {
		if record, ok := p.Scope().Lookup(name).(*types.TypeName); ok && isRecord(record) {
			b.addRecord(record, names[name])
		}
	}
	if len(b.Models) == 0 {
		return nil
	}
	b.readSchema(p)
	for _, name := range p.Scope().Names() {
		b.addObject(p.Scope().Lookup(name))
	}
	b.addSelections(p)
	b.addReports(p)
	for _, file := range files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				b.addMethod(p, f)
			}
		}
	}
	return b
}

// Symbol is what an object represents; ok is false for any other object.
func (b *Package) Symbol(o types.Object) (Symbol, bool) {
	s, ok := b.symbols[o]
	return s, ok
}

// Model finds a model by its name in Odoo.
func (b *Package) Model(name string) *Model {
	for _, m := range b.Models {
		if m.Name == name && name != "" {
			return m
		}
	}
	return nil
}

// Field finds a field by its name in Odoo.
func (m *Model) Field(name string) *Field { return m.byName[name] }

// Target is the record that a relation points to; nil of other fields.
func (f *Field) Target() *types.TypeName {
	t := f.Type
	if s, ok := t.Underlying().(*types.Slice); ok {
		t = s.Elem()
	}
	switch name, args := Runtime(t); name {
	case "Ref", "ID", "TextRef", "TextID":
		if f.Name != "id" {
			return typeName(args[0])
		}
	}
	return nil
}

// Runtime is the name and the arguments of a type of the runtime; "" of any other type.
func Runtime(t types.Type) (name string, args []types.Type) {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || !InRuntime(n.Obj()) {
		return "", nil
	}
	for a := range n.TypeArgs().Types() {
		args = append(args, a)
	}
	return n.Obj().Name(), args
}

// IsRuntime reports whether a package is the runtime.
func IsRuntime(p *types.Package) bool { return p.Path() == ir.RuntimePath }

// InRuntime reports whether an object belongs to the runtime.
func InRuntime(o types.Object) bool { return o.Pkg() != nil && IsRuntime(o.Pkg()) }

// TagName is the field in a struct tag, without its options; "" without one.
func TagName(tag string) string {
	name, _, _ := strings.Cut(reflect.StructTag(tag).Get(ir.TagKey), ",")
	return name
}

func typeName(t types.Type) *types.TypeName {
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj()
	}
	return nil
}

// isRecord reports whether a type is a struct with a method OdooModel of its own and tags.
func isRecord(t *types.TypeName) bool {
	n, ok := t.Type().(*types.Named)
	if !ok || t.IsAlias() || n.TypeParams() != nil {
		return false
	}
	s, ok := n.Underlying().(*types.Struct)
	return ok && method(n, ir.RecordMethod) != nil && s.NumFields() > 0 && TagName(s.Tag(0)) != ""
}

// method is a method that a type declares itself.
func method(n *types.Named, name string) *types.Func {
	for m := range n.Methods() {
		if m.Name() == name {
			return m
		}
	}
	return nil
}

func (b *Package) addRecord(record *types.TypeName, name string) {
	m := &Model{Name: name, Record: record, byName: map[string]*Field{}}
	s := record.Type().Underlying().(*types.Struct)
	for i := range s.NumFields() {
		v := s.Field(i)
		f := &Field{Model: m, Name: TagName(s.Tag(i)), Go: v.Name(), Type: v.Type()}
		f.OnDemand = strings.HasSuffix(reflect.StructTag(s.Tag(i)).Get(ir.TagKey), ir.OnDemandOption)
		if t := typeName(v.Type()); t != nil && t.Pkg() == record.Pkg() && isText(t.Type()) {
			f.Choice = t
			b.symbols[t] = Symbol{Part: Selection, Model: m, Field: f}
		}
		m.Fields = append(m.Fields, f)
		m.byName[f.Name] = f
		b.symbols[v] = Symbol{Part: RecordField, Model: m, Field: f}
	}
	b.Models = append(b.Models, m)
	b.symbols[record] = Symbol{Part: Record, Model: m}
}

func isText(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsString != 0
}

// addObject adds what is generated beside a record.
func (b *Package) addObject(o types.Object) {
	switch o := o.(type) {
	case *types.TypeName:
		if n, ok := o.Type().(*types.Named); ok && n.TypeParams() == nil {
			b.addType(o, n)
		}
	case *types.Var:
		b.addVariable(o)
	case *types.Func:
		if results := o.Signature().Results(); results.Len() == 1 && o.Signature().TypeParams() == nil {
			if m := b.clientOf(results.At(0).Type()); m != nil {
				b.symbols[o] = Symbol{Part: NewClient, Model: m}
			}
		}
	}
}

func (b *Package) addType(o *types.TypeName, n *types.Named) {
	if m := b.clientOf(n); m != nil {
		b.symbols[o] = Symbol{Part: Client, Model: m}
		return
	}
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		return
	}
	m := b.valuesOf(n)
	if m == nil {
		b.addProjection(s)
		return
	}
	b.symbols[o] = Symbol{Part: Values, Model: m}
	for i := range s.NumFields() {
		if f := m.Field(TagName(s.Tag(i))); f != nil {
			b.symbols[s.Field(i)] = Symbol{Part: ValuesField, Model: m, Field: f}
		}
	}
}

// addProjection adds the fields of a struct of a few fields of a model: the type of its id names the record of the model.
func (b *Package) addProjection(s *types.Struct) {
	for i := range s.NumFields() {
		name, args := Runtime(s.Field(i).Type())
		if TagName(s.Tag(i)) != "id" || name != "ID" && name != "TextID" {
			continue
		}
		m := b.recordModel(args[0])
		if m == nil {
			return
		}
		for i := range s.NumFields() {
			v, name := s.Field(i), TagName(s.Tag(i))
			f := m.Field(name)
			if f == nil {
				f = &Field{Model: m, Name: name, Go: v.Name(), Type: v.Type()}
			}
			if _, known := b.symbols[v]; !known && name != "" {
				b.symbols[v] = Symbol{Part: RecordField, Model: m, Field: f}
			}
		}
	}
}

// valuesOf is the model that values create: that of the record that their method OdooRecord gives.
func (b *Package) valuesOf(t types.Type) *Model {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return nil
	}
	marker := method(n, ir.ValuesMethod)
	if marker == nil || marker.Signature().Results().Len() != 1 {
		return nil
	}
	p, ok := marker.Signature().Results().At(0).Type().(*types.Pointer)
	if !ok {
		return nil
	}
	return b.recordModel(p.Elem())
}

// clientOf is the model of a client, or of a pointer to one: a struct around the runtime's Model, named after the record.
func (b *Package) clientOf(t types.Type) *Model {
	n, ok := Element(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != b.Path {
		return nil
	}
	s, ok := n.Underlying().(*types.Struct)
	if !ok || s.NumFields() != 1 || s.Field(0).Name() != ir.CoreField {
		return nil
	}
	if name, _ := Runtime(s.Field(0).Type()); name != "Model" {
		return nil
	}
	record, ok := ir.RecordOfClient(n.Obj().Name())
	if !ok {
		return nil
	}
	return b.symbols[n.Obj().Pkg().Scope().Lookup(record)].Model
}

func (b *Package) recordModel(t types.Type) *Model {
	if name := typeName(t); name != nil {
		if s := b.symbols[name]; s.Part == Record {
			return s.Model
		}
	}
	return nil
}

// addVariable adds the field descriptors of a model. Their fields are named as those of the record.
func (b *Package) addVariable(o *types.Var) {
	s, ok := o.Type().(*types.Struct)
	if !ok {
		return
	}
	for v := range s.Fields() {
		if v.Name() == "_" {
			continue
		}
		name, args := Runtime(v.Type())
		if name != "Field" {
			return
		}
		m := b.recordModel(args[0])
		if m == nil {
			return
		}
		for _, f := range m.Fields {
			if f.Go == v.Name() {
				b.symbols[v] = Symbol{Part: Descriptor, Model: m, Field: f}
				value, _ := Runtime(args[1])
				f.Unsearchable = value == "Unsearchable"
			}
		}
		b.symbols[o] = Symbol{Part: Descriptors, Model: m}
	}
}

// addSelections adds the choices of the selections.
func (b *Package) addSelections(p *types.Package) {
	for _, name := range p.Scope().Names() {
		o, ok := p.Scope().Lookup(name).(*types.Const)
		if !ok {
			continue
		}
		if s := b.symbols[objectOf(o.Type())]; s.Part == Selection && o.Val().Kind() == constant.String {
			s.Field.Choices = append(s.Field.Choices, o)
			b.symbols[o] = Symbol{Part: ChoiceConst, Model: s.Model, Field: s.Field, Choice: constant.StringVal(o.Val())}
		}
	}
}

// addReports adds the constants with the names of reports.
func (b *Package) addReports(p *types.Package) {
	for _, name := range p.Scope().Names() {
		o, ok := p.Scope().Lookup(name).(*types.Const)
		if !ok || o.Val().Kind() != constant.String {
			continue
		}
		if m := b.recordModel(PrintedBy(o.Type())); m != nil {
			b.symbols[o] = Symbol{Part: ReportConst, Model: m, Report: constant.StringVal(o.Val())}
		}
	}
}

// PrintedBy is the record that the reports of a type are about: SaleOrder of report.Name[SaleOrder]; nil of other types.
func PrintedBy(t types.Type) types.Type {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Name() != ir.ReportType || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != ir.ReportPath || n.TypeArgs().Len() != 1 {
		return nil
	}
	return n.TypeArgs().At(0)
}

func objectOf(t types.Type) types.Object {
	if n := typeName(t); n != nil {
		return n
	}
	return nil
}

// readSchema takes from the package's schema the names of models, and which have all fields of theirs.
func (b *Package) readSchema(p *types.Package) {
	c, ok := p.Scope().Lookup(ir.SchemaConst).(*types.Const)
	if !ok || c.Val().Kind() != constant.String {
		return
	}
	if t := typeName(c.Type()); t == nil || t.Name() != ir.SchemaType || t.Pkg().Path() != ir.SchemaPath {
		return
	}
	models, err := schema.Text(constant.StringVal(c.Val())).Models()
	if err != nil {
		return
	}
	known := map[string]schema.Model{}
	for _, m := range models {
		known[m.Go] = m
	}
	for _, m := range b.Models {
		s, ok := known[m.Record.Name()]
		m.Stub = !ok
		if ok {
			m.Name, m.Known, m.Partial = s.Name, true, s.Partial
			for _, stated := range s.Fields {
				if f := m.Field(stated.Name); f != nil {
					f.Unsortable = stated.Unsortable
				}
			}
		}
	}
}
