package diff

import (
	"slices"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// This file compares the values of selections.

func (d fieldDiff) compareChoices(old, new snapshot.Field) {
	old.Selection, new.Selection = distinct(old.Selection), distinct(new.Selection)
	if len(old.Selection) == 0 || len(new.Selection) == 0 {
		return // another type, or choices that Odoo does not report
	}
	oldValues, newValues := byName(old.Selection, choiceValue), byName(new.Selection, choiceValue)
	var gone, come []snapshot.Choice
	for _, c := range old.Selection {
		if n, ok := newValues[c.Value]; !ok {
			gone = append(gone, c)
		} else if n.Label != c.Label {
			change := d.choice(Changed, old, new, Names{c.Value, c.Value}, n.Label, Class{}, "Programs do not read labels.")
			change.Property, change.Was, change.Is = Label, c.Label, n.Label
			d.add(change)
		}
	}
	for _, c := range new.Selection {
		if _, ok := oldValues[c.Value]; !ok {
			come = append(come, c)
		}
	}
	d.choices(old, new, gone, come)
	if len(gone) == 0 && len(come) == 0 && !sameOrder(old.Selection, new.Selection) {
		c := d.change(Changed, old.Name, new.Name, new.Label, Class{}, "The values are the same.")
		c.Property, c.Was, c.Is = Order, values(old.Selection), values(new.Selection)
		d.add(c)
	}
}

// distinct is a selection with each value once, as first listed: Odoo takes a selection that has one twice.
func distinct(selection []snapshot.Choice) []snapshot.Choice {
	known := make(map[string]bool, len(selection))
	var out []snapshot.Choice
	for _, c := range selection {
		if !known[c.Value] {
			known[c.Value] = true
			out = append(out, c)
		}
	}
	return out
}

func choiceValue(c snapshot.Choice) string { return c.Value }

func (d fieldDiff) choice(action Action, old, new snapshot.Field, value Names, label string, class Class, reason string) Change {
	c := d.change(action, old.Name, new.Name, label, class, reason)
	c.Subject, c.Choice = Choice, value
	return c
}

// choices pairs values that are gone with new ones that are the same under another name: those with similar labels.
func (d fieldDiff) choices(old, new snapshot.Field, gone, come []snapshot.Choice) {
	lost := Class{Writers: writable(old), Behavioural: true}
	oldKeys, newKeys := choiceKeys(gone), choiceKeys(come)
	var guesses []pair
	alike := alikeChoices(newKeys)
	for i, o := range oldKeys {
		for _, j := range alike(o) {
			if e := compareChoice(o, newKeys[j]); e.confidence() >= leastField {
				guesses = append(guesses, pair{i, j, e})
			}
		}
	}
	taken, used := map[int]bool{}, map[int]bool{}
	for _, p := range assign(guesses, leastField) {
		taken[p.old], used[p.new] = true, true
		o, n := gone[p.old], come[p.new]
		c := d.choice(Renamed, old, new, Names{o.Value, n.Value}, n.Label, lost, "The value is another one: comparisons with the old one never match"+refused(old)+".")
		c.Instead, c.Match = n.Value, p.evidence.match()
		d.add(c)
	}
	for i, o := range gone {
		if !taken[i] {
			d.add(d.choice(Removed, old, new, Names{Old: o.Value}, o.Label, lost, "The value is gone: comparisons with it never match"+refused(old)+"."))
		}
	}
	for j, n := range come {
		if !used[j] {
			d.add(d.choice(Added, old, new, Names{New: n.Value}, n.Label, Class{Behavioural: true}, "A value that programs do not know may come: look at each switch."))
		}
	}
}

func refused(f snapshot.Field) string {
	if writable(f) {
		return ", and writes of it are refused"
	}
	return ""
}

// choiceKey is what is compared of a choice: its value without the marks between words, and its label.
type choiceKey struct{ value, label string }

func choiceKeys(choices []snapshot.Choice) []choiceKey {
	out := make([]choiceKey, len(choices))
	for i, c := range choices {
		out[i] = choiceKey{strings.Join(wordsOf(c.Value), ""), strings.ToLower(c.Label)}
	}
	return out
}

// mostAlike is the number of choices from which on the same label or value no longer decides which of them another one is.
const mostAlike = 20

// alikeChoices finds the choices with the label or the value of another one, without a look at each.
func alikeChoices(keys []choiceKey) func(choiceKey) []int {
	labels, values := map[string][]int{}, map[string][]int{}
	for i, k := range keys {
		labels[k.label] = append(labels[k.label], i)
		values[k.value] = append(values[k.value], i)
	}
	return func(k choiceKey) []int {
		var found []int
		for _, same := range [][]int{labels[k.label], values[k.value]} {
			if len(same) <= mostAlike {
				found = append(found, same...)
			}
		}
		slices.Sort(found)
		return slices.Compact(found)
	}
}

func compareChoice(old, new choiceKey) evidence {
	var e evidence
	if old.label != "" && old.label == new.label {
		e.add(0.75, "the same label")
	}
	if old.value != "" && old.value == new.value {
		e.add(0.6, "the values differ in how they are written only")
	}
	return e
}

func sameOrder(a, b []snapshot.Choice) bool {
	for i := range a {
		if a[i].Value != b[i].Value {
			return false
		}
	}
	return true
}

func values(choices []snapshot.Choice) string {
	out := make([]string, len(choices))
	for i, c := range choices {
		out[i] = c.Value
	}
	return list(out)
}
