// Package load creates and changes records by their external IDs, with Odoo's method load: what an import of a file does.
//
//	done, err := load.Rows(ctx, c, []load.Row[odoo.ResPartnerValues]{
//		{XMLID: "crm_import.c1001", Values: odoo.ResPartnerValues{Name: orm.Set("Azure Interior")}},
//	})
package load

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/odoogen/odoogen/internal/spelling"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/door"
	"github.com/odoogen/odoogen/runtime/internal/records"
)

// Row is a record to create or change.
type Row[V any] struct {
	// XMLID is the external ID of the record, "module.name"; Odoo puts "__import__." before one without a module. A
	// record that has it is changed, otherwise one is created and given it. "" creates a record without one.
	XMLID  string
	Values V
}

// Result is what was done. ID is an [orm.ID], or int64 for a model without bindings.
type Result[ID ~int64] struct {
	IDs      []ID      // of the records, in the order of the rows
	Warnings []Message // what Odoo had to remark
}

// Message is what Odoo says of a row.
type Message struct {
	Row     int    // the index of the row, from 0; -1 if the message is about none
	XMLID   string // of the row
	Field   string // the field, "" if the message is about none or about the record as a whole
	Message string // in the language of the user
	Warning bool   // the row is loaded all the same
}

// Error reports why nothing was loaded. It is [orm.ErrValidation] for errors.Is.
type Error struct {
	Model    string
	Messages []Message // the errors of all rows, as far as Odoo goes: after ten it may stop; and the warnings
	Loaded   int       // the number of rows that the calls before this one have loaded, with [orm.Batch]
}

// Error gives the number of errors and the first of them.
func (e *Error) Error() string {
	first, n := Message{}, 0
	for _, m := range e.Messages {
		if m.Warning {
			continue
		}
		if n++; n == 1 {
			first = m
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "load: %s: nothing is loaded", e.Model)
	if e.Loaded > 0 {
		fmt.Fprintf(&b, " after the first %d rows", e.Loaded)
	}
	if n == 0 {
		return b.String()
	}
	b.WriteString(", " + spelling.Count(n, "error") + ": ")
	if first.Row >= 0 {
		fmt.Fprintf(&b, "row %d: ", first.Row)
	}
	if first.Field != "" {
		b.WriteString("field " + first.Field + ": ")
	}
	b.WriteString(strings.TrimSpace(first.Message))
	return b.String()
}

// Unwrap gives [orm.ErrValidation].
func (e *Error) Unwrap() error { return orm.ErrValidation }

// Rows creates or changes records by their external IDs, in one call: all of them or none. Done again with the same
// external IDs it has the same result, so that it can be given [orm.Idempotent] if every row has one. An error of a row is an
// [*Error], which names row and field. With [orm.Batch] it takes several calls; if one fails, the IDs are those of the
// rows that the calls before it have loaded.
//
// The rows are a table: every row must give the same fields, and [orm.Clear] or an empty value empties one. Of a many2many,
// [orm.Replace] and [orm.RemoveAll] give the whole set. Other commands, one2manys and the records of a relation cannot be
// loaded: write them afterwards. One row that Odoo refuses makes the whole call, or with [orm.Batch] its batch, do nothing; the
// package odoosync writes the other rows.
//
// Odoo's load takes texts, and looks at more than it is given: a text for a selection may be a label as well as a
// value, from Odoo 19 on in any case; the target of a many2one must not be archived in Odoo 14. Datetimes are read in
// the time zone of the user: a load that has any runs under the time zone UTC.
func Rows[V orm.Values[M], M any](ctx context.Context, c *orm.Client, rows []Row[V], opts ...orm.BatchOption) (Result[orm.ID[M]], error) {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return Result[orm.ID[M]]{}, fmt.Errorf("load: %w", err)
	}
	return run[orm.ID[M]](ctx, model, rows, opts)
}

// IntoModel is [Rows] for a model without bindings, by its name, with values of any struct with odoo tags. A tag can also be
// "partner_id/id" for a string, the external ID of the target of a many2one, or "partner_id/.id" for a number, the ID of the
// target. An [orm.ID] or an [orm.Ref] is sent like the latter.
func IntoModel[V any](ctx context.Context, c *orm.Client, name string, rows []Row[V], opts ...orm.BatchOption) (Result[int64], error) {
	model, err := records.Model(c, name)
	if err != nil {
		return Result[int64]{}, fmt.Errorf("load: %w", err)
	}
	return run[int64](ctx, model, rows, opts)
}

func run[ID ~int64, V any](ctx context.Context, model orm.Model, rows []Row[V], opts []orm.BatchOption) (done Result[ID], err error) {
	size, err := door.Batch(opts)
	if err != nil {
		return done, err
	}
	values := make([]any, len(rows))
	for i, row := range rows {
		values[i] = row.Values
	}
	names, err := door.Writable(ctx, model, values)
	if err != nil {
		return done, err
	}
	t, err := newTable(rows, names)
	if err != nil {
		return done, fmt.Errorf("load: %s: %w", model.Name(), err)
	}
	settings := records.Options(opts)
	if t.hasTimes {
		settings = append(settings, orm.Context{"tz": "UTC"})
	}
	size = cmp.Or(size, len(t.rows))
	for from := 0; from < len(t.rows); from += size {
		if err := send(ctx, model, t.batch(from, size), &done, settings); err != nil {
			return done, err
		}
	}
	return done, nil
}

// send loads a table in one call and adds what was done.
func send[ID ~int64](ctx context.Context, model orm.Model, t *table, done *Result[ID], opts []orm.WriteOption) error {
	var raw json.RawMessage
	args := []orm.Argument{{Name: "fields", Value: t.header}, {Name: "data", Value: t.rows}}
	if err := model.Invoke(ctx, &raw, nil, orm.Invocation{Method: "load", Args: args}, opts...); err != nil {
		return err
	}
	var answer struct {
		IDs      json.RawMessage  `json:"ids"`
		Messages []map[string]any `json:"messages"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return door.HasRun(&orm.DecodeError{Model: model.Name(), Reason: err.Error()})
	}
	messages := make([]Message, len(answer.Messages))
	failed := false
	for i, message := range answer.Messages {
		messages[i] = t.message(message)
		failed = failed || !messages[i].Warning
	}
	if failed || codec.NewScanner(answer.IDs).Null() {
		return &Error{model.Name(), messages, t.first}
	}
	var ids []ID
	if err := door.Decode(answer.IDs, model.Name(), &ids); err != nil {
		return door.HasRun(err)
	}
	if len(ids) != len(t.rows) {
		reason := fmt.Sprintf("load of %d records answered with %d ids", len(t.rows), len(ids))
		return door.HasRun(&orm.DecodeError{Model: model.Name(), Reason: reason})
	}
	done.IDs, done.Warnings = append(done.IDs, ids...), append(done.Warnings, messages...)
	return nil
}
