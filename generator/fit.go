package generator

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// Fit adapts a configuration to a newer snapshot: it replaces renamed names, removes settings that name nothing in the
// snapshot, and resolves name conflicts. renamed maps old addresses to new ones: "sale.order", "sale.order/state".
func (c Config) Fit(s *snapshot.Schema, renamed map[string]string) Config {
	c = c.withNewNames(newRenaming(renamed), s)
	c.AutoRename = true
	selected, _ := Resolve(c, s)
	return c.without(selected.wrong)
}

// Outdated lists the renamed names that the configuration still uses: "mail.channel → discuss.channel".
func (c Config) Outdated(s *snapshot.Schema, renamed map[string]string) []string {
	r := newRenaming(renamed)
	c.withNewNames(r, s)
	out := []string{}
	for _, old := range slices.Sorted(maps.Keys(r.used)) {
		out = append(out, old+" → "+renamed[old])
	}
	return out
}

// withNewNames returns the configuration with the old names replaced by the new ones.
func (c Config) withNewNames(r *renaming, s *snapshot.Schema) Config {
	models := make([]string, len(c.Models))
	for i, pattern := range c.Models {
		models[i] = negatable(pattern, r.model)
	}
	fields, methods, rename := map[string][]string{}, map[string][]string{}, map[string]string{}
	for glob, patterns := range c.Fields {
		list := make([]string, len(patterns))
		for i, pattern := range patterns {
			list[i] = negatable(pattern, func(field string) string { return r.field(glob, field) })
		}
		fields[r.model(glob)] = list
	}
	for glob, entries := range c.Methods {
		methods[r.model(glob)] = entries
	}
	for address, name := range c.Rename {
		rename[r.address(address)] = name
	}
	types := map[string]string{}
	for key, name := range c.Types {
		types[r.address(key)] = name
	}
	c.Models, c.Fields, c.Methods, c.Rename, c.Types = models, fields, methods, rename, types
	c.Projections = fitProjections(c.Projections, s, r)
	return c
}

// negatable renames a pattern that can start with "!".
func negatable(pattern string, rename func(string) string) string {
	if name, negated := strings.CutPrefix(pattern, "!"); negated {
		return "!" + rename(name)
	}
	return rename(pattern)
}

// renaming maps old names to new ones, and records which of them were used.
type renaming struct {
	names map[string]string // new address by old address
	used  map[string]bool   // old addresses
}

func newRenaming(names map[string]string) *renaming { return &renaming{names, map[string]bool{}} }

func (r *renaming) lookup(old string) (name string, ok bool) {
	if name, ok = r.names[old]; ok {
		r.used[old] = true
	}
	return name, ok
}

// model returns the new name of a model. A pattern and the name of a model that was not renamed are returned unchanged.
func (r *renaming) model(old string) string {
	name, _ := r.lookup(old)
	return cmp.Or(name, old)
}

// field returns the new name of a field. The model is given by its old name.
func (r *renaming) field(model, old string) string {
	address, _ := r.lookup(model + "/" + old)
	_, name, _ := strings.Cut(address, "/")
	return cmp.Or(name, old)
}

// address returns the new address of a model, a field, a choice or a method.
func (r *renaming) address(old string) string {
	if address, ok := r.lookup(old); ok {
		return address
	}
	model, rest, isPart := strings.Cut(old, "/")
	if !isPart {
		return old
	}
	field, choice, isChoice := strings.Cut(rest, "=")
	address := r.model(model) + "/" + r.field(model, field)
	if isChoice {
		address += "=" + choice
	}
	return address
}

// oldModel returns the old name of a model.
func (r *renaming) oldModel(name string) string {
	for old, new := range r.names {
		if new == name && !strings.Contains(old, "/") {
			return old
		}
	}
	return name
}

// without removes the wrong settings from the configuration. A list that becomes empty is removed too.
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
	c.Types = maps.Clone(c.Types)
	maps.DeleteFunc(c.Types, func(key, _ string) bool { return gone[setting{typeSection, "", key}] })
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

// fitProjections leaves out fields of projections that no longer exist, and projections without remaining fields.
func fitProjections(projections Projections, s *snapshot.Schema, r *renaming) Projections {
	models := map[string]snapshot.Model{}
	for _, m := range s.Models {
		models[m.Name] = m
	}
	var fit Projections
	for _, p := range projections {
		old := p.Model
		p.Model = r.model(old)
		if p.Fields = fitProjected(p.Fields, old, models, r); len(p.Fields) > 0 {
			fit = append(fit, p)
		}
	}
	return fit
}

// fitProjected leaves out fields that no longer exist. The model is given by its old name.
func fitProjected(fields []ProjectedField, model string, models map[string]snapshot.Model, r *renaming) []ProjectedField {
	var fit []ProjectedField
	has := models[r.model(model)].Fields
	for _, f := range fields {
		f.Name = r.field(model, f.Name)
		i := slices.IndexFunc(has, func(known snapshot.Field) bool { return known.Name == f.Name })
		if i < 0 {
			continue
		}
		if len(f.Fields) > 0 {
			if f.Fields = fitProjected(f.Fields, r.oldModel(has[i].Relation), models, r); len(f.Fields) == 0 {
				continue
			}
		}
		fit = append(fit, f)
	}
	return fit
}
