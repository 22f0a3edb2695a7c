package codec

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"
)

// ormPackage is the path of package orm. Generated code names the types of that package, which therefore live there and
// not here: the codec recognizes them by their names, once for each Go type, and reads and writes them by their layout.
const ormPackage = "github.com/odoogen/odoogen/runtime"

// Is reports whether t is the type of package orm with the name, or an instance of the generic type with the name.
func Is(t reflect.Type, name string) bool {
	if t.PkgPath() != ormPackage {
		return false
	}
	base, _, _ := strings.Cut(t.Name(), "[")
	return base == name
}

// IsCommands reports whether a type is a slice of commands.
func IsCommands(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && Is(t.Elem(), "Command")
}

// Plain returns the type of the value in a pointer or an Opt.
func Plain(t reflect.Type) reflect.Type {
	for {
		switch {
		case Is(t, "Opt"):
			t = t.Field(optValue).Type
		case t.Kind() == reflect.Pointer:
			t = t.Elem()
		default:
			return t
		}
	}
}

// The layouts of types of package orm, which are the same for all instances of a generic type. Package orm has a test that
// compares them.

// Ref is the layout of orm.Ref.
type Ref struct {
	ID   int64
	Name string
}

// TextRef is the layout of orm.TextRef.
type TextRef struct {
	ID   string
	Name string
}

// Reference is the layout of orm.Reference.
type Reference struct {
	Model string
	ID    int64
}

// Command is the layout of orm.Command.
type Command struct {
	Code   int
	IDs    []int64
	Values any
}

// The places of the fields of orm.Opt.
const (
	optState = 1
	optValue = 2
)

// The states of orm.Opt.
const (
	absent uint8 = iota
	present
	cleared
)

// The codes of orm.Command, which are Odoo's, with the functions of package orm that make them.
const (
	CommandCreate = iota // orm.New
	CommandUpdate        // orm.Update
	CommandDelete        // orm.Delete
	CommandUnlink        // orm.Remove
	CommandLink          // orm.Link
	CommandClear         // orm.RemoveAll
	CommandSet           // orm.Replace
)

var (
	typeTime      = reflect.TypeFor[time.Time]()
	typeDate      = reflect.TypeFor[Date]()
	typeReference = reflect.TypeFor[Reference]()
	typeRaw       = reflect.TypeFor[json.RawMessage]()
	typeByte      = reflect.TypeFor[byte]()
)

// isBinary reports whether t is []byte or a named type of it.
func isBinary(t reflect.Type) bool { return t.Kind() == reflect.Slice && t.Elem() == typeByte }

// IsBase64 reports whether values of the type are read from base64.
func IsBase64(t reflect.Type) bool {
	return isBinary(t) && !readsItself(t)
}

// falseIsZero reports whether false is the zero value of a type, for the types of most fields.
func falseIsZero(t reflect.Type) bool {
	switch {
	case t == typeTime, Is(t, "Date"), Is(t, "Ref"), Is(t, "ID"):
		return true
	case readsItself(t):
		return false
	}
	return t.Kind() >= reflect.Bool && t.Kind() <= reflect.Float64 || t.Kind() == reflect.String
}

// isRecord reports whether a struct is read as a record.
func isRecord(t reflect.Type) bool {
	switch {
	case t.Kind() != reflect.Struct, t == typeTime, Is(t, "Date"), Is(t, "Reference"), Is(t, "Ref"):
		return false
	case readsItself(t):
		return false
	}
	return hasTags(t)
}

// isEndless reports whether t is a list or a pointer whose elements are recursive: type T []T.
func isEndless(t reflect.Type) bool { return nests(t, reflect.Slice, reflect.Pointer) }

// nests reports whether t is of these kinds, and its elements, and theirs, without end.
func nests(t reflect.Type, kinds ...reflect.Kind) bool {
	for range 100 {
		if !slices.Contains(kinds, t.Kind()) {
			return false
		}
		t = t.Elem()
	}
	return true
}

// hasTags reports whether a struct has a field with an odoo tag.
func hasTags(t reflect.Type) bool {
	for _, sf := range reflect.VisibleFields(t) {
		if _, ok := sf.Tag.Lookup(TagName); ok {
			return true
		}
	}
	return false
}

// NameID is the name of the field that holds the id of a record.
const NameID = "id"

// The tag of a struct field that holds a field of Odoo: `odoo:"name"`, or `odoo:"name,ondemand"` for one that is
// read only when a call asks for it. Relations have further options: see nested.go.
const (
	TagName     = "odoo"
	tagOnDemand = "ondemand"
)

var typeString = reflect.TypeFor[string]()

// holdsAbsence reports whether a type distinguishes a field that the server lacks: an Opt, or the commands of a write.
func holdsAbsence(t reflect.Type) bool {
	return Is(t, "Opt") || t.Kind() == reflect.Slice && Is(t.Elem(), "Command")
}

// withoutOpt is the type of the value of an Opt, or the type itself.
func withoutOpt(t reflect.Type) reflect.Type {
	if Is(t, "Opt") {
		return t.Field(optValue).Type
	}
	return t
}
