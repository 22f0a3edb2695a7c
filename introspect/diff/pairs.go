package diff

import (
	"slices"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// This file walks through the models that are in both snapshots, under the same name or another.

// modelPair is a model in both snapshots, and the fields that only one of them has.
type modelPair struct {
	old, new   snapshot.Model
	names      Names
	gone, come []candidate
}

// pairs are the models that are in both snapshots.
func (c *comparison) pairs() []modelPair {
	var out []modelPair
	for _, o := range c.before.Models {
		n, ok := c.new[renamed(c.renamed, o.Name)]
		if !ok {
			continue
		}
		p := modelPair{old: o, new: n, names: Names{o.Name, n.Name}}
		for _, f := range candidates(without(o.Fields, n.Fields)) {
			if !slices.Contains(n.Hidden, f.Name) {
				p.gone = append(p.gone, f)
			}
		}
		for _, f := range candidates(without(n.Fields, o.Fields)) {
			if !slices.Contains(o.Hidden, f.Name) {
				p.come = append(p.come, f)
			}
		}
		out = append(out, p)
	}
	return out
}

// fields compares the models that are in both snapshots, and their fields.
func (c *comparison) fields() {
	matcher := newFieldMatcher(c.renamed, c.unsure, c.before, c.after)
	matcher.ignoreKnown = c.ignoreKnown
	pairs := c.pairs()
	for _, p := range pairs {
		matcher.learn(p.names.Old, p.gone, p.come)
	}
	renames := fieldRenames{}
	matches := make([][]pair, len(pairs))
	for i, p := range pairs {
		matches[i] = matcher.renames(p.names.Old, p.gone, p.come)
		for _, m := range matches[i] {
			renames.add(p.names.Old, p.gone[m.old].Name, p.come[m.new].Name)
		}
	}
	for i, p := range pairs {
		c.compareModel(p)
		c.compareFields(p, matches[i], renames)
		if c.recorded.methods {
			c.compareMethods(p)
		}
		c.compareReports(p)
	}
}

// fieldRenames are the new names of fields, by model and old name.
type fieldRenames map[string]map[string]string

func (r fieldRenames) add(model, old, new string) {
	if r[model] == nil {
		r[model] = map[string]string{}
	}
	r[model][old] = new
}

func (r fieldRenames) of(model, field string) string { return renamed(r[model], field) }

func (c *comparison) compareFields(p modelPair, matches []pair, renames fieldRenames) {
	d := fieldDiff{comparison: c, model: p.names, renames: renames}
	oldFields, newFields := byName(p.old.Fields, fieldName), byName(p.new.Fields, fieldName)
	matchedOld, matchedNew := map[string]bool{}, map[string]bool{}
	for _, m := range matches {
		old, new := p.gone[m.old].Field, p.come[m.new].Field
		matchedOld[old.Name], matchedNew[new.Name] = true, true
		d.renamed(old, new, m.evidence)
		d.compare(old, new)
	}
	for _, old := range p.old.Fields {
		new, ok := newFields[old.Name]
		switch {
		case ok:
			d.compare(old, new)
		case p.old.Kind == snapshot.Abstract && odoofacts.IsMagic(old.Name):
			// Odoo 15 to 18 list none of these fields for abstract models.
			d.add(d.change(Removed, old.Name, "", old.Label, Class{}, "An abstract model has no records from which it could be read."))
		case !matchedOld[old.Name]:
			d.gone(old, c.seenAfter.field(p.new, old.Name))
		}
	}
	for _, new := range p.new.Fields {
		if _, ok := oldFields[new.Name]; !ok && !matchedNew[new.Name] {
			d.come(new, c.seenBefore.field(p.old, new.Name))
		}
	}
}

// compareModel compares what is known of the model itself.
func (c *comparison) compareModel(p modelPair) {
	note := func(property Property, was, is string, class Class, reason string) {
		if was != is {
			c.add(Change{Subject: Model, Action: Changed, Model: p.names, Label: p.new.Label, Property: property, Was: was, Is: is, Class: class, Reason: reason})
		}
	}
	if c.before.Unseen.Catalog || c.after.Unseen.Catalog {
		return // labels, orders, kinds and modules of one of them are unknown
	}
	was, is := kindOf(p.old), kindOf(p.new)
	class, reason := kindChange(was, is)
	note(KindProperty, string(was), string(is), class, reason)
	note(Label, p.old.Label, p.new.Label, Class{}, "Programs do not read labels.")
	note(Modules, list(p.old.Modules), list(p.new.Modules), Class{}, "What the modules change in its fields is listed with them.")
	if c.recorded.orders {
		note(Order, p.old.Order, p.new.Order, Class{Behavioural: true}, "Records come in another order where a search gives none.")
	}
	note(Custom, yes(p.old.Custom), yes(p.new.Custom), Class{}, "Who made it does not change how it is used.")
}

func kindOf(m snapshot.Model) snapshot.Kind {
	if m.Kind == "" {
		return snapshot.Stored
	}
	return m.Kind
}

func kindChange(was, is snapshot.Kind) (Class, string) {
	switch {
	case was == snapshot.Abstract:
		return Class{}, "It has records of its own now."
	case is == snapshot.Abstract:
		return Class{Readers: true, Writers: was != snapshot.View}, "It has no records any more: only other models use its fields and methods."
	case is == snapshot.View:
		return Class{Writers: true}, "Its records can only be read now."
	case is == snapshot.Transient:
		return Class{Behavioural: true}, "Its records are deleted after a while now."
	}
	return Class{}, "Its records stay until somebody deletes them now."
}
