package main

import (
	"encoding/json"

	"github.com/go-faster/jx"

	"github.com/odoogen/odoogen/runtime/wire"
)

// way is one way to do a task: decode an answer, or encode values.
type way struct {
	name string
	run  func() error
}

// task is what ways are compared at.
type task struct {
	name    string
	records int
	bytes   int
	ways    []way // ours first
	goals   map[string]float64
	allocs  float64 // the most allocations a record of ours, 0 for any number
}

// jxRecord is a pointer to a T that decodes itself.
type jxRecord[T any] interface {
	*T
	decodeJX(*jx.Decoder) error
}

// decodeTask reads an answer into []T, into []J by encoding/json, and into []T by jx.
func decodeTask[T, J any, P jxRecord[T]](name string, data []byte, n int) task {
	return task{name: name, records: n, bytes: len(data), ways: []way{
		into[T]("odoogen", data),
		{"jx", func() error {
			rows := make([]T, 0, n)
			return jx.DecodeBytes(data).Arr(func(d *jx.Decoder) error {
				rows = append(rows, *new(T))
				return P(&rows[len(rows)-1]).decodeJX(d)
			})
		}},
		{"encoding/json", func() error {
			var rows []J
			return json.Unmarshal(data, &rows)
		}},
	}}
}

// into reads an answer into []T by odoogen.
func into[T any](name string, data []byte) way {
	return way{name, func() error {
		var rows []T
		return wire.Unmarshal(data, &rows)
	}}
}

// partnerRecord is partner as a generated record: it names its model.
type partnerRecord partner

func (partnerRecord) OdooModel() string { return "res.partner" }

// unread is a record of which nothing but the id is asked for.
type unread struct {
	ID id `odoo:"id"`
}
