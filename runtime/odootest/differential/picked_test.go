package differential

import (
	"maps"
	"slices"
	"strings"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// handPicked are the operations of all tables.
func handPicked() []string {
	return slices.Concat(strings.Split(reads, "\n"))
}

const reads = `
x_thing read [[@one],[]]
x_thing search_read [[],["x_name","x_tag_ids"]]
`
