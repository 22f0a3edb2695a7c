package odoosync

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// This file compares the lines of records, such as those of an order, and writes them by commands of their record.

// Lines are all records of a one2many, matched by a key among the records of the same row: an order has one line for each
// product. The run creates, changes and deletes lines in the write of the order. A line that no line of the row matches is
// deleted, also one whose key is empty. Without lines, all are deleted. Two lines with the key are an error of the row. Archived
// lines are matched, unless the domain of the field excludes them, as that of child_ids of res.partner does.
//
//	odoosync.Lines(odoo.SaleOrderF.OrderLine, odoosync.By(odoo.SaleOrderLineF.ProductID),
//		odoosync.Row[odoo.SaleOrderLineValues]{Values: odoo.SaleOrderLineValues{ProductID: orm.Set(desk), ProductUomQty: orm.Set(2.0)}})
func Lines[V orm.Values[T], M, T any](f orm.Rel[M, T], key Key, lines ...Row[V]) Target {
	t := Target{field: string(f), lines: &givenLines{key: key}}
	if key.byXMLID() {
		t.err = errors.Join(key.err, errors.New("lines are matched by fields: want a key made by By"))
	}
	for _, l := range lines {
		t.lines.rows = append(t.lines.rows, givenLine{l.XMLID, l.Values, l.Targets})
	}
	return t
}

// givenLines are the lines of a Target, which several runs may use.
type givenLines struct {
	key  Key
	rows []givenLine
}

type givenLine struct {
	xmlID   string
	values  any
	targets []Target
}

// lineSet are the lines of a row in one run.
type lineSet struct {
	job  *job // of the lines' model and key
	rows []*row
}

// lineJob is a job for the lines of a field. It finds and compares records, and writes none.
func (j *job) lineJob(field string, key Key) (*job, error) {
	name := field + " " + fmt.Sprint(key.fields)
	if found := j.lineJobs[name]; found != nil {
		return found, nil
	}
	model := j.client.Model(j.fields[field].Relation)
	lines := (&job{ctx: j.ctx, client: j.client, model: model, key: key}).restarted(settings{})
	lines.known = j.known
	var err error
	if lines.fields, err = model.FieldsGet(j.ctx, nil); err != nil {
		return nil, err
	}
	if err = key.err; err == nil {
		lines.key, err = key.named(lines.fields)
	}
	if err = errors.Join(err, lines.key.check(model.Name(), lines.fields)); err != nil {
		return nil, &FieldError{field, err}
	}
	j.lineJobs[name] = lines
	return lines, nil
}

// openLines makes the jobs of the lines of a row. Its errors are not about the row.
func (j *job) openLines(targets []Target) error {
	for _, t := range targets {
		if t.lines == nil || t.err != nil || j.fields[t.field].Type != typeOne2many {
			continue // an error of the row
		}
		if _, err := j.lineJob(t.field, t.lines.key); err != nil {
			return err
		}
	}
	return nil
}

// admitLines sets the lines of a row.
func (j *job) admitLines(r *row) error {
	for _, t := range r.targets {
		if t.lines == nil {
			continue
		}
		lines, err := j.lineJob(t.field, t.lines.key)
		if err != nil {
			return err
		}
		set := lineSet{job: lines}
		for i, given := range t.lines.rows {
			line := &row{index: i, xmlID: given.xmlID, targets: given.targets}
			if slices.ContainsFunc(given.targets, func(t Target) bool { return t.lines != nil }) {
				return lineError(t.field, i, errors.New("lines have no lines of their own"))
			}
			if err := lines.admit(line, given.values); err != nil {
				return lineError(t.field, i, err)
			}
			set.rows = append(set.rows, line)
		}
		if r.lines == nil {
			r.lines = map[string]lineSet{}
		}
		r.lines[t.field] = set
	}
	return nil
}

func lineError(field string, line int, err error) error {
	return &FieldError{field, fmt.Errorf("line %d: %w", line, err)}
}

// linesOf are the lines of rows, by their jobs.
func linesOf(rows []*row) map[*job][]*row {
	out := map[*job][]*row{}
	for _, r := range rows {
		for _, set := range r.lines {
			out[set.job] = append(out[set.job], set.rows...)
		}
	}
	return out
}

