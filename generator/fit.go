package generator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/ir"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// Fit is the configuration for a snapshot that it was not written for: what has another name now goes by that, and models,
// fields, methods and renames that name nothing in the snapshot are left out. Conflicts of names are settled. renamed has the new
// addresses by the old ones: "sale.order", "sale.order/state".
func (c Config) Fit(s *snapshot.Schema, renamed map[string]string) Config {
	c.AutoRename = true
	c.Models = fitModels(c.Models, s, renamed)
	chosen, _, err := snapshot.Match(s.Models, c.Models)
	if err != nil {
		return c
	}
	c.Fields = fitFields(c.Fields, chosen, renamed)
	c.Projections = fitProjections(c.Projections, s, renamed)
	c.Methods = fitMethods(c, s, renamed)
	rename := map[string]string{}
	for address, name := range c.Rename {
		address = newName(renamed, address)
		if checkRenames(map[string]string{address: "X"}, s) == nil {
			rename[address] = name
		}
	}
	c.Rename = rename
	return c
}

func newName(renamed map[string]string, address string) string {
	if to := renamed[address]; to != "" {
		return to
	}
	return address
}

// fitModels leaves out the patterns that match nothing.
func fitModels(patterns []string, s *snapshot.Schema, renamed map[string]string) []string {
	var fit []string
	for _, pattern := range patterns {
		pattern = newName(renamed, pattern)
		if _, unmatched, err := snapshot.Match(s.Models, []string{pattern}); err == nil && len(unmatched) == 0 {
			fit = append(fit, pattern)
		}
	}
	return fit
}

// fitFields leaves out the lists of models, and the patterns in them, that match nothing.
func fitFields(lists map[string][]string, chosen []snapshot.Model, renamed map[string]string) map[string][]string {
	fit := map[string][]string{}
	for old, patterns := range lists {
		glob := newName(renamed, old)
		models, unmatched, err := snapshot.Match(chosen, []string{glob})
		if err != nil || len(unmatched) > 0 {
			continue
		}
		scratch := map[string]map[string]bool{}
		for _, m := range models {
			scratch[m.Name] = map[string]bool{}
		}
		for _, pattern := range patterns {
			if _, field, ok := strings.Cut(renamed[old+"/"+pattern], "/"); ok {
				pattern = field
			}
			if keep(scratch, models, pattern) == nil {
				fit[glob] = append(fit[glob], pattern)
			}
		}
	}
	return fit
}

// fitMethods leaves out the settings of methods that match nothing.
func fitMethods(c Config, s *snapshot.Schema, renamed map[string]string) map[string][]string {
	fit := map[string][]string{}
	for glob, entries := range c.Methods {
		glob = newName(renamed, glob)
		for _, entry := range entries {
			scratch, one := *s, Config{Methods: map[string][]string{glob: {entry}}}
			if AddMethods(&scratch, one) == nil {
				fit[glob] = append(fit[glob], entry)
			}
		}
	}
	return fit
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

// fitProjections leaves out the fields of projections that are gone, and projections without any left.
func fitProjections(projections Projections, s *snapshot.Schema, renamed map[string]string) Projections {
	models := map[string]snapshot.Model{}
	for _, m := range s.Models {
		models[m.Name] = m
	}
	var fit Projections
	for _, p := range projections {
		old := p.Model
		p.Model = newName(renamed, old)
		if p.Fields = fitProjected(p.Fields, old, models[p.Model], models, renamed); len(p.Fields) > 0 {
			fit = append(fit, p)
		}
	}
	return fit
}

func fitProjected(fields []ProjectedField, old string, m snapshot.Model, models map[string]snapshot.Model, renamed map[string]string) []ProjectedField {
	var fit []ProjectedField
	for _, f := range fields {
		if _, name, ok := strings.Cut(renamed[old+"/"+f.Name], "/"); ok {
			f.Name = name
		}
		i := slices.IndexFunc(m.Fields, func(known snapshot.Field) bool { return known.Name == f.Name })
		if i < 0 {
			continue
		}
		if len(f.Fields) > 0 {
			target := m.Fields[i].Relation
			if f.Fields = fitProjected(f.Fields, target, models[target], models, renamed); len(f.Fields) == 0 {
				continue
			}
		}
		fit = append(fit, f)
	}
	return fit
}
