// Package owntypes checks the Go types of odoogen.yaml that fields have: that they exist, and that the runtime can read and write
// values of the fields with them. The rules are those of runtime/internal/codec.
package owntypes

import (
	"errors"
	"fmt"
	"go/types"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/tools/go/packages"

	"github.com/odoogen/odoogen/generator"
)

// ErrUnchecked is the error for types that cannot be looked up: the folder is in no Go module, or there is no Go command.
var ErrUnchecked = errors.New("the types are not checked")

const mode = packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps

// Check checks the types of fields of the package that is generated into the folder out.
func Check(out string, own []generator.OwnType) error {
	if len(own) == 0 {
		return nil
	}
	module, err := moduleOf(out)
	if err != nil {
		return err
	}
	own = slices.SortedFunc(slices.Values(own), func(a, b generator.OwnType) int { return strings.Compare(a.Key, b.Key) })
	var paths []string
	for _, t := range own {
		if !slices.Contains(paths, t.Path) {
			paths = append(paths, t.Path)
		}
	}
	loaded, err := packages.Load(&packages.Config{Mode: mode, Dir: module.dir}, paths...)
	if err != nil {
		return fmt.Errorf("loading the packages of types: %w", err)
	}
	byPath := map[string]*packages.Package{}
	for _, p := range loaded {
		byPath[p.PkgPath] = p
	}
	var errs []error
	for _, t := range own {
		if err := module.check(t, byPath[t.Path]); err != nil {
			errs = append(errs, fmt.Errorf("%s: types: %s: %w", generator.ConfigFile, t.Key, err))
		}
	}
	return errors.Join(errs...)
}

// consumer is the module that the generated package is part of.
type consumer struct {
	dir string
	out string // the import path of the generated package
}

// moduleOf finds the module of a folder, which need not exist yet.
func moduleOf(out string) (consumer, error) {
	if _, err := exec.LookPath("go"); err != nil {
		return consumer{}, fmt.Errorf("%w: %w", ErrUnchecked, err)
	}
	out, err := filepath.Abs(out)
	if err != nil {
		return consumer{}, err
	}
	for dir := out; ; dir = filepath.Dir(dir) {
		if data, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil {
			relative, err := filepath.Rel(dir, out)
			return consumer{dir, path.Join(modfile.ModulePath(data), filepath.ToSlash(relative))}, err
		}
		if dir == filepath.Dir(dir) {
			return consumer{}, fmt.Errorf("%w: %s is in no Go module", ErrUnchecked, out)
		}
	}
}

func (c consumer) check(own generator.OwnType, p *packages.Package) error {
	if p == nil {
		return fmt.Errorf("no package %s", own.Path)
	}
	if err := c.checkPackage(p); err != nil {
		return err
	}
	t, ok := p.Types.Scope().Lookup(own.Name).(*types.TypeName)
	switch {
	case !ok:
		return fmt.Errorf("the package %s has no type %s", own.Path, own.Name)
	case isGeneric(t.Type()):
		return fmt.Errorf("%s has type parameters", own)
	}
	if problem := unfit(t.Type(), own.Odoo); problem != "" {
		return fmt.Errorf("%s does not fit fields of type %s: %s", own, own.Odoo, problem)
	}
	return nil
}

// checkPackage refuses a package that imports the generated one, or that does not compile.
func (c consumer) checkPackage(p *packages.Package) error {
	cyclic := false
	packages.Visit([]*packages.Package{p}, func(dep *packages.Package) bool {
		cyclic = cyclic || dep.PkgPath == c.out
		return !cyclic
	}, nil)
	if cyclic {
		return fmt.Errorf("the package %s is, or imports, the generated package: move the type to a package of its own", p.PkgPath)
	}
	if len(p.Errors) > 0 {
		return fmt.Errorf("the package %s cannot be loaded: %s", p.PkgPath, p.Errors[0].Msg)
	}
	return nil
}

func isGeneric(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.TypeParams().Len() > n.TypeArgs().Len()
}
