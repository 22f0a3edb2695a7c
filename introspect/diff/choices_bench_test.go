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