// findLineTargets finds the targets of the lines of rows.
func (j *job) findLineTargets(rows []*row) (map[*job]targets, error) {
	out := map[*job]targets{}
	for lines, list := range linesOf(rows) {
		found, err := lines.findTargets(list)
		if err != nil {
			return nil, err
		}
		out[lines] = found
	}
	return out, nil
}

// resolveLines resolves the targets and keys of the lines of a row. The value of the relation is that of a new record.
func resolveLines(r *row, found map[*job]targets) error {
	for field, set := range r.lines {
		seen := map[string]int{}
		commands := make([]any, len(set.rows))
		for i, line := range set.rows {
			if err := set.job.resolve(line, found[set.job]); err != nil {
				return lineError(field, i, err)
			}
			var err error
			if line.name, err = set.job.key.of(line.values); err != nil {
				return lineError(field, i, err)
			}
			if other, twice := seen[line.name]; twice {
				return lineError(field, i, fmt.Errorf("the same key as line %d: %s", other, line.name))
			}
			seen[line.name] = i
			commands[i] = []any{codec.CommandCreate, 0, line.values}
		}
		r.values[field] = mustJSON(commands)
	}
	return nil
}

// readLines puts the lines of records in place of their IDs.
func (j *job) readLines(rows []*row, stored map[int64]record) error {
	fields := map[string][]*row{}
	for _, r := range rows {
		for field := range r.lines {
			if stored[r.id] != nil {
				fields[field] = append(fields[field], r)
			}
		}
	}
	for field, owners := range fields {
		if err := readLinesOf(field, owners, stored); err != nil {
			return err
		}
	}
	return nil
}

func readLinesOf(field string, owners []*row, stored map[int64]record) error {
	var all []int64
	of := map[int64][]int64{} // the IDs of the lines, by record
	wanted := map[string]bool{}
	var lines *job
	for _, r := range owners {
		lines = r.lines[field].job
		var ids []int64
		if err := json.Unmarshal(stored[r.id][field], &ids); err != nil {
			return fmt.Errorf("%s: want a list of IDs: %w", field, err)
		}
		of[r.id], all = ids, append(all, ids...)
		lines.wantFields(wanted, r.lines[field].rows)
	}
	for _, name := range lines.key.fields {
		wanted[name] = true
	}
	records := map[int64]record{}
	for part := range slices.Chunk(all, defaultBatch) {
		found, err := lines.read(part, sortedKeys(wanted))
		if err != nil {
			return err
		}
		for id, rec := range found {
			records[id] = rec
		}
	}
	for _, r := range owners {
		list := make([]record, 0, len(of[r.id]))
		for _, id := range of[r.id] {
			if records[id] == nil { // its line would be created again
				return fmt.Errorf("%s.read: the server did not send the record %d, which %s of the record %d has", lines.model.Name(), id, field, r.id)
			}
			list = append(list, records[id])
		}
		stored[r.id][field] = mustJSON(list)
	}
	return nil
}

// commands make the lines of a record those of its row: nil if they are.
func (s lineSet) commands(have json.RawMessage) (json.RawMessage, error) {
	var stored []record
	if err := json.Unmarshal(have, &stored); err != nil {
		return nil, err
	}
	byKey := map[string][]record{}
	for _, rec := range stored {
		name, err := s.job.key.of(rec)
		if err != nil {
			name = "" // the key of no line
		}
		byKey[name] = append(byKey[name], rec)
	}
	var commands []any
	for i, line := range s.rows {
		list := byKey[line.name]
		delete(byKey, line.name)
		switch len(list) {
		case 0:
			commands = append(commands, []any{codec.CommandCreate, 0, line.values})
		case 1:
			changes, err := s.job.differences(line, list[0])
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", i, err)
			}
			if len(changes) > 0 {
				commands = append(commands, []any{codec.CommandUpdate, list[0].id(), changes})
			}
		default:
			return nil, fmt.Errorf("line %d: %d lines of the record have the key %s", i, len(list), line.name)
		}
	}
	for _, rec := range stored { // in the order of the server
		if name, _ := s.job.key.of(rec); byKey[name] != nil {
			commands = append(commands, []any{codec.CommandDelete, rec.id(), 0})
		}
	}
	if len(commands) == 0 {
		return nil, nil
	}
	return mustJSON(commands), nil
}
