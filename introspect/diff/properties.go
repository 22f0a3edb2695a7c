package diff

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// This file says of each kind of change of a field whom it breaks, and why.

// fieldDiff compares the fields of one model.
type fieldDiff struct {
	*comparison
	model   Names
	renames fieldRenames
}

func (d fieldDiff) change(action Action, old, new string, label string, class Class, reason string) Change {
	return Change{Subject: Field, Action: action, Model: d.model, Field: Names{old, new}, Label: label, Class: class, Reason: reason}
}

// writable reports whether a program can set the field. Odoo takes a value for a readonly field that is stored: it is
// the forms that refuse it.
func writable(f snapshot.Field) bool {
	return !odoofacts.IsMagic(f.Name) && (!f.Computed || !f.Readonly)
}

// lost is what it means that a field can't be used by its name any more.
func lost(f snapshot.Field) Class { return Class{Readers: true, Writers: writable(f)} }

func (d fieldDiff) renamed(old, new snapshot.Field, e evidence) {
	c := d.change(Renamed, old.Name, new.Name, new.Label, lost(old), "The field was renamed: reads and conditions with the old name fail"+andWrites(old)+".")
	c.Instead, c.Match = new.Name, e.match()
	d.add(c)
}

func andWrites(f snapshot.Field) string {
	if writable(f) {
		return ", and so do writes"
	}
	return ""
}

func (d fieldDiff) gone(f snapshot.Field, invisible string) {
	if invisible != "" {
		d.add(d.change(Hidden, f.Name, f.Name, f.Label, lost(f), invisible))
		return
	}
	c := d.change(Removed, f.Name, "", f.Label, lost(f), "The field is gone: reads and conditions with it fail"+andWrites(f)+".")
	c.Instead = replacement(d.model.Old, f.Name)
	d.add(c)
}

func (d fieldDiff) come(f snapshot.Field, invisible string) {
	class, reason := Class{}, "Nothing used it before."
	if f.Required && !filledIn(f) && f.Related == "" {
		class, reason = newlyRequired(f)
	}
	if invisible != "" {
		d.add(d.change(Revealed, f.Name, f.Name, f.Label, class, "Only the new snapshot has it, but it may have existed before: it was not visible to the user of the old snapshot."))
		return
	}
	d.add(d.change(Added, "", f.Name, f.Label, class, reason))
}

// filledIn reports whether the server itself sets a field.
func filledIn(f snapshot.Field) bool { return f.Computed || f.Readonly }

// newlyRequired is what it means for creates that a field is required now.
func newlyRequired(f snapshot.Field) (Class, string) {
	fails := Class{Writers: true}
	switch f.Default {
	case snapshot.HasDefault:
		return Class{}, "It is required, and the server has a default for it."
	case snapshot.NoDefault:
		return fails, "It is required, and the server has no default for it: a create without it fails."
	case snapshot.Derived:
		return fails, "It is required: a create without it fails, unless the server computes it from what else is given."
	}
	return fails, "It is required: a create without it fails, unless the server has a default for it."
}

// compare notes everything that changed of a field.
func (d fieldDiff) compare(old, new snapshot.Field) {
	note := func(p Property, was, is string, class Class, reason string) {
		if was == is {
			return
		}
		c := d.change(Changed, old.Name, new.Name, new.Label, class, reason)
		c.Property, c.Was, c.Is = p, was, is
		d.add(c)
	}
	d.compareType(old, new, note)
	d.compareAccess(old, new, note)
	d.compareValues(old, new, note)
	d.compareRecords(old, new, note)
	note(Label, old.Label, new.Label, Class{}, "Programs do not read labels.")
	note(Help, old.Help, new.Help, Class{}, "Programs do not read help texts.")
	note(Custom, yes(old.Custom), yes(new.Custom), Class{}, "Who made it does not change how it is used.")
	d.compareChoices(old, new)
}

// noter notes a property if its values differ.
type noter func(p Property, was, is string, class Class, reason string)

func (d fieldDiff) compareType(old, new snapshot.Field, note noter) {
	class, reason := typeChange(old, new)
	note(Type, old.Type, new.Type, class, reason)
	if old.Relation != "" && new.Relation != "" {
		both := Class{Readers: true, Writers: writable(old)}
		reason := "Its ids are those of another model."
		if renamed(d.comparison.renamed, old.Relation) == new.Relation {
			both, reason = Class{}, "It points to the same records: only their model's name changed."
		}
		note(Relation, old.Relation, new.Relation, both, reason)
	}
	if old.Type == new.Type {
		class, reason := Class{Behavioural: true}, "Other records may be in it: it is the other end of another field."
		if d.renames.of(old.Relation, old.Inverse) == new.Inverse {
			class, reason = Class{}, "It is the other end of the same field, whose name changed."
		}
		note(Inverse, old.Inverse, new.Inverse, class, reason)
	}
}

