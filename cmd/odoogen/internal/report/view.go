package report

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/introspect/diff"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// This file prepares a report for people: what the text, the Markdown and the page have in common.

// keep leaves in the report the changes that a function keeps.
func (r *Report) keep(keep func(Change) bool) {
	r.Changes = slices.DeleteFunc(r.Changes, func(c Change) bool { return !keep(c) })
}

// KeepModels leaves in the report the changes of models that match a pattern, under their old or their new name; see
// snapshot.Match. A pattern that matches none is an error.
func (r *Report) KeepModels(patterns []string, schemas ...*snapshot.Schema) error {
	if len(patterns) == 0 {
		return nil
	}
	var known []snapshot.Model
	for _, s := range schemas {
		known = append(known, s.Models...)
	}
	chosen, unmatched, err := snapshot.Match(known, patterns)
	if err != nil {
		return err
	}
	if len(unmatched) > 0 {
		return fmt.Errorf("neither snapshot has a model that matches %s", strings.Join(unmatched, ", "))
	}
	names := map[string]bool{}
	for _, m := range chosen {
		names[m.Name] = true
	}
	r.keep(func(c Change) bool { return names[c.Model.Old] || names[c.Model.New] })
	return nil
}

// Classes are what changes can be chosen by.
var Classes = map[string]func(diff.Class) bool{
	"breaking":    diff.Class.Breaking,
	"readers":     func(c diff.Class) bool { return c.Readers },
	"writers":     func(c diff.Class) bool { return c.Writers },
	"behavioural": func(c diff.Class) bool { return c.Behavioural },
	"safe":        diff.Class.Safe,
}

// KeepClasses leaves in the report the changes of these classes, names of Classes; no names leave all.
func (r *Report) KeepClasses(names []string) {
	if len(names) == 0 {
		return
	}
	r.keep(func(c Change) bool {
		return slices.ContainsFunc(names, func(name string) bool { return Classes[name](c.Class) })
	})
}

// Counts are how many changes there are of each class. A change that breaks both readers and writers counts for both.
type Counts struct {
	All, Breaking, Readers, Writers, Behavioural, Safe int
}

// Count counts the changes of the report.
func (r *Report) Count() Counts { return count(r.Changes) }

func count(changes []Change) Counts {
	n := Counts{All: len(changes)}
	for _, c := range changes {
		for _, part := range []struct {
			holds bool
			count *int
		}{
			{c.Class.Breaking(), &n.Breaking},
			{c.Class.Readers, &n.Readers},
			{c.Class.Writers, &n.Writers},
			{c.Class.Behavioural && !c.Class.Breaking(), &n.Behavioural},
			{c.Class.Safe(), &n.Safe},
		} {
			if part.holds {
				*part.count++
			}
		}
	}
	return n
}

// group is what is reported together: the changes of a model, of what many models share, or of the modules.
type group struct {
	Title   string
	Label   string
	Changes []item
	Counts  Counts
	weight  int
}

// item is a change in the report: one, or several that are reported as one.
type item struct {
	Change
	What   string   // the thing: "tax_id → tax_ids", "state = done"
	Did    string   // what happened: "renamed", "type char → text"
	Others []string // what is reported with it: the models, or if they are Alike the choices or fields
	Alike  bool
}

// The titles of the groups that are no models.
const (
	inManyModels = "In many models"
	ofModules    = "Modules"
	ofModels     = "Models"
)

// The numbers of models, and of choices or fields of one, from which the same change is reported once.
const (
	manyModels = 8
	manyAlike  = 4
)

// groups sorts the changes into what is reported together: first what is not of one model, then the models, the most
// serious first.
func (r *Report) groups() []group {
	shared := map[string][]Change{}
	for _, c := range r.Changes {
		if key, ok := shareable(c); ok {
			shared[key] = append(shared[key], c)
		}
	}
	byTitle := map[string]*group{}
	of := func(title, label string) *group {
		if byTitle[title] == nil {
			byTitle[title] = &group{Title: title, Label: label}
		}
		return byTitle[title]
	}
	reported := map[string]bool{}
	for _, c := range r.Changes {
		switch key, ok := shareable(c); {
		case ok && len(shared[key]) >= manyModels:
			if !reported[key] {
				reported[key] = true
				of(inManyModels, "").add(c, modelNames(shared[key]))
			}
		case c.Subject == diff.Module:
			of(ofModules, "").add(c, nil)
		case c.Subject == diff.Model && c.Action != diff.Changed:
			of(ofModels, "").add(c, nil)
		default:
			of(arrow(c.Model), r.Labels[c.Model.Any()]).add(c, nil)
		}
	}
	var out []group
	for _, g := range byTitle {
		g.finish()
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b group) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(a.Title, b.Title))
	})
	return out
}

// shareable is what changes of several models have in common that are reported once.
func shareable(c Change) (key string, ok bool) {
	if c.Subject != diff.Field || len(c.Uses) > 0 {
		return "", false
	}
	return fmt.Sprint(c.Action, c.Field, c.Property, c.Was, ">", c.Is, c.Class, c.Instead), true
}

func modelNames(changes []Change) []string {
	out := make([]string, len(changes))
	for i, c := range changes {
		out[i] = c.Model.Any()
	}
	return out
}

func (g *group) add(c Change, others []string) {
	g.Changes = append(g.Changes, item{Change: c, What: c.what(), Did: c.did(), Others: others})
}

