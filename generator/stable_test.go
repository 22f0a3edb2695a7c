package generator_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// withoutConflicts makes a random snapshot, with the renames that it needs.
func withoutConflicts(t *testing.T, seed uint64) (*snapshot.Schema, generator.Config, map[string][]byte) {
	t.Helper()
	s, c := newSource(seed).schema(10, 8), defaults()
	result, err := generator.Generate(s, c)
	if err != nil {
		c.Rename = suggestions(t, err)
		result, err = generator.Generate(s, c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s, c, result.Files
}

// differences are the names of the files that are new, gone or other.
func differences(before, after map[string][]byte) []string {
	var names []string
	for name, data := range after {
		if old, ok := before[name]; !ok || !bytes.Equal(old, data) {
			names = append(names, name)
		}
	}
	for name := range before {
		if _, ok := after[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// A new model, or a new field of one, changes the file of that model and no other, but for the list of the models.
func TestUnrelatedAdditionsChangeNothing(t *testing.T) {
	for seed := range uint64(12) {
		s, c, before := withoutConflicts(t, seed)
		more := *s
		name := fmt.Sprintf("added.model%d", seed)
		fields := []snapshot.Field{{Name: "id", Type: "integer"}, {Name: "added_id", Type: "many2one", Relation: name}}
		at := int(seed) % len(s.Models)
		more.Models = slices.Insert(slices.Clone(s.Models), at, snapshot.Model{Name: name, Fields: fields})
		if got, want := changed(t, &more, c, before), fmt.Sprintf("[added_model%d.go schema.go]", seed); got != want {
			t.Errorf("seed %d: a model more changes %s, want %s", seed, got, want)
		}

		more.Models = slices.Clone(s.Models)
		m := &more.Models[at]
		m.Fields = append(slices.Clone(m.Fields), snapshot.Field{Name: "added_field", Type: "selection", Selection: []snapshot.Choice{{Value: "a"}}})
		only := c
		only.Models = []string{m.Name}
		if got := changed(t, &more, c, before); got != fmt.Sprint(fileOf(t, s, only)) {
			t.Errorf("seed %d: a field more on %s changes %s", seed, m.Name, got)
		}
	}
}

func changed(t *testing.T, s *snapshot.Schema, c generator.Config, before map[string][]byte) string {
	t.Helper()
	result, err := generator.Generate(s, c)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(differences(before, result.Files))
}

// fileOf is the file of the only model of a configuration.
func fileOf(t *testing.T, s *snapshot.Schema, c generator.Config) []string {
	t.Helper()
	result, err := generator.Generate(s, c)
	if err != nil {
		t.Fatal(err)
	}
	delete(result.Files, "doc.go")
	delete(result.Files, "references.go")
	delete(result.Files, "schema.go")
	return differences(nil, result.Files)
}

// The order of a snapshot's models is not part of what it says.
func TestOrderOfModelsChangesNothing(t *testing.T) {
	s, c, before := withoutConflicts(t, 7)
	s.Models = slices.Clone(s.Models)
	slices.Reverse(s.Models)
	if got := changed(t, s, c, before); got != "[]" {
		t.Errorf("in reverse, it changes %s", got)
	}
}
