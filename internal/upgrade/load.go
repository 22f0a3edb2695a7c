// Package upgrade finds what the changes between two snapshots do to Go code: the lines that an upgrade of Odoo breaks or gives
// another meaning, and rewrites those that certainly have another name.
//
// load.go reads the code; impact.go connects its uses of Odoo with the changes, and with what the compiler says about the new
// bindings; renames.go knows the new names, and fix.go writes them.
package upgrade

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/odoogen/odoogen/internal/bindings"
	"github.com/odoogen/odoogen/internal/ir"
	"github.com/odoogen/odoogen/templates"
)

// Options say what code to look at.
type Options struct {
	Dir      string   // where the patterns are from; "" is the working folder
	Patterns []string // of go list: ./...
	Tags     []string // build tags
	Env      []string // the environment of the go command; nil is the own one
}

// Code is the code that uses generated packages, with its types: the packages asked for and their tests, the generated
// packages, and what of their dependencies lies between.
type Code struct {
	root      string // the folder that holds all modules that are worked on
	fset      *token.FileSet
	sources   []*source // each after those that it imports
	byID      map[string]*source
	exports   map[string]string // files of export data, by import path
	generated map[*source]bool
}

// source is a package whose types come from its files.
type source struct {
	*packages.Package
	root  bool // asked for
	files []*ast.File
	types *types.Package
	info  *types.Info
}

const mode = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedDeps |
	packages.NeedExportFile | packages.NeedTypesSizes | packages.NeedModule | packages.NeedForTest

// Load reads the code. Code that does not compile is an error: without types its uses are unknown.
func Load(o Options) (*Code, error) {
	config := &packages.Config{Mode: mode, Dir: o.Dir, Env: o.Env, Tests: true}
	if len(o.Tags) > 0 {
		config.BuildFlags = []string{"-tags=" + strings.Join(o.Tags, ",")}
	}
	roots, err := packages.Load(config, o.Patterns...)
	if err != nil {
		return nil, fmt.Errorf("loading %s: %w", strings.Join(o.Patterns, " "), err)
	}
	root, err := o.root()
	if err != nil {
		return nil, err
	}
	c := &Code{root: root, fset: token.NewFileSet(), byID: map[string]*source{}, exports: map[string]string{}, generated: map[*source]bool{}}
	if err := c.choose(roots); err != nil {
		return nil, err
	}
	if err := c.parse(); err != nil {
		return nil, err
	}
	if problems := c.check(nil); len(problems) > 0 {
		return nil, fmt.Errorf("the code does not compile with the bindings that it has; generate them from the old snapshot first:\n%s", firstLines(problems))
	}
	return c, nil
}

// choose decides which packages are read from their files: those asked for, the generated ones, and all that import one.
func (c *Code) choose(roots []*packages.Package) error {
	var failed []string
	asked := map[*packages.Package]bool{}
	for _, p := range roots {
		asked[p] = !strings.HasSuffix(p.PkgPath, ".test")
	}
	packages.Visit(roots, nil, func(p *packages.Package) {
		for _, problem := range p.Errors {
			// What the compiler says, "# path" before it, the type check says again, with the place.
			if problem.Kind != packages.TypeError && !strings.HasPrefix(problem.Msg, "# ") {
				failed = append(failed, problem.Error())
			}
		}
		if p.ExportFile != "" && (c.exports[p.PkgPath] == "" || p.ForTest == "") {
			c.exports[p.PkgPath] = p.ExportFile
		}
		generated := isGenerated(p)
		uses := false
		for _, i := range p.Imports {
			uses = uses || c.byID[i.ID] != nil
		}
		if generated || uses || asked[p] {
			s := &source{Package: p, root: asked[p] && !generated}
			c.sources, c.byID[p.ID] = append(c.sources, s), s
			if generated {
				c.generated[s] = true
			}
		}
	})
	if len(failed) > 0 {
		return fmt.Errorf("the code can't be loaded:\n%s", firstLines(failed))
	}
	if len(c.generated) == 0 {
		return errors.New("the code imports no package that odoogen generated")
	}
	return nil
}

// isGenerated reports whether odoogen wrote a package.
func isGenerated(p *packages.Package) bool {
	if p.Imports[ir.RuntimePath] == nil {
		return false
	}
	return slices.ContainsFunc(p.CompiledGoFiles, func(file string) bool {
		f, err := os.Open(file)
		if err != nil {
			return false
		}
		defer f.Close() //nolint:errcheck // it was only read
		head := make([]byte, len(templates.HeaderPrefix))
		_, err = io.ReadFull(f, head)
		return err == nil && string(head) == templates.HeaderPrefix
	})
}

