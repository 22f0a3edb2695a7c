package main

import (
	"encoding/json"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
)

// The types that a program needs to read Odoo's answers with encoding/json: false is the value of every field that is not
// set.

func isFalse(b []byte) bool { return string(b) == "false" || string(b) == "null" }

type jsonText string

func (t *jsonText) UnmarshalJSON(b []byte) error {
	if isFalse(b) {
		return nil
	}
	return json.Unmarshal(b, (*string)(t))
}

type jsonInt int64

func (n *jsonInt) UnmarshalJSON(b []byte) error {
	if isFalse(b) {
		return nil
	}
	return json.Unmarshal(b, (*int64)(n))
}

type jsonFloat float64

func (f *jsonFloat) UnmarshalJSON(b []byte) error {
	if isFalse(b) {
		return nil
	}
	return json.Unmarshal(b, (*float64)(f))
}

type jsonTime struct{ time.Time }

func (t *jsonTime) UnmarshalJSON(b []byte) error {
	return t.parse(b, `"2006-01-02 15:04:05"`)
}

func (t *jsonTime) parse(b []byte, layout string) (err error) {
	if !isFalse(b) {
		t.Time, err = time.Parse(layout, string(b))
	}
	return err
}

type jsonDate struct{ jsonTime }

func (d *jsonDate) UnmarshalJSON(b []byte) error { return d.parse(b, `"2006-01-02"`) }

type jsonRef struct {
	ID   int64
	Name string
}

func (r *jsonRef) UnmarshalJSON(b []byte) error {
	if isFalse(b) {
		return nil
	}
	return json.Unmarshal(b, &[]any{&r.ID, &r.Name})
}

type jsonBytes []byte

func (d *jsonBytes) UnmarshalJSON(b []byte) error {
	if isFalse(b) {
		return nil
	}
	return json.Unmarshal(b, (*[]byte)(d))
}

// record is a model that relations point to.
type record struct{}

// choice is the type of a selection, as generated code has one for each.
type choice string

type ref = orm.Ref[record]
type id = orm.ID[record]
