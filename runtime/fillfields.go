package orm

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Fill reads the fields given by [Include] into records that were read before: typically relations with the option ondemand
// in their tags, for the records that turn out to need them. It takes as many calls as one read, however many records there
// are: one from Odoo 17 on, otherwise one more for each relation. A record that no longer exists is not changed.
//
//	err := orm.Fill(ctx, c, late, orm.Include(so.OrderLine), orm.Include(so.PartnerID))
//
// The structs need their id, in a field with the tag odoo:"id".
func Fill[R any](ctx context.Context, c *Client, records []R, opts ...FillOption) error {
	model := ""
	if include := collect(opts).include; len(include) > 0 {
		model = include[0].model
	}
	if model == "" {
		return errors.New("orm: Fill needs the fields to read: add the option Include with a field of a generated record")
	}
	return c.Model(model).Fill(ctx, records, opts...)
}

// Fill is the function [Fill] for a slice of structs with odoo tags.
func (m Model) Fill(ctx context.Context, records any, opts ...FillOption) error {
	v := reflect.ValueOf(records)
	if v.Kind() != reflect.Slice {
		return fmt.Errorf("orm: want a slice of structs to fill, got %T", records)
	}
	o := collect(opts)
	whole, err := codec.PlanOf(v.Type().Elem())
	if err != nil {
		return err
	}
	p, err := planToFill(whole, m.name, o.include)
	if err != nil || v.Len() == 0 {
		return errors.Join(m.err, err)
	}
	t, err := m.treeOf(ctx, p, o)
	if err != nil {
		return err
	}
	ids := idsOf(whole, v)
	in := newRecordStream(p, t)
	left, err := m.readTree(ctx, ids, t, o, in)
	if err != nil {
		return err
	}
	filled := reflect.New(v.Type()).Elem()
	got, err := m.records(ctx, answered{plan: p, tree: t, o: o, stream: in, left: left, again: m.takesSpecification(t, o)}, filled)
	if err == nil {
		err = m.checkIDs(got, ids...)
	}
	if err != nil {
		return err
	}
	at := make(map[int64]int, len(got))
	for i, id := range got {
		at[id] = i
	}
	for i, id := range ids {
		if from, ok := at[id]; ok {
			copyFields(p, v.Index(i), filled.Index(from))
		}
	}
	return nil
}

// planToFill returns the plan for the id and the fields to be read.
func planToFill(whole *codec.Plan, model string, fields []modelField) (*codec.Plan, error) {
	var wanted []*codec.Field
	for _, field := range append([]modelField{{"", codec.NameID}}, fields...) {
		if err := field.check(model, "Include"); err != nil {
			return nil, err
		}
		f := whole.Field(field.field)
		if f == nil {
			return nil, fmt.Errorf("orm: %s has no field for %q", whole.Type, field.field)
		}
		if f.Name == codec.NameID && f.Type.Kind() != reflect.Int64 && f.Type.Kind() != reflect.Int {
			return nil, fmt.Errorf("orm: the id of %s is a %s: want a number to fill its records by", whole.Type, f.Type)
		}
		wanted = append(wanted, f)
	}
	return whole.Only(wanted), nil
}

func idsOf(p *codec.Plan, records reflect.Value) []int64 {
	ids := make([]int64, records.Len())
	for i := range ids {
		ids[i] = records.Index(i).FieldByIndex(p.Field(codec.NameID).Index).Int()
	}
	return ids
}

func copyFields(p *codec.Plan, to, from reflect.Value) {
	for _, f := range p.Fields {
		to.FieldByIndex(f.Index).Set(from.FieldByIndex(f.Index))
	}
}