// typeChange compares how values look to a program.
func typeChange(old, new snapshot.Field) (Class, string) {
	both := Class{Readers: true, Writers: writable(old)}
	was, is := odoofacts.ShapeOf(old.Type), odoofacts.ShapeOf(new.Type)
	switch {
	case was == odoofacts.ShapeRecords && is == odoofacts.ShapeRecords && !writable(new):
		return Class{}, "Both are read alike."
	case was == odoofacts.ShapeRecords && is == odoofacts.ShapeRecords:
		return Class{Behavioural: true}, "It is read alike; commands that remove a record from the list may delete it or only unlink it."
	case was == "many2one" && is == odoofacts.ShapeRecords:
		return both, "One record became a list: it is read as ids, and written by commands."
	case was == odoofacts.ShapeRecords && is == "many2one":
		return both, "A list became one record: it is read as an id with a name, and written as an id."
	case was != is:
		return both, fmt.Sprintf("Its values are of another kind: %s, not %s.", new.Type, old.Type)
	case new.Type == "html":
		return Class{Behavioural: true}, "It is read with its markup, and what is written is treated as markup: escape plain text."
	case old.Type == "html":
		return Class{Behavioural: true}, "It is plain text now: markup is not understood any more."
	case new.Type == "monetary":
		return Class{Behavioural: true}, "Amounts are rounded to the precision of their currency."
	}
	return Class{}, "Both types are read and written alike."
}

// compareAccess compares who may set the field, and when.
func (d fieldDiff) compareAccess(old, new snapshot.Field, note noter) {
	class, reason := Class{Behavioural: true}, "It may be empty now."
	if new.Required {
		class, reason = becameRequired(new)
	}
	note(Required, yes(old.Required), yes(new.Required), class, reason)
	compareDefault(old, new, note)

	class, reason = Class{}, "It may be written now."
	switch {
	case new.Readonly && !writable(old):
		reason = "It could not be written before either."
	case new.Readonly && new.Computed:
		class, reason = Class{Writers: true}, "The server computes it: what is written is refused or lost."
	case new.Readonly:
		class, reason = Class{Writers: true}, "The server sets it by itself now: what is written may be refused or overwritten."
	}
	note(Readonly, yes(old.Readonly), yes(new.Readonly), class, reason)

	class, reason = Class{}, "It is stored now: it can be searched and sorted by."
	if new.Computed {
		class, reason = Class{Behavioural: true}, "It is computed on each read: it is read only when asked for, can't be sorted or grouped by, and be searched only if Odoo has code for that."
		if writable(old) && !writable(new) {
			class.Writers = true
			reason = "It is computed on each read: what is written is refused or lost, it can't be sorted or grouped by, and is read only when asked for."
		}
	}
	if new.Computed && new.Name == "display_name" { // which is read all the same
		reason = "It is computed on each read: it can't be sorted or grouped by."
	}
	note(Computed, yes(old.Computed), yes(new.Computed), class, reason)
	d.compareUse(old, new, note)
}

// compareUse compares what conditions, orders and groups can do with it, as far as both snapshots know.
func (d fieldDiff) compareUse(old, new snapshot.Field, note noter) {
	for _, use := range []struct {
		report    snapshot.Report
		property  Property
		was, is   bool // denied
		lost, won string
	}{
		{snapshot.Searchable, Searchable, old.Unsearchable, new.Unsearchable,
			"Odoo cannot search it any more: conditions on it no longer compile, and Odoo before 19 leaves them out.", "Conditions can be about it now."},
		{snapshot.Sortable, Sortable, old.Unsortable, new.Unsortable,
			"Odoo cannot sort by it any more: orders by it fail.", "Orders can be by it now."},
		{snapshot.Groupable, Groupable, old.Ungroupable, new.Ungroupable,
			"Odoo cannot group by it any more: groups by it fail.", "Groups can be by it now."},
	} {
		if !slices.Contains(d.recorded.reports, use.report) {
			continue
		}
		class, reason := Class{}, use.won
		if use.is {
			class, reason = Class{Readers: true}, use.lost
		}
		note(use.property, yes(!use.was), yes(!use.is), class, reason)
	}
}

func becameRequired(f snapshot.Field) (Class, string) {
	if filledIn(f) {
		return Class{}, "The server fills it in."
	}
	class, reason := newlyRequired(f)
	if class.Safe() {
		class.Behavioural = true // a create goes on
	}
	return class, reason + " A write that empties it fails."
}

// compareDefault compares what a create without a field does that is required, as before, if both snapshots say so.
func compareDefault(old, new snapshot.Field, note noter) {
	isKnown := func(f snapshot.Field) bool {
		return f.Required && !filledIn(f) && (f.Default == snapshot.HasDefault || f.Default == snapshot.NoDefault)
	}
	if !isKnown(old) || !isKnown(new) {
		return
	}
	class, reason := Class{}, "A create may go without it now."
	if new.Default == snapshot.NoDefault {
		class, reason = Class{Writers: true}, "The server has no default for it any more: a create without it fails."
	}
	note(Default, string(old.Default), string(new.Default), class, reason)
}

