package codec

import (
	"reflect"
	"strings"
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

// The codes of orm.Command.
const (
	commandCreate = iota
	commandUpdate
	commandDelete
	commandUnlink
	commandLink
	commandClear
	commandSet
)
