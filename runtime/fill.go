package orm

import (
	"context"
	"errors"
	"fmt"
	"reflect"
)

// Fill reads, into records that were read before, the fields given by [Include]: mostly relations with the option
// ondemand in their tags, of those records that turn out to be needed. However many records there are, it takes the
// calls of one read: one from Odoo 17 on, otherwise one more for each relation. A record that is gone stays as it is.
//
//	err := orm.Fill(ctx, c, late, orm.Include(so.OrderLine), orm.Include(so.PartnerID))
//
// The structs need their id, in a field with the tag odoo:"id".
func Fill[R any](ctx context.Context, c *Client, records []R, opts ...Option) error {
	model := ""
	if include := collect(opts).include; len(include) > 0 {
		model = include[0].model
	}
	if model == "" {
		return errors.New("orm: Fill wants the fields to read: Include, with a field of a generated record")
	}
	return c.Model(model).Fill(ctx, records, opts...)
}

// Fill is the function [Fill] for a slice of structs with odoo tags.
func (m Model) Fill(ctx context.Context, records any, opts ...Option) error {
	v := reflect.ValueOf(records)
	if v.Kind() != reflect.Slice {
		return fmt.Errorf("orm: want a slice of structs to fill, got %T", records)
	}
	o := collect(opts)
	whole, err := planOf(v.Type().Elem())
	if err != nil {
		return err
	}
	p, err := whole.only(m.name, o.include)
	if err != nil || v.Len() == 0 {
		return errors.Join(m.err, err)
	}
	t, err := p.treeOf(m.name, o)
	if err != nil {
		return err
	}
	ids := whole.idsOf(v)
	in := &intake{plan: p}
	left, err := m.readTree(ctx, ids, t, o, in)
	if err != nil {
		return err
	}
	filled := reflect.New(v.Type()).Elem()
	got, err := in.records(left, m.name, filled)
	if err != nil {
		return err
	}
	at := make(map[int64]int, len(got))
	for i, id := range got {
		at[id] = i
	}
	for i, id := range ids {
		if from, ok := at[id]; ok {
			p.copyTo(v.Index(i), filled.Index(from))
		}
	}
	return nil
}

// only is the plan for the id and some fields, which are read without being asked for.
func (p *plan) only(model string, fields []modelField) (*plan, error) {
	out := &plan{typ: p.typ, model: p.model, byName: map[string]int{}}
	for _, field := range append([]modelField{{"", nameID}}, fields...) {
		if err := field.check(model, "Include"); err != nil {
			return nil, err
		}
		i, ok := p.byName[field.field]
		if !ok {
			return nil, fmt.Errorf("orm: %s has no field for %q", p.typ, field.field)
		}
		f := p.fields[i]
		if f.name == nameID && f.typ.Kind() != reflect.Int64 && f.typ.Kind() != reflect.Int {
			return nil, fmt.Errorf("orm: the id of %s is a %s: want a number to fill its records by", p.typ, f.typ)
		}
		f.onDemand = false
		out.byName[f.name] = len(out.fields)
		out.fields = append(out.fields, f)
	}
	return out, nil
}

func (p *plan) idsOf(records reflect.Value) []int64 {
	ids := make([]int64, records.Len())
	for i := range ids {
		ids[i] = records.Index(i).FieldByIndex(p.fields[p.byName[nameID]].index).Int()
	}
	return ids
}

func (p *plan) copyTo(to, from reflect.Value) {
	for _, f := range p.fields {
		to.FieldByIndex(f.index).Set(from.FieldByIndex(f.index))
	}
}
