package generator

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// The cost of generating grows with the number of models and of choices, and not with its square. Allocated bytes are counted,
// since times depend on the machine.
func TestCostOfGeneratingIsLinear(t *testing.T) {
	for name, schema := range map[string]func(n int) *snapshot.Schema{"models": manyModels, "choices": manyChoices} {
		t.Run(name, func(t *testing.T) {
			small, large := generatedBytes(t, schema(200)), generatedBytes(t, schema(1600))
			if large > 10*small {
				t.Errorf("8 times the %s take %.1f times the memory", name, float64(large)/float64(small))
			}
		})
	}
}

func BenchmarkGenerate(b *testing.B) {
	for name, schema := range map[string]func(n int) *snapshot.Schema{"models": manyModels, "choices": manyChoices} {
		for _, n := range []int{500, 4000} {
			s := schema(n)
			b.Run(fmt.Sprintf("%s=%d", name, n), func(b *testing.B) {
				for b.Loop() {
					if _, err := Generate(s, Config{Package: "odoo"}); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/"+name)
			})
		}
	}
}

func generatedBytes(t *testing.T, s *snapshot.Schema) uint64 {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := Generate(s, Config{Package: "odoo"}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func manyModels(n int) *snapshot.Schema {
	s := &snapshot.Schema{Format: snapshot.Format}
	for i := range n {
		s.Models = append(s.Models, snapshot.Model{Name: fmt.Sprintf("x.m%06d", i), Fields: []snapshot.Field{{Name: "id", Type: "integer"}, {Name: "name", Type: "char"}}})
	}
	return s
}

func manyChoices(n int) *snapshot.Schema {
	s := manyModels(1)
	field := snapshot.Field{Name: "state", Type: "selection"}
	for i := range n {
		field.Selection = append(field.Selection, snapshot.Choice{Value: fmt.Sprintf("v%d", i), Label: fmt.Sprintf("Label %d", i)})
	}
	s.Models[0].Fields = append(s.Models[0].Fields, field)
	return s
}
