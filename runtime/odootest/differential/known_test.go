package differential

import "slices"

// exception is an operation, or the beginning of some, that the embedded Odoo is known to answer otherwise.
type exception struct {
	versions []int
	text     string
	reason   string
}

// The list of docs/testing.md, and the reason of each.
var knownDifferences = []exception{
	{[]int{17}, `x_thing read_group [[],["nothing"],["x_choice"]]`, "Odoo 17 names the key in the error, and not the unknown field"},
}

// exceptions are those of a version: the reason of each, until it is met.
type exceptions struct {
	reasons map[string]string
	met     map[string]bool
}

func newExceptions(version int) *exceptions {
	x := &exceptions{map[string]string{}, map[string]bool{}}
	for _, e := range knownDifferences {
		if slices.Contains(e.versions, version) {
			x.reasons[e.text] = e.reason
		}
	}
	return x
}

func (x *exceptions) has(o operation) bool {
	_, listed := x.reasons[o.text]
	x.met[o.text] = listed
	return listed
}

// unused are those that no operation is about.
func (x *exceptions) unused() []string {
	var out []string
	for text, reason := range x.reasons {
		if !x.met[text] {
			out = append(out, text+" ("+reason+")")
		}
	}
	return out
}
