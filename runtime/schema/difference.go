package schema

import (
	"fmt"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
)

// Error reports that a server is not what the bindings were generated from.
type Error struct {
	Server      orm.Version
	Differences []Difference // in the order of the schema
}

// shownDifferences is how many differences the text of the error lists.
const shownDifferences = 20

// Error lists the differences, the first twenty of them.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "schema: the server, Odoo %s, is not what the bindings were generated from:", e.Server.Series)
	for i, d := range e.Differences {
		if i == shownDifferences {
			fmt.Fprintf(&b, "\n  and %d more", len(e.Differences)-i)
			break
		}
		b.WriteString("\n  " + d.String())
	}
	return b.String()
}

// Difference is one thing in which a server differs from what bindings expect.
type Difference struct {
	Model string // sale.order
	Field string // "" if it is about the model
	Kind  Kind
	Was   string // the type, or the model that a relation points to, when the bindings were generated
	Is    string // and now
}

// Kind says what differs.
type Kind string

// The kinds of differences.
const (
	Gone            Kind = "gone"           // a model or field that the server does not have
	NotVisible      Kind = "not visible"    // a field that exists, but is not visible to this user
	Missing         Kind = "missing"        // a field that is gone or not visible: the server does not say
	TypeChanged     Kind = "other type"     // of a field
	RelationChanged Kind = "other relation" // a field that points to another model
	NowRequired     Kind = "required now"   // a field
	NowComputed     Kind = "not stored now" // a field that the server computes on each read
)

// String is the difference in a line: sale.order.tax_id: gone.
func (d Difference) String() string {
	name := d.Model
	if d.Field != "" {
		name += "." + d.Field
	}
	switch d.Kind {
	case TypeChanged, RelationChanged:
		return fmt.Sprintf("%s: %s: %s, was %s", name, d.Kind, d.Is, d.Was)
	case Missing:
		return name + ": gone, or not visible to this user"
	case NotVisible:
		return name + ": not visible to this user"
	}
	return name + ": " + string(d.Kind)
}
