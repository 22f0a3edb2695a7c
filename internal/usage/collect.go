package usage

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strconv"

	"github.com/odoogen/odoogen/internal/bindings"
	"github.com/odoogen/odoogen/internal/ir"
)

// Source is a package whose types are known.
type Source struct {
	Files []*ast.File
	Types *types.Package
	Info  *types.Info
}

// Find finds every use in some packages, in the order of the code. relations are the targets of relations by "model/field", to
// follow dotted paths along models without bindings; it may be nil.
func Find(fset *token.FileSet, set *bindings.Set, relations map[string]string, sources ...Source) []Use {
	k := &collector{fset: fset, set: set, relations: relations, structs: map[*types.Struct]shape{}, seen: map[projection]bool{}}
	for _, src := range sources {
		k.declare(src)
	}
	for _, src := range sources {
		k.source(src)
	}
	return sorted(k.uses)
}

// collector finds the uses.
type collector struct {
	fset      *token.FileSet
	set       *bindings.Set
	relations map[string]string // "model/field" → model
	structs   map[*types.Struct]shape
	seen      map[projection]bool
	uses      []Use

	// The package that is being read.
	src    Source
	reader *bindings.Reader
}

// declare notes where the struct types of a package are declared.
func (k *collector) declare(src Source) {
	for _, f := range src.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			if t, ok := n.(*ast.StructType); ok {
				if s, ok := src.Info.TypeOf(t).(*types.Struct); ok {
					k.structs[s] = shape{src, t}
				}
			}
			return true
		})
	}
}

// shape is where a struct type is declared.
type shape struct {
	src  Source
	node *ast.StructType
}

// projection is a struct that records of a model are read into.
type projection struct {
	node  *ast.StructType
	model string
	how   How
}

func (k *collector) source(src Source) {
	k.src = src
	k.reader = bindings.NewReader(k.set, src.Types, src.Info, src.Files)
	for _, f := range src.Files {
		ast.PreorderStack(f, nil, func(n ast.Node, stack []ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				k.ident(n, stack)
			case *ast.BasicLit:
				k.literal(n)
			case *ast.CallExpr:
				k.call(n)
			case *ast.SwitchStmt:
				k.switches(n)
			case *ast.StructType:
				k.ownID(n)
			}
			return true
		})
	}
}

// add notes a use of the text between two places.
func (k *collector) add(from, to token.Pos, code string, u Use) {
	if u.Model == "" {
		return
	}
	u.At, u.To, u.Code = from, to, code
	u.Pos, u.End = k.fset.Position(from), k.fset.Position(to)
	k.uses = append(k.uses, u)
}

// ident notes a name of a generated package.
func (k *collector) ident(id *ast.Ident, stack []ast.Node) {
	o := k.src.Info.Uses[id]
	s, ok := k.set.Symbol(o)
	if !ok {
		return
	}
	u := Use{Model: s.Model.Name, Method: s.Method, Report: s.Report, How: Names, Part: s.Part, Exact: id.Name == o.Name()}
	if s.Field != nil {
		u.Field = s.Field.Name
	}
	switch s.Part {
	case bindings.RecordField:
		u.How = readOrWritten(id, stack)
	case bindings.ValuesField:
		u.How = Writes
	case bindings.Descriptor:
		u.How = k.purpose(stack)
	case bindings.ChoiceConst:
		u.How, u.Choice, u.HasChoice = Chooses, s.Choice, true
	case bindings.ReportConst:
		u.How = Prints
	case bindings.Method, bindings.MethodWith:
		u.How = Calls
	}
	k.add(id.Pos(), id.End(), id.Name, u)
}

// readOrWritten is how a field of a record is used.
func readOrWritten(id *ast.Ident, stack []ast.Node) How {
	var e ast.Expr = id
	for i := len(stack) - 1; i >= 0; i-- {
		switch n := stack[i].(type) {
		case *ast.SelectorExpr:
			if n.Sel != id {
				return Reads // of a part of it
			}
			e = n
		case *ast.ParenExpr:
			e = n
		case *ast.AssignStmt:
			if slices.Contains(n.Lhs, e) {
				return Writes
			}
			return Reads
		case *ast.KeyValueExpr:
			if n.Key == e {
				return Writes
			}
			return Reads
		default:
			return Reads
		}
	}
	return Reads
}