func (c *Code) parse() error {
	for _, s := range c.sources {
		for _, file := range s.CompiledGoFiles {
			f, err := parser.ParseFile(c.fset, file, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			s.files = append(s.files, f)
		}
	}
	return nil
}

// check type-checks the sources. Those of generated packages are replaced by the files given for their path, if there
// are any: then the types of the code stay as they were. It gives what does not compile.
func (c *Code) check(replaced map[string][]*ast.File) []Problem {
	var problems []Problem
	checked := map[string]*types.Package{} // by id
	exported := importer.ForCompiler(c.fset, "gc", func(path string) (io.ReadCloser, error) {
		if c.exports[path] == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(c.exports[path])
	})
	for _, s := range c.sources {
		files := s.files
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{}, Instances: map[*ast.Ident]types.Instance{}, Implicits: map[ast.Node]types.Object{}}
		if replaced != nil {
			info = nil
			if other, ok := replaced[s.PkgPath]; ok && c.generated[s] {
				files = append(own(s), other...)
			}
		}
		config := types.Config{
			Sizes:            s.TypesSizes,
			IgnoreFuncBodies: c.generated[s],
			Importer: importerFunc(func(path string) (*types.Package, error) {
				if p := checked[importedID(s.Package, path)]; p != nil {
					return p, nil
				}
				return exported.Import(path)
			}),
			Error: func(err error) { problems = append(problems, c.problem(err)) },
		}
		if s.Module != nil && s.Module.GoVersion != "" {
			config.GoVersion = "go" + s.Module.GoVersion
		}
		p, _ := config.Check(s.PkgPath, c.fset, files, info) // Error has them all
		checked[s.ID] = p
		if replaced == nil {
			s.types, s.info = p, info
		}
	}
	slices.SortFunc(problems, compareProblems)
	return slices.Compact(problems)
}

// own are the files of a generated package that odoogen did not write.
func own(s *source) []*ast.File {
	var out []*ast.File
	for _, f := range s.files {
		if !isOurs(f) {
			out = append(out, f)
		}
	}
	return out
}

// isOurs reports whether odoogen wrote a file.
func isOurs(f *ast.File) bool {
	return len(f.Comments) > 0 && strings.HasPrefix(f.Comments[0].List[0].Text, templates.HeaderPrefix)
}

func importedID(p *packages.Package, path string) string {
	if i := p.Imports[path]; i != nil {
		return i.ID
	}
	return ""
}

type importerFunc func(string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// Problem is what the compiler says of a place in the code.
type Problem struct {
	Pos  token.Position
	Text string
}

func (p Problem) String() string { return fmt.Sprintf("%s: %s", p.Pos, p.Text) }

// structs are the types of field descriptors, which are long.
var structs = regexp.MustCompile(`struct\{[^}]*\}`)

func (c *Code) problem(err error) Problem {
	var e types.Error
	if errors.As(err, &e) {
		return Problem{c.fset.Position(e.Pos), structs.ReplaceAllString(e.Msg, "struct{…}")}
	}
	return Problem{Text: err.Error()}
}

func compareProblems(a, b Problem) int {
	return cmp.Or(strings.Compare(a.Pos.Filename, b.Pos.Filename), a.Pos.Offset-b.Pos.Offset, strings.Compare(a.Text, b.Text))
}

// set reads the generated packages back.
func (c *Code) set() *bindings.Set {
	files := map[*types.Package][]*ast.File{}
	for s := range c.generated {
		files[s.types] = s.files
	}
	return bindings.NewSet(func(p *types.Package) []*ast.File { return files[p] })
}

// Generated are the folders of the generated packages, by import path.
func (c *Code) Generated() map[string]string {
	folders := map[string]string{}
	for s := range c.generated {
		if len(s.GoFiles) > 0 {
			folders[s.PkgPath] = filepath.Dir(s.GoFiles[0])
		}
	}
	return folders
}

func firstLines[T any](all []T) string {
	const most = 10
	var b strings.Builder
	for i, line := range all {
		if i == most {
			fmt.Fprintf(&b, "  … and %d more", len(all)-most)
			break
		}
		fmt.Fprintf(&b, "  %v\n", line)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// sameFolder reports whether two paths name the same folder, which exists.
func sameFolder(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}
