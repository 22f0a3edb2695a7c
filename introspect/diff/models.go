package diff

import (
	"math"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// This file recognises models that were renamed, merged into another model, or split.

// The confidence from which a guess is reported.
const (
	leastModel = 0.5
	leastMerge = 0.4 // of models of which nothing else is known
	leastSplit = 0.6
	leastField = 0.55
)

func modelName(m snapshot.Model) string { return m.Name }
func fieldName(f snapshot.Field) string { return f.Name }

// profile is what is compared of a model.
type profile struct {
	snapshot.Model
	name, label []string           // the words
	fields      map[string]float64 // by name and type, weighed by how few models have them
	total       float64            // the sum of these weights
}

// modelMatcher knows what both snapshots say about models that are in one of them only.
type modelMatcher struct {
	ignoreKnown bool // for tests: see fieldMatcher
	gone, come  []profile
	stayed      []stayed
	words       vocabulary
	moved       map[string]map[string]int     // old target → new target of relations that kept their name
	replaced    map[string]map[string]float64 // the same of relations that were replaced by others in the same model
	prefixes    map[[2]string]int             // how often the first part of a name became another
}

// stayed is a model that kept its name, with the fields that it lost and got.
type stayed struct {
	model     profile
	lost, got profile
}

func newModelMatcher(before, after *snapshot.Schema, ignoreKnown bool) *modelMatcher {
	m := &modelMatcher{ignoreKnown: ignoreKnown, moved: map[string]map[string]int{}, replaced: map[string]map[string]float64{}, prefixes: map[[2]string]int{}}
	weight := rarity(before, after)
	for _, s := range []*snapshot.Schema{before, after} {
		for _, model := range s.Models {
			m.words.learn(wordsOf(model.Name))
			m.words.learn(wordsOf(model.Label))
		}
	}
	m.words.weigh()
	old, new := byName(before.Models, modelName), byName(after.Models, modelName)
	for _, o := range before.Models {
		if _, ok := new[o.Name]; !ok {
			m.gone = append(m.gone, weight.profile(o, o.Fields))
		}
	}
	for _, n := range after.Models {
		o, ok := old[n.Name]
		if !ok {
			m.come = append(m.come, weight.profile(n, n.Fields))
			continue
		}
		m.stayed = append(m.stayed, stayed{
			model: weight.profile(n, n.Fields),
			lost:  weight.profile(o, without(o.Fields, n.Fields)),
			got:   weight.profile(n, without(n.Fields, o.Fields)),
		})
		m.compareTargets(o, n)
	}
	m.compareReplaced()
	return m
}

// compareReplaced notes which targets models no longer point to, and which they point to for the first time, by fields
// of the same type.
func (m *modelMatcher) compareReplaced() {
	gone, come := byName(m.gone, profileName), byName(m.come, profileName)
	for _, s := range m.stayed {
		m.noteReplaced(s.lost.Fields, s.got.Fields, gone, come)
	}
}

func (m *modelMatcher) noteReplaced(lost, got []snapshot.Field, gone, come map[string]profile) {
	for _, l := range lost {
		if _, ok := gone[l.Relation]; !ok {
			continue
		}
		targets := map[string]bool{}
		for _, g := range got {
			if _, ok := come[g.Relation]; ok && g.Type == l.Type {
				targets[g.Relation] = true
			}
		}
		for t := range targets {
			if m.replaced[l.Relation] == nil {
				m.replaced[l.Relation] = map[string]float64{}
			}
			m.replaced[l.Relation][t] += 1 / float64(len(targets))
		}
	}
}

func profileName(p profile) string { return p.Name }

// without are the fields whose names others do not have.
func without(fields, others []snapshot.Field) []snapshot.Field {
	known := byName(others, fieldName)
	var out []snapshot.Field
	for _, f := range fields {
		if _, ok := known[f.Name]; !ok {
			out = append(out, f)
		}
	}
	return out
}

// compareTargets notes where the relations of a model that kept its name point to now.
func (m *modelMatcher) compareTargets(o, n snapshot.Model) {
	old := byName(o.Fields, fieldName)
	for _, f := range n.Fields {
		was := old[f.Name].Relation
		if was == "" || f.Relation == "" || was == f.Relation {
			continue
		}
		if m.moved[was] == nil {
			m.moved[was] = map[string]int{}
		}
		m.moved[was][f.Relation]++
	}
}

// weights are how strong the evidence of fields is, by name and type.
type weights map[string]float64

func rarity(schemas ...*snapshot.Schema) weights {
	w := weights{}
	total := 0.0
	for _, s := range schemas {
		total += float64(len(s.Models))
		for _, m := range s.Models {
			for _, f := range m.Fields {
				w[fieldKey(f)]++
			}
		}
	}
	for key, n := range w {
		w[key] = math.Pow(math.Log(1+total/n), 2)
	}
	return w
}

func fieldKey(f snapshot.Field) string { return f.Name + ":" + f.Type }

func (w weights) profile(m snapshot.Model, fields []snapshot.Field) profile {
	p := profile{Model: m, name: wordsOf(m.Name), label: wordsOf(m.Label), fields: map[string]float64{}}
	p.Fields = fields
	for _, f := range fields {
		if !odoofacts.IsMagic(f.Name) {
			p.fields[fieldKey(f)] = w[fieldKey(f)]
			p.total += w[fieldKey(f)]
		}
	}
	return p
}

// common is the weight of the fields that two models share, and their number.
func (p profile) common(q profile) (weight float64, n int) {
	if len(p.fields) > len(q.fields) {
		p, q = q, p
	}
	for key, w := range p.fields {
		if _, ok := q.fields[key]; ok {
			weight += w
			n++
		}
	}
	return weight, n
}

// renames pairs models that are gone with models that came.
func (m *modelMatcher) renames() []pair {
	first := assign(m.guesses(), leastModel)
	for _, p := range first { // what was seen in others is a clue for the rest
		if old, new, ok := changedPrefix(m.gone[p.old].Name, m.come[p.new].Name); ok {
			m.prefixes[[2]string{old, new}]++
		}
	}
	return assign(m.guesses(), leastModel)
}

func (m *modelMatcher) guesses() []pair {
	var out []pair
	for i, old := range m.gone {
		for j, new := range m.come {
			if e := m.compare(old, new); e.confidence() >= leastModel/2 {
				out = append(out, pair{i, j, e})
			}
		}
	}
	return out
}

// compare weighs what speaks for two models being the same.
func (m *modelMatcher) compare(old, new profile) evidence {
	if since, ok := knownModels[old.Name+">"+new.Name]; ok && !m.ignoreKnown {
		return evidence{clues: []clue{{0.99, "Odoo's own code says so (" + since + ")"}}}
	}
	var e evidence
	if weight, n := old.common(new); n > 0 {
		// How much of the old one is there, and how much both share: a model grows more often than it shrinks.
		part := (weight/old.total + 2*weight/(old.total+new.total)) / 2
		e.add(0.9*part*several(n), "%d of its %d fields", n, len(old.fields))
	}
	if old.Label != "" && strings.EqualFold(old.Label, new.Label) {
		e.add(0.45, "the same label %q", new.Label)
	} else {
		e.add(0.25*m.words.likeness(old.label, new.label), "a similar label %q", new.Label)
	}
	e.add(0.4*m.words.likeness(old.name, new.name), "a similar name")
	m.addTargets(&e, old.Name, new.Name)
	if r := m.replaced[old.Name][new.Name]; r > 0 {
		e.add(0.4*(1-math.Pow(0.5, r)), "fields that pointed to it gave way to such as point there")
	}
	if from, to, ok := changedPrefix(old.Name, new.Name); ok {
		if times := m.prefixes[[2]string{from, to}]; times > 1 {
			e.add(0.6, "%s… became %s… in %d models", from, to, times)
		}
	}
	if e.confidence() >= leastModel && m.inherited(old, new) {
		e.against(0.5)
	}
	if (old.Kind == snapshot.Abstract) != (new.Kind == snapshot.Abstract) || (old.Kind == snapshot.Transient) != (new.Kind == snapshot.Transient) {
		e.against(0.5)
	}
	return e
}

// mostly is the part of what two models share that makes another model the source of it.
const mostly = 0.9

// inherited reports whether two models share little but the fields of a third one, that both may inherit: documents share
// those of attachments. A model that was renamed has fields of its own, or a label like the old one.
func (m *modelMatcher) inherited(old, new profile) bool {
	if strings.EqualFold(old.Label, new.Label) || m.words.likeness(old.label, new.label) > someLikeness {
		return false
	}
	shared := profile{fields: map[string]float64{}}
	for key, weight := range old.fields {
		if _, ok := new.fields[key]; ok {
			shared.fields[key] = weight
			shared.total += weight
		}
	}
	if len(shared.fields) < fewFields {
		return false
	}
	for _, s := range m.stayed {
		if weight, _ := shared.common(s.model); weight >= mostly*shared.total {
			return true
		}
	}
	return false
}

// someLikeness is that of labels which have more than a common word in common.
const someLikeness = 0.3

// fewFields are so few that a third model has them by chance.
const fewFields = 10

// several weighs a number of coincidences: a few say little.
func several(n int) float64 { return 1 - math.Pow(0.6, float64(n)) }

// addTargets weighs where the relations to the old model point now.
func (m *modelMatcher) addTargets(e *evidence, old, new string) {
	total := 0
	for _, n := range m.moved[old] {
		total += n
	}
	if total == 0 {
		return
	}
	here := m.moved[old][new]
	if here == 0 {
		e.against(0.5)
		return
	}
	e.add(0.9*float64(here)/float64(total)*several(2*here), "%d of %d relations to it point there now", here, total)
}

// changedPrefix reports the prefixes of two names that differ in their prefix only.
func changedPrefix(old, new string) (from, to string, ok bool) {
	o, n := strings.Split(old, "."), strings.Split(new, ".")
	for len(o) > 1 && len(n) > 1 && o[len(o)-1] == n[len(n)-1] {
		o, n = o[:len(o)-1], n[:len(n)-1]
		ok = true
	}
	return strings.Join(o, "."), strings.Join(n, "."), ok
}

// merged finds the model that one that is gone went into: many of its fields are new there, or what pointed to it
// points there now.
func (m *modelMatcher) merged(old profile) (into string, e evidence) {
	for _, s := range m.stayed {
		if c := m.compareMerged(old, s); c.confidence() > e.confidence() {
			into, e = s.model.Name, c
		}
	}
	return into, e
}

func (m *modelMatcher) compareMerged(old profile, s stayed) evidence {
	var e evidence
	if !m.ignoreKnown && knownMerges[old.Name] == s.model.Name {
		return evidence{clues: []clue{{0.8, "Odoo's own code says so"}}}
	}
	if weight, n := old.common(s.got); n > 1 {
		e.add(0.9*weight/old.total*several(n), "%d of its %d fields are new there", n, len(old.fields))
	}
	m.addTargets(&e, old.Name, s.model.Name)
	if len(e.clues) > 0 {
		e.add(0.4*m.words.likeness(old.name, s.model.name), "a similar name")
	}
	return e
}

// split finds the model that a new one took a part of the fields of.
func (m *modelMatcher) split(new profile) (from string, e evidence) {
	for _, s := range m.stayed {
		var c evidence
		if weight, n := new.common(s.lost); n > 2 {
			c.add(weight/new.total*several(n), "%d of its fields went there", n)
		}
		if c.confidence() > e.confidence() {
			from, e = s.model.Name, c
		}
	}
	return from, e
}
