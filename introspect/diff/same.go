package diff

import (
	"maps"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// Same finds the fields that were certainly renamed from one version to the next, for [snapshot.Merge]. Fields of models
// that have another name too are not among them.
func Same(sources []snapshot.Source) snapshot.Same {
	sources = slices.Clone(sources)
	slices.SortStableFunc(sources, func(a, b snapshot.Source) int { return snapshot.CompareSeries(a.Server.Series, b.Server.Series) })
	later := map[string]string{} // "sale.order.line/tax_id" → tax_ids
	for i := range len(sources) - 1 {
		maps.Copy(later, fieldsRenamed(sources[i].Schema, sources[i+1].Schema))
	}
	same := snapshot.Same{}
	for _, address := range slices.Sorted(maps.Keys(later)) {
		model, field, _ := strings.Cut(address, "/")
		last := lastName(later, model, field)
		same[model+"/"+last] = append(same[model+"/"+last], field)
	}
	maps.DeleteFunc(same, func(address string, others []string) bool { return meet(sources, address, others) })
	return same
}

// lastName follows the renames of a field, but not in circles.
func lastName(later map[string]string, model, field string) string {
	for range len(later) {
		next, ok := later[model+"/"+field]
		if !ok {
			break
		}
		field = next
	}
	return field
}

// fieldsRenamed are the new names of the fields that were certainly renamed, by their old addresses.
func fieldsRenamed(before, after *snapshot.Schema) map[string]string {
	if before.Server.Series == after.Server.Series {
		return nil
	}
	renamed := map[string]string{}
	for old, new := range Compare(before, after).CertainRenames() {
		model, _, isField := strings.Cut(old, "/")
		if to, field, _ := strings.Cut(new, "/"); isField && to == model && !strings.Contains(field, "=") {
			renamed[old] = field
		}
	}
	return renamed
}

// meet reports whether a snapshot has several of the names of a field: then they are several fields.
func meet(sources []snapshot.Source, address string, others []string) bool {
	model, field, _ := strings.Cut(address, "/")
	names := append([]string{field}, others...)
	return slices.Contains(others, field) || slices.ContainsFunc(sources, func(s snapshot.Source) bool { return len(s.FieldsAmong(model, names)) > 1 })
}
