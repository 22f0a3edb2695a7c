package bindings

import (
	"go/ast"
	"go/types"
	"slices"
	"sync"

	"github.com/odoogen/odoogen/internal/ir"
)

// Set is all generated packages that some code uses, read back when they are first asked for. It is safe for concurrent
// use: analysers of one package run side by side.
type Set struct {
	files    func(*types.Package) []*ast.File
	mu       sync.Mutex
	packages map[*types.Package]*Package
}

// NewSet makes a set. files gives the sources of a package, if they are at hand; it may be nil.
func NewSet(files func(*types.Package) []*ast.File) *Set {
	if files == nil {
		files = func(*types.Package) []*ast.File { return nil }
	}
	return &Set{files: files, packages: map[*types.Package]*Package{}}
}

// Of is the package of generated records; nil if it is none.
func (s *Set) Of(p *types.Package) *Package {
	if p == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, known := s.packages[p]
	if !known {
		if importsRuntime(p) {
			b = Of(p, s.files(p))
		}
		s.packages[p] = b
	}
	return b
}

func importsRuntime(p *types.Package) bool {
	for _, i := range p.Imports() {
		if i.Path() == ir.RuntimePath {
			return true
		}
	}
	return false
}

// WithImports are the packages that a package imports, and the package.
func WithImports(p *types.Package) []*types.Package {
	return slices.Concat(p.Imports(), []*types.Package{p})
}

// Symbol is what an object of a generated package represents; ok is false for any other object.
func (s *Set) Symbol(o types.Object) (Symbol, bool) {
	if o == nil {
		return Symbol{}, false
	}
	b := s.Of(o.Pkg())
	if b == nil {
		return Symbol{}, false
	}
	return b.Symbol(o)
}

// Type is what a type of a generated package represents; ok is false for any other type.
func (s *Set) Type(t types.Type) (Symbol, bool) {
	if name := typeName(t); name != nil {
		return s.Symbol(name)
	}
	return Symbol{}, false
}

// RecordOf is the model of a record or of values, of a pointer to them, or of a slice; nil of other types.
func (s *Set) RecordOf(t types.Type) *Model {
	if symbol, ok := s.Type(Element(t)); ok && (symbol.Part == Record || symbol.Part == Values) {
		return symbol.Model
	}
	return nil
}

// Model finds a model by its name in Odoo, in the packages that a package imports, itself among them; a model with all
// its fields goes before one that is only pointed to.
func (s *Set) Model(in *types.Package, name string) *Model {
	var found *Model
	for _, p := range WithImports(in) {
		if b := s.Of(p); b != nil {
			if m := b.Model(name); m != nil && (found == nil || found.Stub) {
				found = m
			}
		}
	}
	return found
}

// Target is the model that a relation points to; nil of other fields.
func (s *Set) Target(f *Field) *Model {
	if t := f.Target(); t != nil {
		return s.RecordOf(t.Type())
	}
	return nil
}

// Element takes pointers and slices off a type.
func Element(t types.Type) types.Type {
	for {
		switch u := types.Unalias(t).(type) {
		case *types.Pointer:
			t = u.Elem()
		case *types.Slice:
			t = u.Elem()
		default:
			return t
		}
	}
}
