package golden_test

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// What the files of a package are allowed to be. Files that need each other in a circle can only be understood together.
const (
	mostFilesInACircle = 6
	mostReferencesBack = 20
)

// References between the files of a package run one way, but for small circles.
func TestFilesOfAPackageHaveNoLargeCircles(t *testing.T) {
	mode := packages.NeedName | packages.NeedImports | packages.NeedTypes | packages.NeedTypesSizes | packages.NeedSyntax | packages.NeedTypesInfo
	loaded, err := packages.Load(&packages.Config{Mode: mode, Dir: "../runtime"}, ".", "./internal/codec", "./internal/protocol", "./internal/transport")
	if err != nil {
		t.Fatal(err)
	}
	if len(loaded) != 4 {
		t.Fatalf("%d packages", len(loaded))
	}
	for _, p := range loaded {
		references := referencesOf(p)
		if len(references) < 3 {
			t.Errorf("%s: references between %d files only: are the types known? %v", p.PkgPath, len(references), p.Errors)
		}
		total, circles := 0, circlesOf(references)
		for _, circle := range circles {
			back, names := fewestBack(circle, references)
			total += back
			if len(circle) > mostFilesInACircle {
				t.Errorf("%s: %d files need each other: %s: move what they share to one of them, or to a file of its own",
					p.PkgPath, len(circle), strings.Join(circle, ", "))
			}
			t.Logf("%s: %s: %s", p.PkgPath, strings.Join(circle, ", "), strings.Join(names, "; "))
		}
		if total > mostReferencesBack {
			t.Errorf("%s: %d references run back, %d are allowed: go test -v shows them", p.PkgPath, total, mostReferencesBack)
		}
	}
}

// fileReferences are what each file uses of each other file of its package: the names, with how often.
type fileReferences map[string]map[string]map[string]int

// referencesOf finds every identifier that means something declared at the top level of another file: a type, function,
// variable, constant or method.
func referencesOf(p *packages.Package) fileReferences {
	out := fileReferences{}
	for _, f := range p.Syntax {
		from := filepath.Base(p.Fset.Position(f.Package).Filename)
		out[from] = map[string]map[string]int{}
		ast.Inspect(f, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			o := p.TypesInfo.Uses[id]
			if o == nil || o.Pkg() != p.Types || !isTopLevel(o) {
				return true
			}
			if to := filepath.Base(p.Fset.Position(o.Pos()).Filename); to != from {
				if out[from][to] == nil {
					out[from][to] = map[string]int{}
				}
				out[from][to][o.Name()]++
			}
			return true
		})
	}
	return out
}

func isTopLevel(o types.Object) bool {
	_, isFunc := o.(*types.Func)
	return isFunc || o.Parent() == o.Pkg().Scope()
}

// circlesOf are the groups of files that need each other, the strongly connected components of two files and more.
func circlesOf(references fileReferences) (out [][]string) {
	reach := map[string]map[string]bool{}
	for from := range references {
		reach[from] = map[string]bool{}
		follow(references, from, reach[from])
	}
	done := map[string]bool{}
	for _, from := range slices.Sorted(maps.Keys(references)) {
		if done[from] {
			continue
		}
		circle := []string{from}
		for _, to := range slices.Sorted(maps.Keys(reach[from])) {
			if to != from && reach[to][from] {
				circle = append(circle, to)
				done[to] = true
			}
		}
		if len(circle) > 1 {
			out = append(out, circle)
		}
	}
	return out
}

func follow(references fileReferences, from string, seen map[string]bool) {
	for to := range references[from] {
		if !seen[to] {
			seen[to] = true
			follow(references, to, seen)
		}
	}
}

// fewestBack is the smallest number of references that would have to go so that the circle is none, over all orders of its
// files; and the names that they use. Of a circle that is too large it is the order given.
func fewestBack(circle []string, references fileReferences) (fewest int, names []string) {
	fewest = math.MaxInt
	try := func(order []string) {
		n, used := 0, []string(nil)
		for i, from := range order {
			for _, to := range order[:i] {
				for _, name := range slices.Sorted(maps.Keys(references[from][to])) {
					n += references[from][to][name]
					used = append(used, fmt.Sprintf("%s uses %s of %s", from, name, to))
				}
			}
		}
		if n < fewest {
			fewest, names = n, used
		}
	}
	if len(circle) > mostFilesInACircle {
		try(circle)
	} else {
		permute(circle, 0, try)
	}
	return fewest, names
}

func permute(list []string, at int, do func([]string)) {
	if at == len(list) {
		do(list)
		return
	}
	for i := at; i < len(list); i++ {
		list[at], list[i] = list[i], list[at]
		permute(list, at+1, do)
		list[at], list[i] = list[i], list[at]
	}
}
