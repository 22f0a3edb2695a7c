package orm

import (
	"database/sql/driver"
	"fmt"
	"slices"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// The generic types of this file are named by generated code for every field of every model. The compiler instantiates each
// method of each generic type that a package names, so they have none: functions do the work of methods.

// In JSON and in databases of package sql, an ID is a number, a TextID and a selection are strings, and a Ref is an object
// with ID and Name. Types that are not generic have methods for this: see [Date], [Reference] and [OptState].

// ID is the database id of a record of the model M. Zero is no record.
type ID[M any] int64

// Ref is the value of a many2one in reads: the id of the target and its display name in the language of the call. The zero
// Ref is an unset many2one. Name is empty if the server did not send one.
type Ref[M any] struct {
	ID   ID[M]
	Name string
}

// Field is the descriptor of a field of the model M whose values have the Go type T. Its text is the field's
// name in Odoo.
type Field[M, T any] string

// Unsearchable is the value type in the descriptor of a field that Odoo cannot search: a condition on it does not compile.
// Odoo before 19 would leave such a condition out, so that every record matches. Reads and writes have the type T.
type Unsearchable[T any] struct{ _ [0]T }

// Rel is the descriptor of a relation (many2one, one2many or many2many) from M to T: a field whose values are
// ids of T.
type Rel[M, T any] = Field[M, ID[T]]

// OptState is what a write does with a field.
type OptState uint8

// The states of an [Opt]. Absent is the zero value.
const (
	Absent  OptState = iota // the field is not sent
	Present                 // the field is set to the value
	Cleared                 // the field is emptied: Odoo's false
)

// String is "absent", "present" or "cleared".
func (s OptState) String() string {
	if int(s) < len(optStates) {
		return optStates[s]
	}
	return fmt.Sprintf("OptState(%d)", uint8(s))
}

var optStates = []string{Absent: "absent", Present: "present", Cleared: "cleared"}

// MarshalText returns the result of String, for JSON.
func (s OptState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText accepts the results of [OptState.MarshalText].
func (s *OptState) UnmarshalText(text []byte) error {
	i := slices.Index(optStates, string(text))
	if i < 0 {
		return fmt.Errorf("orm: %q is not a state of an Opt", text)
	}
	*s = OptState(i)
	return nil
}

// Opt is the value of one field in a write. The zero Opt does not change the field, and leaves it to its default in a
// create. Make other values with [Set] and [Clear].
type Opt[T any] struct {
	_     [0]func() // no ==, for which the compiler would generate code for every values type
	State OptState
	Value T
}

// Set gives a field a value. Zero times, dates, ids, references, selections and empty binaries are sent as Odoo's false, so
// that values that were read can be written back; other zero values are sent unchanged.
func Set[T any](v T) Opt[T] { return Opt[T]{State: Present, Value: v} }

// Clear empties a field.
func Clear[T any]() Opt[T] { return Opt[T]{State: Cleared} }

// Reference is the value of a reference field: a record of any model. The zero Reference is unset.
type Reference struct {
	Model string
	ID    int64
}

// RefTo returns the reference to a record of the model M.
func RefTo[M any](id ID[M]) Reference { return Reference{Model: modelName[M](), ID: int64(id)} }

// String returns Odoo's form, "res.partner,7", or "" if unset.
func (r Reference) String() string { return codec.Reference(r).String() }

// MarshalText returns [Reference.String], for XML, map keys, flags and so on.
func (r Reference) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText accepts what [ParseReference] accepts.
func (r *Reference) UnmarshalText(text []byte) (err error) {
	*r, err = ParseReference(string(text))
	return err
}

// MarshalJSON returns a string such as "res.partner,7", and null for the unset reference.
func (r Reference) MarshalJSON() ([]byte, error) { return jsonText(r.String()) }

// UnmarshalJSON accepts a string as [ParseReference] does, or null for the unset reference.
func (r *Reference) UnmarshalJSON(b []byte) error { return fromJSONText(b, r) }

// Value returns [Reference.String] for a database of package sql, and NULL for the unset reference.
func (r Reference) Value() (driver.Value, error) { return sqlText(r.String()) }

// Scan reads the results of [Reference.Value] from a database of package sql.
func (r *Reference) Scan(value any) error { return fromSQL(value, r) }

// ParseReference reads Odoo's form, "res.partner,7". The empty string is the zero Reference.
func ParseReference(s string) (Reference, error) {
	r, err := codec.ParseReference(s)
	return Reference(r), err
}

// Record is implemented by a pointer to every generated record type.
type Record interface {
	OdooModel() string
}

// Values is implemented by the generated Values types; M is the record type that they create or change.
type Values[M any] interface {
	OdooRecord() *M
}

// modelName is the Odoo name of the model whose generated record is M, or "" for any other type.
func modelName[M any]() string {
	if r, ok := any(new(M)).(Record); ok {
		return r.OdooModel()
	}
	return ""
}
