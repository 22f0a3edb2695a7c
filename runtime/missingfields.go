package orm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Some servers leave requested fields out of a response: search_read of Odoo 17 and 18 leaves out the fields for the groups
// of res.users. The client reads such fields again with the method read, which returns them. If it does not, the call fails:
// a missing field never becomes the zero value.

// answered is a call for records with its response.
type answered struct {
	plan   *codec.Plan
	tree   *fieldTree
	o      callOptions
	stream *recordStream
	left   json.RawMessage
	again  bool // the method read may return what the response leaves out
}

// records decodes a response into the slice dest, and reads the fields that the response leaves out.
func (m Model) records(ctx context.Context, a answered, dest reflect.Value) ([]int64, error) {
	ids, gaps, err := a.stream.Records(a.left, dest)
	if err != nil || len(gaps) == 0 {
		return ids, located(err, m.name)
	}
	var fields []string
	var lacking []int64
	for _, g := range gaps {
		for _, name := range g.Fields {
			if !slices.Contains(fields, name) {
				fields = append(fields, name)
			}
		}
		lacking = append(lacking, ids[g.Index])
	}
	isFlat := func(name string) bool { return name != codec.NameID && a.plan.Field(name).Relation == nil }
	if a.again = a.again && !slices.Contains(lacking, 0) && !slices.ContainsFunc(fields, func(name string) bool { return !isFlat(name) }); !a.again {
		return nil, m.leftOut(lacking, fields)
	}
	return ids, m.readAgain(ctx, a, dest, ids, gaps, fields)
}

// leftOut is the error for requested fields that are not in a response.
func (m Model) leftOut(ids []int64, fields []string) error {
	const most = 10
	more := ""
	if len(ids) > most {
		more = fmt.Sprintf(" and %d more", len(ids)-most)
	}
	return &DecodeError{Model: m.name, Field: fields[0], ID: ids[0],
		Reason: fmt.Sprintf("the fields %q were asked for, but are not in the answer for the records %v%s", fields, ids[:min(len(ids), most)], more)}
}

// readAgain reads fields that are missing in some records with the method read.
func (m Model) readAgain(ctx context.Context, a answered, dest reflect.Value, ids []int64, gaps []codec.Gap, fields []string) error {
	wanted := make([]*codec.Field, len(fields))
	for i, name := range fields {
		wanted[i] = a.plan.Field(name)
	}
	lacking := make([]int64, len(gaps))
	for i, g := range gaps {
		lacking[i] = ids[g.Index]
	}
	p, t := a.plan.Only(wanted), &fieldTree{fields: fields}
	in := newRecordStream(p, t)
	left, err := m.callTree(ctx, t, a.o, &call{method: "read", ids: lacking, args: []arg{{"fields", fields}}, delivery: in})
	if err != nil {
		return errors.Join(m.leftOut(lacking, fields), err)
	}
	rows := reflect.New(dest.Type()).Elem()
	got, err := m.records(ctx, answered{plan: p, tree: t, o: a.o, stream: in, left: left}, rows)
	if err != nil {
		return err
	}
	for _, g := range gaps {
		at := slices.Index(got, ids[g.Index])
		if at < 0 {
			return m.leftOut([]int64{ids[g.Index]}, g.Fields)
		}
		for _, name := range g.Fields {
			index := a.plan.Field(name).Index
			dest.Index(g.Index).FieldByIndex(index).Set(rows.Index(at).FieldByIndex(index))
		}
		a.plan.AddDigest(dest.Index(g.Index), rows.Index(at))
	}
	return nil
}
