package orm

import (
	"encoding/json"
	"strings"
)

// Result is the answer of a method that does not say what it returns. Many methods of Odoo answer with true, with
// nothing, or with an action for its pages to run next, depending on the records: see package
// [github.com/odoogen/odoogen/runtime/actions].
type Result struct {
	Raw           json.RawMessage // what Odoo sent
	model, method string
}

// IsNone reports whether the method returned nothing, or False.
func (r Result) IsNone() bool { return len(r.Raw) == 0 || r.is("null") || r.is("false") }

// IsTrue reports whether the method returned True.
func (r Result) IsTrue() bool { return r.is("true") }

func (r Result) is(text string) bool { return strings.TrimSpace(string(r.Raw)) == text }

// Decode reads the answer into what dest points to, as the fields of records are read: a struct with odoo tags, a slice
// of ids, a map, a number, and so on.
func (r Result) Decode(dest any) error { return decodeInto(r.Raw, r.model, dest) }
