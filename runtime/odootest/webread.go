package odootest

import (
	"maps"
	"slices"
)

// The reads of the web client since Odoo 17: by a specification, an object of fields, in which those of a relation may have
// fields, an order, a limit and a context of their own.

var webMethods = map[string]method{
	"web_read":        {true, needed("specification"), (*tx).webReadAll},
	"web_save":        {true, slices.Concat(needed("vals", "specification"), optional("next_id")), (*tx).webSave},
	"web_search_read": {false, slices.Concat(needed("domain", "specification"), optional("offset", "limit", "order", "count_limit")), (*tx).webSearchRead},
}

func object(v any) map[string]any {
	out, _ := v.(map[string]any)
	return out
}

func (t *tx) webSearchRead(m *model, a arguments) (any, error) {
	all, err := t.search(m, query{domain: a.domain(), order: a.text("order")})
	if err != nil {
		return nil, err
	}
	found, err := t.search(m, query{a.domain(), a.int("offset"), a.int("limit"), a.text("order")})
	if err != nil {
		return nil, err
	}
	records, err := t.webRead(m, found, object(a.named["specification"]))
	length := len(all)
	if most := a.int("count_limit"); most > 0 {
		length = min(length, most)
	}
	if len(found) == 0 {
		length = 0
	}
	return map[string]any{"length": length, "records": records}, err
}

func (t *tx) webReadAll(m *model, a arguments) (any, error) {
	if err := t.may(m, "read"); err != nil {
		return nil, err
	}
	records := t.existing(m, a.ids)
	if err := t.obey(m, "read", records); err != nil {
		return nil, err
	}
	return t.webRead(m, records, object(a.named["specification"]))
}

// webSave writes the records, or makes one if there are none, and reads it.
func (t *tx) webSave(m *model, a arguments) (any, error) {
	ids, values := a.ids, object(a.named["vals"])
	if len(ids) > 0 {
		if err := t.write(m, ids, values); err != nil {
			return nil, err
		}
	} else {
		id, err := t.create(m, values)
		if err != nil {
			return nil, err
		}
		ids = []int64{id}
	}
	a.ids = ids
	return t.webReadAll(m, a)
}

// webRead is the records with the fields that are specified.
func (t *tx) webRead(m *model, records []*record, specification map[string]any) ([]*row, error) {
	out := make([]*row, len(records))
	for i, r := range records {
		out[i] = &row{}
		out[i].set("id", r.id)
	}
	for _, name := range slices.Sorted(maps.Keys(specification)) {
		f := m.fields[name]
		if f == nil {
			return nil, t.noFieldToRead(m.name, name)
		}
		for i, r := range records {
			if name == "id" {
				continue
			}
			v, err := t.webValue(m, r, f, object(specification[name]))
			if err != nil {
				return nil, err
			}
			out[i].set(name, v)
		}
	}
	return out, nil
}

// webValue is a value; a relation of which fields are specified is an object, or a list of them.
func (t *tx) webValue(m *model, r *record, f *field, specified map[string]any) (any, error) {
	within := *t
	if context := object(specified["context"]); context != nil {
		within.context = maps.Clone(t.context)
		if within.context == nil {
			within.context = map[string]any{}
		}
		maps.Copy(within.context, context)
	}
	fields, nested := specified["fields"]
	v := within.wire(m, r, f, false)
	switch {
	case !nested || f.target == nil:
		return v, nil
	case f.isToMany():
		ids, _ := v.([]int64)
		return within.webLines(f.target, ids, specified)
	}
	id, ok := v.(int64)
	if !ok || f.Type != "many2one" {
		return v, nil
	}
	target := within.existing(f.target, []int64{id})
	if err := within.obey(f.target, "read", target); err != nil {
		return nil, err
	}
	rows, err := within.webRead(f.target, target, object(fields))
	if err != nil || len(rows) == 0 {
		return v, err
	}
	return rows[0], nil
}

// webLines are the targets of a relation to many: those past the limit have their ids alone.
func (t *tx) webLines(m *model, ids []int64, specified map[string]any) (any, error) {
	records := t.existing(m, ids)
	permitted, err := t.permitted(m, "read")
	if err != nil {
		return nil, err
	}
	if permitted != nil {
		records = slices.DeleteFunc(records, func(r *record) bool { return !permitted(r) })
	}
	if text, ok := specified["order"].(string); ok && text != "" {
		order, err := t.order(m, text)
		if err != nil {
			return nil, err
		}
		slices.SortStableFunc(records, order.compare)
	}
	read := records
	if limit, ok := specified["limit"].(int64); ok && limit > 0 {
		read = records[:min(int(limit), len(records))]
	}
	rows, err := t.webRead(m, read, object(specified["fields"]))
	for _, r := range records[len(read):] {
		bare := &row{}
		bare.set("id", r.id)
		rows = append(rows, bare)
	}
	return rows, err
}
