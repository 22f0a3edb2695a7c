package differential

import (
	"maps"
	"slices"
	"strings"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// handPicked are the operations of all tables; the last ones change records.
func handPicked() []string {
	return slices.Concat(lines(conditions), lines(orders), lines(reads), lines(groups), lines(webReads),
		lines(mistakes), lines(writes), lines(commands), lines(deletions), lines(partners), lines(languages), lines(companies), lines(loads),
		lines(archived), lines(bounds), lines(gone), lines(random))
}

func lines(table string) []string { return strings.Split(table, "\n") }