// purpose is what a descriptor is used for: the function of the runtime that it is passed to decides.
func (k *collector) purpose(stack []ast.Node) How {
	for i := len(stack) - 1; i >= 0; i-- {
		call, ok := stack[i].(*ast.CallExpr)
		if !ok {
			continue
		}
		if how := purposes[calledName(call)]; how != "" {
			return how
		}
		return Condition
	}
	return Names
}

var purposes = map[string]How{"Asc": Orders, "Desc": Orders, "Include": Includes, "Download": Reads, "Upload": Writes}

func calledName(call *ast.CallExpr) string {
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// literal notes a text that is a value of a selection, or the name of a report.
func (k *collector) literal(lit *ast.BasicLit) {
	value, isText := k.reader.Text(lit)
	if !isText {
		return
	}
	t := typeOf(k.src.Info, lit)
	if s, ok := k.set.Type(t); ok && s.Part == bindings.Selection {
		k.text(lit, value, value, Use{Model: s.Model.Name, Field: s.Field.Name, Choice: value, HasChoice: true, How: Chooses})
	}
	if m := k.set.RecordOf(bindings.PrintedBy(t)); m != nil {
		k.text(lit, value, value, Use{Model: m.Name, Report: value, How: Prints})
	}
}

func typeOf(info *types.Info, e ast.Expr) types.Type {
	if t := info.TypeOf(e); t != nil {
		return t
	}
	return types.Typ[types.Invalid]
}

// switches notes a switch over a selection that has no default: it passes over a choice that is added.
func (k *collector) switches(n *ast.SwitchStmt) {
	if n.Tag == nil {
		return
	}
	s, ok := k.set.Type(typeOf(k.src.Info, n.Tag))
	if !ok || s.Part != bindings.Selection {
		return
	}
	for _, clause := range n.Body.List {
		if len(clause.(*ast.CaseClause).List) == 0 {
			return
		}
	}
	k.add(n.Tag.Pos(), n.Tag.End(), "", Use{Model: s.Model.Name, Field: s.Field.Name, How: Switches})
}

// ownID reads a struct whose field for the id names the model of its records.
func (k *collector) ownID(n *ast.StructType) {
	s, ok := k.src.Info.TypeOf(n).(*types.Struct)
	if !ok {
		return
	}
	for i := range s.NumFields() {
		if bindings.TagName(s.Tag(i)) != "id" {
			continue
		}
		if name, args := bindings.Runtime(s.Field(i).Type()); name == "ID" {
			if m := k.set.RecordOf(args[0]); m != nil {
				k.project(s, m.Name, Projection)
			}
		}
	}
}

// project notes the tags of a struct that records of a model are read into.
func (k *collector) project(t types.Type, model string, how How) {
	s, ok := bindings.Element(t).Underlying().(*types.Struct)
	if !ok {
		return
	}
	at, ok := k.structs[s]
	if !ok || k.seen[projection{at.node, model, how}] {
		return
	}
	k.seen[projection{at.node, model, how}] = true
	for _, f := range at.node.Fields.List {
		t := at.src.Info.TypeOf(f.Type)
		name := ""
		if f.Tag != nil {
			tag, err := strconv.Unquote(f.Tag.Value)
			if err != nil {
				continue
			}
			name = bindings.TagName(tag)
			if full := reflect.StructTag(tag).Get(ir.TagKey); name != "" {
				target := k.path(f.Tag, tagStart+full, len(tagStart), name, model, how)
				k.tagOrder(f.Tag, full, target)
				if target != "" && isStruct(t) {
					k.project(t, target, how)
				}
			}
		}
		if name == "" && len(f.Names) == 0 {
			k.project(t, model, how) // embedded
		}
	}
}

// tagStart is the text before the name of a field in a tag.
const tagStart = ir.TagKey + `:"`

// isStruct reports whether records of another model could be read into the type.
func isStruct(t types.Type) bool {
	name, _ := bindings.Runtime(bindings.Element(t))
	_, ok := bindings.Element(t).Underlying().(*types.Struct)
	return ok && name == ""
}