// compareValues compares what values it takes, and whose they are.
func (d fieldDiff) compareValues(old, new snapshot.Field, note noter) {
	class, reason := Class{Behavioural: true}, "All companies share one value now: writing it changes it for all of them."
	if new.CompanyDependent {
		reason = "Each company has a value of its own now: that of the call's company is read and written."
	}
	note(CompanyDependent, yes(old.CompanyDependent), yes(new.CompanyDependent), class, reason)

	reason = "All languages share one value now."
	if new.Translated {
		reason = "Each language has a value of its own now: that of the call's language is read and written."
	}
	note(Translated, yes(old.Translated), yes(new.Translated), Class{Behavioural: true}, reason)

	class, reason = Class{}, "Longer texts fit now."
	if new.Size > 0 && (old.Size == 0 || new.Size < old.Size) {
		class, reason = Class{Behavioural: true}, "Longer texts are cut off."
	}
	note(Size, number(old.Size), number(new.Size), class, reason)

	class, reason = digitsChange(old.Digits, new.Digits)
	note(Digits, digits(old.Digits), digits(new.Digits), class, reason)

	class, reason = Class{Behavioural: true}, "The amount is in the currency of another field."
	if d.renames.of(d.model.Old, old.Currency) == new.Currency {
		class, reason = Class{}, "It is the same field, whose name changed."
	} else if old.Currency == "" || new.Currency == "" {
		class, reason = Class{}, "What the type changes is listed with it."
	}
	note(Currency, old.Currency, new.Currency, class, reason)

	elsewhere := "What it says depends on something else now."
	class, reason = Class{Behavioural: true}, elsewhere
	if d.renames.of(d.model.Old, old.ModelField) == new.ModelField {
		class, reason = Class{}, "It is the same field, whose name changed."
	}
	note(ModelField, old.ModelField, new.ModelField, class, reason)
	note(Definition, old.Definition, new.Definition, Class{Behavioural: true}, elsewhere)
	class, reason = d.relatedChange(old, new)
	note(Related, old.Related, new.Related, class, reason)
}

// compareRecords compares what a deletion and a copy do. What a snapshot does not say, such as one of an older odoogen,
// is not compared.
func (d fieldDiff) compareRecords(old, new snapshot.Field, note noter) {
	if old.OnDelete != "" && new.OnDelete != "" {
		note(OnDelete, string(old.OnDelete), string(new.OnDelete), Class{Behavioural: true}, "Deleting the record that it points to does something else now.")
	}
	if old.Table != "" && new.Table != "" {
		note(Table, old.Table+" "+old.Column, new.Table+" "+new.Column, Class{}, "Programs do not see the tables of a server.")
	}
	if d.recorded.copies && !old.Computed && !new.Computed {
		class, reason := Class{Behavioural: true}, "A copy of a record has its value now."
		if new.NoCopy {
			reason = "A copy of a record is without its value now."
		}
		note(NoCopy, yes(old.NoCopy), yes(new.NoCopy), class, reason)
	}
}

func digitsChange(was, is []int) (Class, string) {
	const scale = 1
	switch {
	case len(is) < 2:
		return Class{}, "Values are no longer rounded."
	case len(was) < 2, is[scale] < was[scale]:
		return Class{Behavioural: true}, fmt.Sprintf("Values are rounded to %d decimals.", is[scale])
	}
	return Class{}, "More decimals fit now."
}

// relatedChange compares where the value lives: in this record, or in one that a path leads to.
func (d fieldDiff) relatedChange(old, new snapshot.Field) (Class, string) {
	switch {
	case d.renames.path(d.old, d.model.Old, old.Related) == new.Related:
		return Class{}, "The path is the same, with new names."
	case old.Computed && new.Computed && (old.Related == "" || new.Related == ""):
		return Class{}, "It is computed, as before: only how is another matter."
	case old.Related == "":
		return Class{Behavioural: true}, "It shows, and if it is written changes, the value of another record now."
	case new.Related == "":
		return Class{Behavioural: true}, "It has a value of its own now, no longer that of another record."
	}
	return Class{Behavioural: true}, "It shows the value of another field."
}

// path is a path of fields with the new names.
func (r fieldRenames) path(models map[string]snapshot.Model, model, path string) string {
	parts := strings.Split(path, ".")
	for i, part := range parts {
		parts[i] = r.of(model, part)
		for _, f := range models[model].Fields {
			if f.Name == part {
				model = f.Relation
				break
			}
		}
	}
	return strings.Join(parts, ".")
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func digits(d []int) string {
	if len(d) < 2 {
		return ""
	}
	return fmt.Sprintf("%d,%d", d[0], d[1])
}

func list(names []string) string { return strings.Join(names, ", ") }
