package codec

import (
	"database/sql"
	"database/sql/driver"
	"encoding"
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"strconv"
)

// This file reads and writes types that are neither Odoo's nor Go's basic ones: decimals, UUIDs, addresses, enums. Their methods
// decide, in this order: JSON, text, package sql. A number is the exception when it is written: its digits are its text,
// because decimals quote their JSON, and Odoo sends and wants numbers. No float64 is in between in either direction.
//
// Odoo's false is the zero value, which is written as false again, but for two kinds of types: the zero of a number is 0, and
// that of an enum of integers is its first choice, so that reading false is up to the type.

var (
	typeJSON    = reflect.TypeFor[json.Unmarshaler]()
	typeText    = reflect.TypeFor[encoding.TextUnmarshaler]()
	typeScanner = reflect.TypeFor[sql.Scanner]()

	typeMarshalJSON = reflect.TypeFor[json.Marshaler]()
	typeMarshalText = reflect.TypeFor[encoding.TextMarshaler]()
	typeValuer      = reflect.TypeFor[driver.Valuer]()
)

// readsItself reports whether the pointer to a type has a method that reads it.
func readsItself(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(typeJSON) || readsText(t)
}

// readsText reports the same of the methods that are not handed Odoo's false.
func readsText(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(typeText) || p.Implements(typeScanner)
}

// writesItself reports whether a type, or the pointer to it, has a method that writes its JSON, its text or its value in a
// database.
func writesItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(typeMarshalJSON) || p.Implements(typeMarshalText) || p.Implements(typeValuer)
}

// isNumber reports whether a type is a number to the code that uses it: it converts itself to a float64. Its methods for JSON do not
// say so, since many decimals write themselves as JSON strings.
func isNumber(t reflect.Type) bool {
	switch reflect.New(t).Interface().(type) {
	case interface{ Float64() float64 },
		interface{ Float64() (float64, bool) },
		interface{ Float64() (float64, error) },
		interface {
			Float64() (float64, big.Accuracy)
		},
		interface{ InexactFloat64() float64 }:
		return true
	}
	return false
}

// isEnum reports whether the zero value of a type of integers is a choice, which has a text.
func isEnum(t reflect.Type) bool {
	if t.Kind() < reflect.Int || t.Kind() > reflect.Uint64 || isNumber(t) {
		return false
	}
	m, ok := reflect.New(t).Interface().(encoding.TextMarshaler)
	if !ok {
		return false
	}
	text, err := m.MarshalText()
	return err == nil && len(text) > 0
}

// databaseValue is a value of JSON as package sql has it: nil for false, a bool, an int64, or a string, which is what a number with
// a fraction is, so that no digit is lost.
func databaseValue(raw []byte) (driver.Value, error) {
	switch raw[0] {
	case 't':
		return true, nil
	case 'f', 'n':
		return nil, nil
	case '"':
		var text string
		err := json.Unmarshal(raw, &text)
		return text, err
	case '[', '{':
		return nil, fmt.Errorf("want a single value, got %.40q", raw)
	}
	if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return n, nil
	}
	return string(raw), nil
}

// isFalse reports whether Odoo's false is the zero value of a type, which is then written as false.
func isFalse(t reflect.Type) bool {
	return readsItself(t) && t.Kind() != reflect.Bool && !isNumber(t) && !isEnum(t)
}

// addressable is a value that has an address, which a method may need: the value itself, or a copy.
func addressable(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v
	}
	copied := reflect.New(v.Type()).Elem()
	copied.Set(v)
	return copied
}
