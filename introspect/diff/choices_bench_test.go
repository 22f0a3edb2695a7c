package diff

import (
	"fmt"
	"testing"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// manyChoices is a selection of so many values, written one way or another.
func manyChoices(n int, format string) *snapshot.Schema {
	f := snapshot.Field{Name: "s", Type: "selection"}
	for i := range n {
		f.Selection = append(f.Selection, snapshot.Choice{Value: fmt.Sprintf(format, i), Label: fmt.Sprint("Label ", i)})
	}
	return &snapshot.Schema{Format: snapshot.Format, Models: []snapshot.Model{{Name: "m", Fields: []snapshot.Field{f}}}}
}

func TestManyChoicesThatWereRenamed(t *testing.T) {
	renamed := 0
	for _, c := range Compare(manyChoices(500, "v%d"), manyChoices(500, "w%d")).Changes {
		if c.Action == Renamed && c.Choice.Old[1:] == c.Choice.New[1:] {
			renamed++
		}
	}
	if renamed != 500 {
		t.Errorf("%d choices were renamed", renamed)
	}
}

// A label that many choices have does not say which of them another one is: they are not paired one by one, each with a look at
// all others.
func TestChoicesWithOneLabelAreNotPaired(t *testing.T) {
	for n, want := range map[int]int{mostAlike: mostAlike, mostAlike + 1: 0, 500: 0} {
		old, new := manyChoices(n, "v%d"), manyChoices(n, "w%d")
		for _, s := range []*snapshot.Schema{old, new} {
			for i := range s.Models[0].Fields[0].Selection {
				s.Models[0].Fields[0].Selection[i].Label = "The same"
			}
		}
		actions := map[Action]int{}
		for _, c := range Compare(old, new).Changes {
			actions[c.Action]++
		}
		if actions[Renamed] != want || actions[Removed] != n-want || actions[Added] != n-want {
			t.Errorf("%d choices: %v, want %d renamed", n, actions, want)
		}
	}
}

// The value of a choice is looked up, and not compared with that of each: the candidates of all choices are as many as there are.
func TestManyChoicesAreLookedUp(t *testing.T) {
	var choices []snapshot.Choice
	for i := range 1000 {
		choices = append(choices, snapshot.Choice{Value: fmt.Sprint("v", i), Label: fmt.Sprint("Label ", i)})
	}
	keys := choiceKeys(choices)
	alike, candidates := alikeChoices(keys), 0
	for _, k := range keys {
		candidates += len(alike(k))
	}
	if candidates != len(keys) {
		t.Errorf("%d candidates for %d choices", candidates, len(keys))
	}
}

// BenchmarkManyChoices/20000 takes about twice as long as 10000.
func BenchmarkManyChoices(b *testing.B) {
	for _, n := range []int{10000, 20000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			old, new := manyChoices(n, "v%d"), manyChoices(n, "w%d")
			for b.Loop() {
				Compare(old, new)
			}
		})
	}
}
