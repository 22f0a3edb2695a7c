package odootest

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// webReadAll answers web_read: what a specification asks of the records, relations within relations.
func (t *tx) webReadAll(m *model, a arguments) (any, error) {
	spec, _ := a.named["specification"].(map[string]any)
	records := t.existing(m, a.ids)
	if err := t.mayRead(m, records); err != nil {
		return nil, err
	}
	return t.webRead(m, records, spec)
}

func (t *tx) mayRead(m *model, records []*record) error {
	if err := t.may(m, "read"); err != nil {
		return err
	}
	return t.obey(m, "read", records)
}

// webSearchRead answers web_search_read: a page of records, and how many there are, counted up to a limit.
func (t *tx) webSearchRead(m *model, a arguments) (any, error) {
	spec, _ := a.named["specification"].(map[string]any)
	found, err := t.search(m, query{domain: a.domain(), order: a.text("order")})
	if err != nil {
		return nil, err
	}
	page, err := window(found, a.int("offset"), a.int("limit"))
	if err != nil {
		return nil, err
	}
	rows, err := t.webRead(m, page, spec)
	if err != nil {
		return nil, err
	}
	out := &row{}
	out.set("length", int64(a.length(len(found), len(page))))
	out.set("records", rows)
	return out, nil
}

// length is what web_search_read says there is: no more than its count_limit, unless the page goes further.
func (a arguments) length(found, page int) int {
	seen := page + a.int("offset")
	counted := a.int("count_limit")
	switch {
	case page == 0:
		return 0
	case counted > 0:
		return max(seen, min(found, counted))
	}
	return found
}

// webSave answers web_save: it changes the records, or makes one, and reads them.
func (t *tx) webSave(m *model, a arguments) (any, error) {
	values, _ := a.named["vals"].(map[string]any)
	spec, _ := a.named["specification"].(map[string]any)
	ids := a.ids
	if len(ids) == 0 {
		id, err := t.create(m, values)
		if err != nil {
			return nil, err
		}
		ids = []int64{id}
	} else if err := t.write(m, ids, values); err != nil {
		return nil, err
	}
	return t.with(map[string]any{"bin_size": true}).webRead(m, t.existing(m, ids), spec)
}

// with is the same transaction with more in its context.
func (t *tx) with(context map[string]any) *tx {
	c := *t
	c.context = maps.Clone(t.context)
	if c.context == nil {
		c.context = map[string]any{}
	}
	maps.Copy(c.context, context)
	return &c
}

// without is the same transaction with less in its context.
func (t *tx) without(key string) *tx {
	c := *t
	c.context = maps.Clone(t.context)
	delete(c.context, key)
	return &c
}

func (t *tx) webRead(m *model, records []*record, spec map[string]any) ([]*row, error) {
	names := slices.Sorted(maps.Keys(spec))
	for _, name := range names {
		if !m.has(name) {
			return nil, t.noFieldToRead(m.name, name)
		}
	}
	rows := make([]*row, len(records))
	for i, r := range records {
		rows[i] = &row{}
		rows[i].set("id", m.wireID(r.id))
		for _, name := range names {
			if name == "id" {
				continue
			}
			asked, _ := spec[name].(map[string]any)
			v, err := t.webValue(m, r, m.fields[name], asked)
			if err != nil {
				return nil, err
			}
			rows[i].set(name, v)
		}
	}
	return rows, nil
}

// webValue is a value as web_read sends it: an id, ids, or objects if their fields are asked for.
func (t *tx) webValue(m *model, r *record, f *field, asked map[string]any) (any, error) {
	fields, deeper := asked["fields"].(map[string]any)
	context, _ := asked["context"].(map[string]any)
	inner := t.with(context)
	switch {
	case f.isToMany():
		return inner.webList(f, t.targets(m, r, f), asked)
	case f.Type == "many2one" && deeper:
		id, _ := t.raw(m, r, f).(int64)
		return inner.webOne(f, id, fields)
	case f.Type == "reference" && deeper:
		return inner.webReference(t.raw(m, r, f), fields)
	}
	return t.wire(m, r, f, false), nil
}

// webOne is the target of a many2one.
func (t *tx) webOne(f *field, id int64, fields map[string]any) (any, error) {
	switch {
	case id == 0:
		return false, nil
	case f.target == nil:
		return map[string]any{"id": id, "display_name": t.targetName(f, id)}, nil
	}
	rows, err := t.webRead(f.target, t.existing(f.target, []int64{id}), fields)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	return rows[0], nil
}

// webReference is the target of a reference: its id names its model as well.
func (t *tx) webReference(v any, fields map[string]any) (any, error) {
	name, id := splitReference(v)
	m := t.models[name]
	if m == nil {
		return false, nil
	}
	rows, err := t.webRead(m, t.existing(m, []int64{id}), fields)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	rows[0].values[0] = map[string]any{"id": id, "model": name}
	return rows[0], nil
}

// webList is a relation to many: its order may be another, and beyond its limit there are nothing but ids.
func (t *tx) webList(f *field, linked []int64, asked map[string]any) (any, error) {
	fields, deeper := asked["fields"].(map[string]any)
	if order, _ := asked["order"].(string); order != "" && f.target != nil {
		found, err := t.withArchived().search(f.target, query{domain: []any{[]any{"id", "in", anys(linked)}}, order: order})
		if err != nil {
			return nil, err
		}
		linked = ids(found)
	}
	if !deeper || f.target == nil {
		return linked, nil
	}
	limit := len(linked)
	if n, given := number(asked["limit"]); given && asked["limit"] != false {
		limit = sliceEnd(limit, int(n))
	}
	rows, err := t.webRead(f.target, t.existing(f.target, linked[:limit]), fields)
	if err != nil {
		return nil, err
	}
	for _, id := range linked[limit:] {
		bare := &row{}
		bare.set("id", id)
		rows = append(rows, bare)
	}
	return rows, nil
}

// sliceEnd is the end of a slice [:limit] of a list in Python, which counts a limit below zero from the end.
func sliceEnd(length, limit int) int {
	if limit < 0 {
		return max(length+limit, 0)
	}
	return min(length, limit)
}

// splitReference takes "model,id" apart.
func splitReference(v any) (string, int64) {
	name, number, _ := strings.Cut(str(v), ",")
	id, _ := strconv.ParseInt(number, 10, 64)
	return name, id
}
