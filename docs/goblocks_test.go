package docs_test

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
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

const (
	module     = "github.com/odoogen/odoogen"
	ormPath    = module + "/runtime"
	stockTypes = module + "/generated/odoo"
)

// imported are the packages that blocks can use, by their names.
var imported = map[string]string{"orm": ormPath, "odoo": stockTypes}

func init() {
	for _, name := range []string{
		"access", "actions", "admin", "apikey", "bus", "compare", "feed", "files", "form", "load", "mail", "odoosync", "odootest", "properties", "report",
		"schema", "translations", "webhook", "wire", "xmlid",
	} {
		imported[name] = ormPath + "/" + name
	}
	for _, std := range []string{
		"bytes", "context", "crypto/tls", "crypto/x509", "database/sql", "encoding/csv", "encoding/json", "errors", "fmt", "io", "log", "log/slog", "net/http", "net/url", "os",
		"slices", "strconv", "strings", "sync/atomic", "testing", "time",
	} {
		imported[path.Base(std)] = std
	}
}

// TestGoBlocks type-checks the Go of all pages. A block with functions is a program; the other blocks of a page follow each
// other in a function that has ctx, c, client and t. Notes before a block:
//
//	given: acme orm.ID[odoo.ResPartner]; key string   variables that the block has, without showing where from
//	bindings: golden/own/want                         the package odoo of the page, if it is not that of a stock Odoo
//	elsewhere: why                                    the block is not checked
//	file: main.go                                     the same: a test runs the page
func TestGoBlocks(t *testing.T) {
	files, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("*/*.md")
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]*page{}
	for _, file := range slices.Concat([]string{"../README.md"}, files, more) {
		if p := readPage(t, file); p.blocks > 0 {
			pages[file] = p
		}
	}
	if len(pages) < 15 {
		t.Fatalf("%d pages have Go", len(pages))
	}
	imp := newImporter(t, pages)
	for _, file := range slices.Sorted(maps.Keys(pages)) {
		t.Run(file, func(t *testing.T) { pages[file].check(t, imp) })
	}
}

// page is the Go of a page.
type page struct {
	blocks     int
	bindings   string   // the path of its package odoo
	programs   []string // the blocks with functions
	statements strings.Builder
}

func readPage(t *testing.T, file string) *page {
	t.Helper()
	p, scopes := &page{bindings: stockTypes}, 0
	for _, b := range readBlocks(t, file) {
		_, elsewhere := b.notes["elsewhere"]
		if b.language != "go" || elsewhere || b.notes["file"] != "" {
			continue
		}
		p.blocks++
		b.text = strings.ReplaceAll(b.text, "…", "") // code that is left out
		if bindings := b.notes["bindings"]; bindings != "" {
			p.bindings = module + "/" + bindings
		}
		var given strings.Builder
		for variable := range strings.SplitSeq(b.notes["given"], "; ") {
			if variable != "" {
				fmt.Fprintf(&given, "var %s\n", variable)
			}
		}
		text := fmt.Sprintf("//line %s:%d\n%s\n", file, b.line, b.text)
		if isDeclarations(b.text) {
			p.programs = append(p.programs, given.String()+text)
			continue
		}
		p.statements.WriteString(given.String() + "{\n" + text)
		scopes++
	}
	p.statements.WriteString(strings.Repeat("}", scopes) + "\n")
	return p
}

// isDeclarations reports whether the block has functions or imports, which are not allowed in a function.
func isDeclarations(text string) bool {
	f, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+text, parser.SkipObjectResolution)
	return err == nil && slices.ContainsFunc(f.Decls, func(d ast.Decl) bool {
		general, ok := d.(*ast.GenDecl)
		return !ok || general.Tok == token.IMPORT
	})
}

// sources are the programs of the page, and that of its statements. Packages that they import and do not use are no error here.
func (p *page) sources() []string {
	var head strings.Builder
	head.WriteString("package page\n")
	for _, name := range slices.Sorted(maps.Keys(imported)) {
		path := imported[name]
		if name == "odoo" {
			path = p.bindings
		}
		fmt.Fprintf(&head, "import %s %q\n", name, path)
	}
	statements := fmt.Sprintf("func _(ctx context.Context, c, client *orm.Client, t *testing.T) error {\n%s\treturn nil\n}\n", p.statements.String())
	var all []string
	for _, body := range append(slices.Clone(p.programs), statements) {
		all = append(all, head.String()+body)
	}
	return all
}

// A snippet may leave out what makes use of its results.
var unused = regexp.MustCompile(`declared and not used|imported (as \w+ )?and not used|is not used$|^missing return$`)

func (p *page) check(t *testing.T, imp *exportImporter) {
	t.Helper()
	config := types.Config{Importer: imp, Error: func(err error) {
		var e types.Error
		if errors.As(err, &e) && !unused.MatchString(e.Msg) {
			t.Errorf("%s: %s", imp.fset.Position(e.Pos), e.Msg)
		}
	}}
	for _, source := range p.sources() {
		f, err := parser.ParseFile(imp.fset, "page.go", source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = config.Check("page", imp.fset, []*ast.File{f}, nil) // Error has them all
	}
}

// exportImporter imports compiled packages.
type exportImporter struct {
	types.Importer
	fset *token.FileSet
}

func newImporter(t *testing.T, pages map[string]*page) *exportImporter {
	t.Helper()
	wanted := slices.Collect(maps.Values(imported))
	for _, p := range pages {
		wanted = append(wanted, p.bindings)
	}
	loaded, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedExportFile | packages.NeedImports | packages.NeedDeps}, wanted...)
	if err != nil {
		t.Fatal(err)
	}
	exports := map[string]string{}
	packages.Visit(loaded, nil, func(p *packages.Package) {
		exports[p.PkgPath] = p.ExportFile
		for _, problem := range p.Errors {
			t.Error(problem)
		}
	})
	fset := token.NewFileSet()
	lookup := func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no export data of %s", cmp.Or(path, "a package"))
		}
		return os.Open(exports[path])
	}
	return &exportImporter{importer.ForCompiler(fset, "gc", lookup), fset}
}
