package odoosync

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

// This file reads what Odoo has.

// record is one as the server gives it.
type record map[string]json.RawMessage

func (r record) id() int64 { return integer(r["id"]) }

// integer is an ID, or 0 for false.
func integer(raw json.RawMessage) int64 {
	var n int64
	if json.Unmarshal(canonical(raw), &n) != nil {
		return 0
	}
	return n
}

// archivedToo makes searches find archived records.
var archivedToo = orm.Archived()

func (j *job) searchRead(m orm.Model, domain [][]any, fields []string) ([]record, error) {
	return j.records(m, "search_read", nil, orm.Args{"domain": domain, "fields": fields})
}

func (j *job) records(m orm.Model, method string, ids any, args orm.Args) ([]record, error) {
	var raw json.RawMessage
	if err := m.Call(j.ctx, method, ids, args, &raw, orm.Idempotent(), archivedToo); err != nil {
		return nil, err
	}
	var out []record
	if err := json.Unmarshal(raw, &out); err != nil {
		return nil, fmt.Errorf("%s.%s: the response is not a list of records: %w", m.Name(), method, err)
	}
	return out, nil
}

// xmlIDs looks up external IDs; those that no record has are left out.
func (j *job) xmlIDs(names []string) (map[string]orm.Reference, error) {
	found, err := xmlid.References(j.ctx, j.client, names)
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return found, err
	}
	for _, e := range joined.Unwrap() {
		if _, missing := errors.AsType[*xmlid.Error](e); !missing {
			return nil, err
		}
	}
	return found, nil
}

// locate finds the records of rows, and reports the rows whose key several records have.
func (j *job) locate(rows []*row) ([]*row, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	find := j.locateByFields
	if j.key.byXMLID() {
		find = j.locateByXMLID
	}
	found, err := find(rows)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(rows, func(r *row) bool {
		ids := found[r.name]
		for _, id := range ids {
			j.ids[id] = true
		}
		if len(ids) > 1 {
			j.fail(r, fmt.Errorf("%d records have the key: the IDs %v", len(ids), ids))
			return true
		}
		if len(ids) == 1 {
			r.id = ids[0]
		}
		return false
	}), nil
}

func (j *job) locateByXMLID(rows []*row) (map[string][]int64, error) {
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r.xmlID
	}
	found, err := j.xmlIDs(names)
	out := map[string][]int64{}
	for name, ref := range found {
		if ref.Model != j.model.Name() {
			return nil, &xmlid.Error{XMLID: name, Model: ref.Model, Want: j.model.Name()}
		}
		out[name] = []int64{ref.ID}
	}
	return out, err
}

func (j *job) locateByFields(rows []*row) (map[string][]int64, error) {
	first := j.key.fields[0]
	values := map[string]json.RawMessage{}
	for _, r := range rows {
		v := canonical(r.values[first])
		values[string(v)] = v
	}
	list := slices.Collect(maps.Values(values))
	records, err := j.searchRead(j.model, [][]any{{first, "in", list}}, j.key.fields)
	out := map[string][]int64{}
	for _, rec := range records {
		if name, err := j.key.of(rec); err == nil {
			out[name] = append(out[name], rec.id())
		}
	}
	return out, err
}

// readStored reads the fields that located rows set. A record that is gone, of which only the external ID is left, makes
// its row a new one.
func (j *job) readStored(rows []*row) (map[int64]record, error) {
	var ids []int64
	fields := map[string]bool{}
	for _, r := range rows {
		if r.id == 0 {
			continue
		}
		ids = append(ids, r.id)
		j.wantFields(fields, []*row{r})
	}
	stored, err := j.read(ids, sortedKeys(fields))
	if err == nil {
		err = j.readLines(rows, stored)
	}
	for _, r := range rows {
		if stored[r.id] == nil {
			r.id = 0
		}
	}
	return stored, err
}

// wantFields adds the fields that rows are compared by.
func (j *job) wantFields(fields map[string]bool, rows []*row) {
	for _, r := range rows {
		for name := range r.values {
			fields[name] = true
			if currency := j.currencyField(name); currency != "" {
				fields[currency] = true
			}
		}
	}
}

// read reads fields of records, with the checksums of binaries in place of their content.
func (j *job) read(ids []int64, fields []string) (map[int64]record, error) {
	out := map[int64]record{}
	if len(ids) == 0 {
		return out, nil
	}
	plain := slices.DeleteFunc(slices.Clone(fields), func(name string) bool { return j.fields[name].Type == typeBinary })
	list, err := j.records(j.model, "read", ids, orm.Args{"fields": append(plain, "id"), "load": ""})
	if err != nil {
		return nil, err
	}
	asked := make(map[int64]bool, len(ids))
	for _, id := range ids {
		asked[id] = true
	}
	for _, rec := range list {
		if !asked[rec.id()] { // its row would be created again
			return nil, fmt.Errorf("%s.read: the server sent the record %d, which was not asked for", j.model.Name(), rec.id())
		}
		out[rec.id()] = rec
	}
	for _, name := range fields {
		if j.fields[name].Type == typeBinary {
			if err := j.readChecksums(name, out); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// readChecksums sets a binary field of records to the SHA-1 of its content, as its attachment has it, or to its content where
// it has no attachment.
func (j *job) readChecksums(name string, records map[int64]record) error {
	ids := slices.Collect(maps.Keys(records))
	found, err := j.checksums(name, ids)
	if err != nil {
		return err
	}
	for id, sum := range found {
		if rec := records[id]; rec != nil {
			rec[name] = mustJSON(checksumMark + sum)
		}
	}
	ids = slices.DeleteFunc(ids, func(id int64) bool { return records[id][name] != nil })
	if len(ids) == 0 {
		return nil
	}
	list, err := j.records(j.model, "read", ids, orm.Args{"fields": []string{name}, "load": ""})
	for _, rec := range list {
		records[rec.id()][name] = rec[name]
	}
	return err
}

// checksums are those of the attachments of a binary field, by the IDs of the records. A server without the field, such as an
// embedded one whose snapshot leaves it out, has none.
func (j *job) checksums(name string, ids []int64) (map[int64]string, error) {
	attachments := j.client.Model("ir.attachment")
	if j.hasChecksums == nil {
		fields, err := attachments.FieldsGet(j.ctx, []string{"checksum"})
		if err != nil && !errors.Is(err, orm.ErrNotFound) && !errors.Is(err, orm.ErrAccess) {
			return nil, err
		}
		has := len(fields) > 0
		j.hasChecksums = &has
	}
	if !*j.hasChecksums {
		return nil, nil
	}
	found, err := j.searchRead(attachments,
		[][]any{{"res_model", "=", j.model.Name()}, {"res_field", "=", name}, {"res_id", "in", ids}}, []string{"res_id", "checksum"})
	out := map[int64]string{}
	for _, a := range found {
		out[integer(a["res_id"])] = text(a["checksum"])
	}
	return out, err
}
