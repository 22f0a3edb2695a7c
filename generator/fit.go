package generator

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/ir"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// Fit is the configuration for a snapshot that it was not written for: what has another name now goes by that, and settings
// that name nothing in the snapshot are left out. Conflicts of names are settled. renamed has the new addresses by the old
// ones: "sale.order", "sale.order/state".
func (c Config) Fit(s *snapshot.Schema, renamed map[string]string) Config {
	c = c.withNewNames(renamed)
	c.AutoRename = true
	selected, _ := Resolve(c, s)
	c = c.without(selected.wrong)
	c.Projections = fitProjections(c.Projections, s, renamed)
	return c
}

// withNewNames is the configuration with the new names in place of the old ones, but for projections.
func (c Config) withNewNames(renamed map[string]string) Config {
	models := make([]string, len(c.Models))
	for i, pattern := range c.Models {
		models[i] = newName(renamed, pattern)
	}
	fields, methods, rename := map[string][]string{}, map[string][]string{}, map[string]string{}
	for glob, patterns := range c.Fields {
		list := make([]string, len(patterns))
		for i, pattern := range patterns {
			list[i] = pattern
			if _, field, ok := strings.Cut(renamed[glob+"/"+pattern], "/"); ok {
				list[i] = field
			}
		}
		fields[newName(renamed, glob)] = list
	}
	for glob, entries := range c.Methods {
		methods[newName(renamed, glob)] = entries
	}
	for address, name := range c.Rename {
		rename[newName(renamed, address)] = name
	}
	c.Models, c.Fields, c.Methods, c.Rename = models, fields, methods, rename
	return c
}

func newName(renamed map[string]string, address string) string {
	return cmp.Or(renamed[address], address)
}

// without is the configuration without the settings that are wrong. A list of which nothing is left goes, too.
func (c Config) without(wrong []problem) Config {
	gone := map[setting]bool{}
	for _, p := range wrong {
		gone[p.setting] = true
	}
	c.Models = slices.DeleteFunc(slices.Clone(c.Models), func(pattern string) bool { return gone[setting{modelSection, "", pattern}] })
	c.Fields = withoutEntries(c.Fields, fieldSection, gone)
	c.Methods = withoutEntries(c.Methods, methodSection, gone)
	c.Rename = maps.Clone(c.Rename)
	maps.DeleteFunc(c.Rename, func(address, _ string) bool { return gone[setting{renameSection, "", address}] })
	return c
}

func withoutEntries(lists map[string][]string, at section, gone map[setting]bool) map[string][]string {
	fit := map[string][]string{}
	for glob, entries := range lists {
		left := slices.DeleteFunc(slices.Clone(entries), func(entry string) bool { return gone[setting{at, glob, entry}] })
		if !gone[setting{at, glob, ""}] && (len(left) > 0 || len(entries) == 0) {
			fit[glob] = left
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
