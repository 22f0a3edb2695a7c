// Package usage finds what of Odoo some Go code uses: which lines read, write, search or name which model, field, choice or
// method, through the bindings that odoogen generated or in texts.
//
// collect.go finds the uses, calls.go those in calls of the runtime, texts.go those in texts.
package usage

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/bindings"
	"github.com/odoogen/odoogen/internal/ir"
)

// Use is a place in the code that depends on something of Odoo.
type Use struct {
	At, To token.Pos // where the code is
	Pos    token.Position
	End    token.Position
	Code   string // the text from Pos to End: PartnerID, partner_id
	How    How
	Model  string // sale.order
	Field  string // partner_id; "" if it is about the model or a method
	Choice string // a value of a selection field
	Method string
	Report string // the report_name of a report

	HasChoice bool            // it is about the Choice, which may be ""
	Given     map[string]bool // of Creates: the fields that are given; nil if they are unknown

	Part  bindings.Part // what of a generated package the code names; nothing if it is Text
	Text  bool          // it is a constant text, which the compiler does not check: Code is Odoo's own name
	Tag   bool          // it is the tag of a struct
	Exact bool          // Code is exactly the text from Pos to End: an identifier, or a part of a literal
}

// How says in which way something is used.
type How string

// The ways of use.
const (
	Reads      How = "read"       // a field of a record
	Writes     How = "write"      // a field in values
	Condition  How = "condition"  // a field in a search
	Orders     How = "order"      // a field to sort by
	Groups     How = "group"      // a field to group by, or to add up
	Includes   How = "include"    // a field that is asked for
	Projection How = "projection" // a tag of a struct that records are read into
	Chooses    How = "choice"     // a value of a selection
	Switches   How = "switch"     // a switch over a selection, without a default
	Creates    How = "create"     // records of a model are made
	Lists      How = "list"       // records of a model are read in the model's own order
	Copies     How = "copy"       // a record of a model is copied
	Names      How = "name"       // a type, a client or a descriptor is named
	Calls      How = "call"       // a method
	Prints     How = "print"      // a report
)

// FieldNames are the names that the field has on the servers of the package, and whether servers can lack it.
func (u Use) FieldNames() (names []string, optional bool) {
	all, optional := strings.CutSuffix(u.Field, ir.PartialSign)
	return strings.Split(all, ir.NameSign), optional
}

// IsField reports whether the use is about the field with the name.
func (u Use) IsField(name string) bool {
	names, _ := u.FieldNames()
	return slices.Contains(names, name)
}

// Gives reports whether records are created with the field.
func (u Use) Gives(name string) bool {
	for given := range u.Given {
		if (Use{Field: given}).IsField(name) {
			return true
		}
	}
	return false
}

// About is what the use is about: sale.order/state=draft, as in odoogen.yaml, or sale.order.action_confirm().
func (u Use) About() string {
	switch {
	case u.Method != "":
		return u.Model + "." + u.Method + "()"
	case u.Report != "":
		return u.Model + "/" + u.Report
	case u.HasChoice:
		return u.Model + "/" + u.Field + "=" + u.Choice
	case u.Field != "":
		return u.Model + "/" + u.Field
	}
	return u.Model
}

// String is a line as compilers write it.
func (u Use) String() string {
	return fmt.Sprintf("%s:%d:%d: %s %s", u.Pos.Filename, u.Pos.Line, u.Pos.Column, u.How, u.About())
}

// sorted puts uses into the order of the code, each once.
func sorted(uses []Use) []Use {
	slices.SortFunc(uses, func(a, b Use) int {
		return cmp.Or(strings.Compare(a.Pos.Filename, b.Pos.Filename), a.Pos.Offset-b.Pos.Offset, strings.Compare(a.About(), b.About()), strings.Compare(string(a.How), string(b.How)))
	})
	return slices.CompactFunc(uses, func(a, b Use) bool { return a.Pos == b.Pos && a.About() == b.About() && a.How == b.How })
}
