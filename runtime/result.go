package orm

import (
	"encoding/json"
	"strings"
)

// Result is the result of a method without a documented return type. Many methods of Odoo return true, nothing, or an action
// that the web client runs next, depending on the records: see package [github.com/odoogen/odoogen/runtime/actions].
type Result struct {
	Raw           json.RawMessage // what Odoo sent
	model, method string
}

// IsNone reports whether the method returned nothing, or False.
func (r Result) IsNone() bool { return len(r.Raw) == 0 || r.is("null") || r.is("false") }

// IsTrue reports whether the method returned True.
func (r Result) IsTrue() bool { return r.is("true") }

func (r Result) is(text string) bool { return strings.TrimSpace(string(r.Raw)) == text }

// Decode decodes the result into the value that dest points to, by the rules for fields of records: a struct with odoo tags,
// a slice of ids, a map, a number, and so on.
func (r Result) Decode(dest any) error { return decodeInto(r.Raw, r.model, dest) }
