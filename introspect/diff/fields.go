package diff

import (
	"math"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// This file recognises renamed fields.

// fieldMatcher pairs the fields that only the old state of a model has with those that only the new one has.
type fieldMatcher struct {
	ignoreKnown bool                 // for tests: nothing is taken from the list of known renames
	models      map[string]string    // old → new names of the models that were renamed
	unsure      map[string]bool      // the old names of those of which that is less than sure
	words       vocabulary           // of names and labels
	became      map[string]string    // words of models that were renamed: acquirer → provider
	targets     map[string]float64   // how many fields point to a model
	lost        map[string]int       // how many models lost a field of this name
	sure        map[[2]string]string // a sure rename of an old field's name to a new one, and the model that it was seen in
}

// ofMixin is the number of models from which a field that they lost is one that they all shared: it became none of theirs.
const ofMixin = 10

// sureField is the confidence from which a rename in one model is a clue for others.
const sureField = 0.8

func newFieldMatcher(models map[string]string, unsure map[string]bool, schemas ...*snapshot.Schema) *fieldMatcher {
	m := &fieldMatcher{models: models, unsure: unsure, became: map[string]string{}, targets: map[string]float64{}, lost: map[string]int{}, sure: map[[2]string]string{}}
	for _, s := range schemas {
		for _, model := range s.Models {
			for _, f := range model.Fields {
				m.words.learn(wordsOf(f.Name))
				m.words.learn(wordsOf(f.Label))
				if f.Relation != "" {
					m.targets[f.Relation]++
				}
			}
		}
	}
	m.words.weigh()
	for old, new := range models {
		if was, is, ok := changedWord(wordsOf(old), wordsOf(new)); ok {
			m.became[was] = is
		}
	}
	return m
}

// changedWord is the only word in which two names differ.
func changedWord(old, new []string) (was, is string, ok bool) {
	if len(old) != len(new) {
		return "", "", false
	}
	for i := range old {
		if old[i] == new[i] {
			continue
		}
		if was != "" {
			return "", "", false
		}
		was, is = old[i], new[i]
	}
	return was, is, was != ""
}

// likeness is how much of their words two texts share, whether or not a word went the way of a model.
func (m *fieldMatcher) likeness(old, new []string) float64 {
	plain := m.words.likeness(old, new)
	translated := slices.Clone(old)
	for i, w := range translated {
		if is, ok := m.became[w]; ok {
			translated[i] = is
		}
	}
	return max(plain, m.words.likeness(translated, new))
}

// candidate is a field with what is compared of it, made once.
type candidate struct {
	snapshot.Field
	name, label []string // the words
	values      map[string]bool
}

func candidates(fields []snapshot.Field) []candidate {
	out := make([]candidate, len(fields))
	for i, f := range fields {
		out[i] = candidate{Field: f, name: wordsOf(f.Name), label: wordsOf(f.Label), values: make(map[string]bool, len(f.Selection))}
		for _, c := range f.Selection {
			out[i].values[c.Value] = true
		}
	}
	return out
}

// renames pairs the fields of a model that are gone with those that came.
func (m *fieldMatcher) renames(model string, gone, come []candidate) []pair {
	var guesses []pair
	for i, old := range gone {
		if replacements[model+"/"+old.Name] != "" && !m.ignoreKnown {
			continue // what goes instead of it was there before
		}
		for j, new := range come {
			if e := m.compare(model, old, new); e.confidence() >= leastField/2 {
				guesses = append(guesses, pair{i, j, e})
			}
		}
	}
	return assign(lessSure(guesses), leastField)
}

// learn notes what a model lost, and its sure renames.
func (m *fieldMatcher) learn(model string, gone, come []candidate) {
	for _, f := range gone {
		m.lost[f.Name]++
	}
	for _, p := range m.renames(model, gone, come) {
		key := [2]string{gone[p.old].Name, come[p.new].Name}
		if _, known := m.sure[key]; !known && p.evidence.confidence() >= sureField {
			m.sure[key] = model
		}
	}
}

// lessSure doubts guesses that have a rival that is as good: another old field that could be the new one as well, or
// another new one that the old one could be.
func lessSure(guesses []pair) []pair {
	out := make([]pair, len(guesses))
	copy(out, guesses)
	for i, a := range guesses {
		for j, b := range guesses {
			if i != j && (a.old == b.old || a.new == b.new) && b.evidence.confidence() > a.evidence.confidence()-0.05 {
				out[i].evidence.against(0.1)
				break
			}
		}
	}
	return out
}

// compare weighs what speaks for two fields of a model being the same.
func (m *fieldMatcher) compare(model string, old, new candidate) evidence {
	var e evidence
	m.compareNames(&e, old, new)
	m.compareLabels(&e, old, new)
	if old.Help != "" && old.Help == new.Help {
		e.add(0.6, "the same help text")
	}
	if since, ok := known[model+"/"+old.Name+">"+new.Name]; ok && !m.ignoreKnown {
		return evidence{clues: []clue{{0.99, "Odoo's own code says so (" + since + ")"}}}
	}
	if since, ok := succeeded[model+"/"+old.Name+">"+new.Name]; ok && !m.ignoreKnown {
		return evidence{clues: []clue{{0.8, "Odoo's own code says so, with other values (" + since + ")"}}}
	}
	if len(e.clues) == 0 && len(old.values) == 0 {
		return e // nothing distinguishes them from any other two
	}
	if seen := m.sure[[2]string{old.Name, new.Name}]; seen != "" && seen != model {
		e.add(0.4, "the same rename in %s", seen)
	}
	m.compareTargets(&e, old, new)
	compareTypes(&e, old, new)
	compareSelections(&e, old, new)
	if old.Related != "" && old.Related == new.Related {
		e.add(0.4, "both are related to %s", new.Related)
	}
	if writable(old.Field) && !writable(new.Field) {
		e.against(0.25)
	}
	if opposed(old.name, new.name) {
		e.against(0.5)
	}
	if odoofacts.NamedByIDs(old.Name) {
		e.against(0.4)
	}
	if m.lost[old.Name] >= ofMixin {
		e.against(0.3)
	}
	return e
}

func (m *fieldMatcher) compareNames(e *evidence, old, new candidate) {
	switch l := m.likeness(old.name, new.name); {
	case l == 1:
		e.add(0.7, "the names differ in their endings or order only")
	case l > 0:
		e.add(0.5*l, "a similar name")
	default:
		e.against(0.2)
	}
}

func (m *fieldMatcher) compareLabels(e *evidence, old, new candidate) {
	switch l := m.likeness(old.label, new.label); {
	case old.Label != "" && strings.EqualFold(old.Label, new.Label):
		e.add(0.65, "the same label %q", new.Label)
	case l > 0:
		e.add(0.45*l, "a similar label %q", new.Label)
	default:
		e.against(0.2)
	}
}

// compareTargets weighs what the fields point to: a model that few fields point to is strong evidence.
func (m *fieldMatcher) compareTargets(e *evidence, old, new candidate) {
	if old.Relation == "" || new.Relation == "" {
		return
	}
	if renamed(m.models, old.Relation) != new.Relation {
		e.against(0.6)
		return
	}
	if m.unsure[old.Relation] {
		e.against(0.2)
	}
	e.add(max(0.15, 0.55-0.05*math.Log2(1+m.targets[new.Relation])), "both point to %s", new.Relation)
	if old.Inverse != "" && old.Inverse == new.Inverse {
		e.add(0.2, "the same inverse %s", new.Inverse)
	}
}

func compareTypes(e *evidence, old, new candidate) {
	switch {
	case old.Type == new.Type:
		e.add(0.1, "the same type %s", new.Type)
	case odoofacts.ShapeOf(old.Type) == odoofacts.ShapeOf(new.Type):
		e.add(0.05, "the type %s, %s before", new.Type, old.Type)
	case old.Relation != "" && new.Relation != "":
		// One record became many, or many one.
	default:
		e.against(0.35)
	}
}

func compareSelections(e *evidence, old, new candidate) {
	if len(old.values) == 0 || len(new.values) == 0 {
		return
	}
	common := 0
	for v := range old.values {
		if new.values[v] {
			common++
		}
	}
	if common == 0 {
		e.against(0.4)
		return
	}
	e.add(0.6*2*float64(common)/float64(len(old.values)+len(new.values)), "%d of its %d choices", common, len(old.values))
}

// renamed is the new name of something.
func renamed(names map[string]string, old string) string {
	if new, ok := names[old]; ok {
		return new
	}
	return old
}
