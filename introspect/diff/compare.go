package diff

import (
	"cmp"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// Compare lists what changed from one snapshot to another.
func Compare(before, after *snapshot.Schema) *Report { return compare(before, after, false) }

func compare(before, after *snapshot.Schema, ignoreKnown bool) *Report {
	c := &comparison{
		ignoreKnown: ignoreKnown,
		before:      before, after: after,
		old: byName(before.Models, modelName), new: byName(after.Models, modelName),
		recorded:   attributesOf(before).and(attributesOf(after)),
		seenBefore: newSight(before), seenAfter: newSight(after),
		renamed: map[string]string{}, unsure: map[string]bool{}, taken: map[string]bool{},
		report: &Report{Old: side(before), New: side(after), Unknown: unknown(before, after), Changes: []Change{}},
	}
	c.modules()
	c.models()
	c.fields()
	c.report.sort()
	c.report.Labels = labels(before, after)
	return c.report
}

func side(s *snapshot.Schema) Side {
	return Side{Series: s.Server.Series, Version: s.Server.Version, Models: len(s.Models), Fields: s.FieldCount()}
}

func labels(schemas ...*snapshot.Schema) map[string]string {
	out := map[string]string{}
	for _, s := range schemas {
		for _, m := range s.Models {
			out[m.Name] = m.Label
		}
	}
	return out
}

// comparison is Compare at work.
type comparison struct {
	ignoreKnown           bool // for tests: see fieldMatcher
	before, after         *snapshot.Schema
	old, new              map[string]snapshot.Model
	seenBefore, seenAfter sight
	recorded              attributes
	renamed               map[string]string // old → new names of the models that were renamed
	unsure                map[string]bool   // the old names of those of which that is less than sure
	taken                 map[string]bool   // their new names
	report                *Report
}

func (c *comparison) add(change Change) { c.report.Changes = append(c.report.Changes, change) }

func byName[T any](all []T, name func(T) string) map[string]T {
	m := make(map[string]T, len(all))
	for _, t := range all {
		m[name(t)] = t
	}
	return m
}

// sort puts the changes of a model together, the most serious first.
func (r *Report) sort() {
	slices.SortStableFunc(r.Changes, func(a, b Change) int {
		return cmp.Or(
			strings.Compare(a.Model.Any(), b.Model.Any()),
			b.Class.Severity()-a.Class.Severity(),
			order[a.Subject]-order[b.Subject],
			strings.Compare(a.Field.Any(), b.Field.Any()),
			strings.Compare(a.Method.Any(), b.Method.Any()),
			strings.Compare(a.Report.Any(), b.Report.Any()),
			strings.Compare(a.Module.Any(), b.Module.Any()),
		)
	})
}

var order = map[Subject]int{Model: 1, Field: 2, Choice: 3, Method: 4, Print: 5, Module: 6}

// Severity orders classes: breaking readers comes first, then breaking writers, then other results.
func (c Class) Severity() int {
	w := 0
	if c.Readers {
		w += 4
	}
	if c.Writers {
		w += 2
	}
	if c.Behavioural {
		w++
	}
	return w
}

// modules compares what is installed, if both users could see it.
func (c *comparison) modules() {
	if c.before.Unseen.Modules || c.after.Unseen.Modules {
		return
	}
	old := byName(c.before.Modules, func(m snapshot.Module) string { return m.Name })
	new := byName(c.after.Modules, func(m snapshot.Module) string { return m.Name })
	for _, m := range c.before.Modules {
		n, ok := new[m.Name]
		switch {
		case !ok:
			c.add(Change{Subject: Module, Action: Removed, Module: Names{Old: m.Name}, Class: Class{Behavioural: true},
				Reason: "What the module did is no longer done; models and fields that went with it are listed on their own."})
		case n.Version != m.Version:
			c.add(Change{Subject: Module, Action: Changed, Property: Version, Module: Names{m.Name, m.Name}, Was: m.Version, Is: n.Version,
				Reason: "What another version changes in models and fields is listed with them."})
		}
	}
	for _, m := range c.after.Modules {
		if _, ok := old[m.Name]; !ok {
			c.add(Change{Subject: Module, Action: Added, Module: Names{New: m.Name}, Reason: "What it adds to models is listed with them."})
		}
	}
}

// models compares which models there are.
func (c *comparison) models() {
	matcher := newModelMatcher(c.before, c.after, c.ignoreKnown)
	matcher.gone = slices.DeleteFunc(matcher.gone, func(p profile) bool { return c.hiddenModel(p.Model) })
	matcher.come = slices.DeleteFunc(matcher.come, func(p profile) bool { return c.revealedModel(p.Model) })
	for _, p := range matcher.renames() {
		c.renamedModel(matcher.gone[p.old].Model, matcher.come[p.new].Model, p.evidence)
	}
	for _, p := range matcher.gone {
		if _, ok := c.renamed[p.Name]; !ok {
			c.goneModel(matcher, p)
		}
	}
	for _, p := range matcher.come {
		if !c.taken[p.Name] {
			c.newModel(matcher, p)
		}
	}
}

func (c *comparison) renamedModel(old, new snapshot.Model, e evidence) {
	c.renamed[old.Name], c.taken[new.Name] = new.Name, true
	c.unsure[old.Name] = e.confidence() < sureField
	c.add(Change{Subject: Model, Action: Renamed, Model: Names{old.Name, new.Name}, Label: new.Label, Class: c.removedModel(old),
		Reason:  "The model was renamed: calls with the old name fail.",
		Instead: new.Name, Match: e.match()})
}

// goneModel reports a model that is no longer there, and the model that it was merged into.
func (c *comparison) goneModel(matcher *modelMatcher, p profile) {
	change := Change{Subject: Model, Action: Removed, Model: Names{Old: p.Name}, Label: p.Label, Class: c.removedModel(p.Model),
		Reason: "The model is gone: calls of it fail."}
	if into, e := matcher.merged(p); e.confidence() >= leastMerge {
		change.Action, change.Model.New, change.Instead, change.Match = Merged, into, into, e.match()
		change.Reason = "The model is gone, and a part of its fields went to another one: calls of it fail."
	}
	c.add(change)
}

func (c *comparison) newModel(matcher *modelMatcher, p profile) {
	change := Change{Subject: Model, Action: Added, Model: Names{New: p.Name}, Label: p.Label, Reason: "Nothing used it before."}
	if from, e := matcher.split(p); e.confidence() >= leastSplit {
		change.Action, change.Model.Old, change.Match = Split, from, e.match()
		change.Reason = "Fields of the other model went to this new one; each of them is listed there as well."
	}
	c.add(change)
}

func (c *comparison) removedModel(m snapshot.Model) Class {
	return Class{Readers: true, Writers: m.Kind != snapshot.View && m.Kind != snapshot.Abstract}
}

// hiddenModel notes a model that may still be there.
func (c *comparison) hiddenModel(m snapshot.Model) bool {
	reason := c.seenAfter.model(m.Name)
	if reason == "" {
		return false
	}
	c.add(Change{Subject: Model, Action: Hidden, Model: Names{m.Name, m.Name}, Label: m.Label, Class: c.removedModel(m), Reason: reason})
	return true
}

func (c *comparison) revealedModel(m snapshot.Model) bool {
	if c.seenBefore.model(m.Name) == "" {
		return false
	}
	c.add(Change{Subject: Model, Action: Revealed, Model: Names{m.Name, m.Name}, Label: m.Label,
		Reason: "It is in the new snapshot only, but may have been there before: the old one was without it for another reason."})
	return true
}
