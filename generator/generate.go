package generator

import (
	"fmt"
	"go/token"
	"strings"

	"github.com/odoogen/odoogen/internal/ir"
	"github.com/odoogen/odoogen/introspect/snapshot"
	"github.com/odoogen/odoogen/templates"
)

// Result is a generated package that is not written yet.
type Result struct {
	Files    map[string][]byte // by name, without a folder
	Models   int
	Methods  int            // the number of business methods on the clients
	LeftOut  map[string]int // the number of methods of the snapshot that are not generated, by reason
	Same     []string       // the fields that have several names, in the form of odoogen.yaml
	Warnings []string
	Unused   []string // settings without effect
	Types    []OwnType
}

// Generate generates the Go package for a snapshot. The same snapshot and configuration give the same bytes.
func Generate(s *snapshot.Schema, c Config) (*Result, error) {
	if !isPackageName(c.Package) {
		return nil, fmt.Errorf("%q is not the name of a Go package that can be imported", c.Package)
	}
	if err := s.Check(); err != nil {
		return nil, err
	}
	p, err := plan(s, c)
	if err != nil {
		return nil, err
	}
	files, err := templates.Render(p.pkg, docFile, referencesFile, schemaFile, projectionsFile)
	if err != nil {
		return nil, err
	}
	var warnings []string
	for _, shadowing := range p.selected.Shadowing {
		warnings = append(warnings, shadowing.String())
	}
	return &Result{
		Files: files, Models: len(p.pkg.Models), Methods: p.selected.Methods(), LeftOut: p.selected.LeftOut,
		Same:     severalNames(p.selected.Models),
		Warnings: append(warnings, p.warnings...), Unused: append(p.selected.Unused, p.unusedTypes()...), Types: p.ownTypes,
	}, nil
}

// Plan decides what Generate would write, without writing it.
func Plan(s *snapshot.Schema, c Config) (*ir.Package, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	p, err := plan(s, c)
	if err != nil {
		return nil, fmt.Errorf("the bindings of the snapshot: %w", err)
	}
	return p.pkg, nil
}

// isPackageName refuses names that are not valid in Go, and names that Go treats as a program, a test or a package to
// ignore.
func isPackageName(name string) bool {
	special := name == "_" || name == "main" || name == "documentation" || strings.HasSuffix(name, "_test")
	return token.IsIdentifier(name) && !special
}