// finish folds what is alike, counts, and puts the most serious first.
func (g *group) finish() {
	plain := make([]Change, len(g.Changes))
	for i, c := range g.Changes {
		plain[i] = c.Change
	}
	g.Counts = count(plain)
	g.Changes = fold(g.Changes)
	slices.SortStableFunc(g.Changes, func(a, b item) int { return b.Class.Severity() - a.Class.Severity() })
	g.weight = groupWeight(g)
}

// groupWeight puts what is about all models first, and then those with something that breaks.
func groupWeight(g *group) int {
	switch {
	case g.Title == ofModels:
		return 100
	case g.Title == inManyModels:
		return 99
	case g.Title == ofModules:
		return -1
	case g.Counts.Breaking > 0:
		return 2
	case g.Counts.Behavioural > 0:
		return 1
	}
	return 0
}

// fold reports as one: many choices of a field, and many fields with the same name but for a number, to which the same
// happened.
func fold(items []item) []item {
	kin := map[string][]int{}
	for i, it := range items {
		if key := it.kin(); key != "" {
			kin[key] = append(kin[key], i)
		}
	}
	drop := map[int]bool{}
	for _, indexes := range kin {
		if len(indexes) < manyAlike {
			continue
		}
		first := &items[indexes[0]]
		for n, i := range indexes {
			drop[i] = n > 0
			first.Others = append(first.Others, items[i].name())
		}
		first.merge(len(indexes))
	}
	var out []item
	for i, it := range items {
		if !drop[i] {
			out = append(out, it)
		}
	}
	return out
}

// kin is what items have in common that are reported as one; "" if the item is reported on its own.
func (it item) kin() string {
	switch {
	case it.Subject == diff.Choice:
		return fmt.Sprint(it.Field, it.Action, it.Property, it.Class)
	case it.Subject == diff.Field && it.Action != diff.Renamed && it.Property == "" && numbers.MatchString(it.What):
		return fmt.Sprint(numbers.ReplaceAllString(it.What, "#"), it.Action, it.Class)
	}
	return ""
}

var numbers = regexp.MustCompile(`_?[0-9]+(_[0-9]+)*`)

// name is what an item is called in a list of its kin.
func (it item) name() string {
	if it.Subject == diff.Choice {
		return arrow(it.Choice)
	}
	return it.What
}

// merge makes an item the report of n items.
func (it *item) merge(n int) {
	things := "values"
	if it.Subject == diff.Field {
		things = "fields"
		it.What = numbers.ReplaceAllString(it.What, "_…")
	} else {
		it.What = arrow(it.Field)
	}
	it.Label, it.Match, it.Instead, it.Alike = "", nil, "", true
	it.Did = fmt.Sprintf("%d %s %s", n, things, it.did())
	if it.Property != "" {
		it.Did = fmt.Sprintf("%d %s: another %s", n, things, it.Property)
	}
}

// arrow is the old name and the new one, or the one that there is.
func arrow(n diff.Names) string {
	if n.Renamed() {
		return n.Old + " → " + n.New
	}
	return n.Any()
}

// what names the thing that a change is about, within its model.
func (c Change) what() string {
	switch c.Subject {
	case diff.Choice:
		value := arrow(c.Choice)
		if value == "" {
			value = `""`
		}
		return c.Field.Any() + " = " + value
	case diff.Method:
		return arrow(c.Method) + "()"
	case diff.Print:
		return c.Report.Any()
	case diff.Module:
		return c.Module.Any()
	case diff.Model:
		if c.Action == diff.Changed {
			return "(the model)"
		}
		return arrow(c.Model)
	}
	return arrow(c.Field)
}

// did says what happened to it.
func (c Change) did() string {
	switch c.Action {
	case diff.Changed:
		return c.changed()
	case diff.Hidden:
		return "not visible"
	case diff.Revealed:
		return "visible now"
	case diff.Merged:
		return "went into " + c.Model.New
	case diff.Split:
		return "new, with a part of " + c.Model.Old
	}
	return string(c.Action)
}

// switches are properties that a field has or has not.
var switches = map[diff.Property][2]string{
	diff.Required:         {"no longer required", "required now"},
	diff.Default:          {"no default any more", "a default now"},
	diff.Readonly:         {"no longer readonly", "readonly now"},
	diff.Computed:         {"stored now", "computed now, no longer stored"},
	diff.CompanyDependent: {"the same for all companies now", "of each company now"},
	diff.Translated:       {"no longer translated", "translated now"},
	diff.Custom:           {"made by a module now", "made by hand now"},
}

func (c Change) changed() string {
	if texts, ok := switches[c.Property]; ok {
		if c.Is == "yes" {
			return texts[1]
		}
		return texts[0]
	}
	switch {
	case c.Property == diff.Help, c.Property == diff.Order && c.Subject == diff.Field:
		return "another " + string(c.Property)
	case c.Was == "":
		return fmt.Sprintf("%s %s, none before", c.Property, c.Is)
	case c.Is == "":
		return fmt.Sprintf("no %s, %s before", c.Property, c.Was)
	}
	return fmt.Sprintf("%s %s → %s", c.Property, c.Was, c.Is)
}

// String is the change in one line: sale.order: tax_id → tax_ids: renamed (breaks readers and writers).
func (c Change) String() string {
	about := c.what()
	if c.Subject != diff.Model && c.Subject != diff.Module {
		about = arrow(c.Model) + ": " + about
	}
	return fmt.Sprintf("%s: %s (%s). %s", about, c.did(), c.Class, c.Reason)
}

// percent is the confidence of a match for people.
func percent(m *diff.Match) string { return fmt.Sprintf("%.0f %%", 100*m.Confidence) }
