package orm

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"testing"
)

// The compiler instantiates each method of each generic type that a package names, and a generated package names these
// for every field of every model: see types.go.
func TestGenericTypesOfGeneratedCodeHaveNoMethods(t *testing.T) {
	for _, typ := range []reflect.Type{
		reflect.TypeFor[ID[sale]](),
		reflect.TypeFor[Ref[sale]](),
		reflect.TypeFor[TextID[sale]](),
		reflect.TypeFor[TextRef[sale]](),
		reflect.TypeFor[Field[sale, string]](),
		reflect.TypeFor[Rel[sale, partner]](),
		reflect.TypeFor[Opt[string]](),
		reflect.TypeFor[Command[line]](),
		reflect.TypeFor[Domain[sale]](),
	} {
		if n := typ.NumMethod() + reflect.PointerTo(typ).NumMethod(); n != 0 {
			t.Errorf("%s has methods", typ)
		}
	}
}

// Reflection does not see methods that are not exported; the source shows them.
func TestNoGenericTypeHasAMethod(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv != nil && isInstance(f.Recv.List[0].Type) {
				t.Errorf("%s: the method %s is one of a generic type", file, f.Name)
			}
		}
	}
}

func isInstance(receiver ast.Expr) bool {
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	switch receiver.(type) {
	case *ast.IndexExpr, *ast.IndexListExpr:
		return true
	}
	return false
}
