package differential

// exception is an operation, or the beginning of some, that the embedded Odoo is known to answer otherwise.
type exception struct {
	versions []int
	text     string
	reason   string
}

// The list of docs/testing.md, and the reason of each.
var knownDifferences = []exception{}

// exceptions are those of a version, and which of them were met.
type exceptions struct {
	texts map[string]bool
}

func newExceptions(version int) *exceptions {
	x := &exceptions{map[string]bool{}}
	for _, e := range knownDifferences {
		for _, v := range e.versions {
			if v == version {
				x.texts[e.text] = false
			}
		}
	}
	return x
}

func (x *exceptions) has(o operation) bool {
	_, listed := x.texts[o.text]
	if listed {
		x.texts[o.text] = true
	}
	return listed
}

func (x *exceptions) unused() []string {
	var out []string
	for text, met := range x.texts {
		if !met {
			out = append(out, text)
		}
	}
	return out
}
