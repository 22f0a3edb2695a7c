package orm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Operation is what a user may or may not do with the records of a model.
type Operation string

// The operations that Odoo has rights for.
const (
	OperationRead   Operation = "read"
	OperationWrite  Operation = "write"
	OperationCreate Operation = "create"
	OperationUnlink Operation = "unlink"
)

// Read reads the records with the ids into values of type R, in the order of the ids, archived ones included. An id
// without a record is left out; one that is given twice is read twice. A record that the user may not see makes the
// whole call an [ErrAccess].
func Read[R, M any](ctx context.Context, c *Client, ids []ID[M], opts ...ReadOption) ([]R, error) {
	var out []R
	err := modelOf[M](c).Read(ctx, &out, ids, opts...)
	return out, err
}

// Existing gives those of the ids whose records exist and are such that the user may see them, archived ones included,
// in the order given.
func Existing[M any](ctx context.Context, c *Client, ids []ID[M], contexts ...Context) ([]ID[M], error) {
	var found []ID[M]
	err := modelOf[M](c).Existing(ctx, &found, ids, contexts...)
	return found, err
}

// Copy duplicates a record, with the values given in place of its own. Fields that Odoo does not copy get their
// defaults; many models put "(copy)" behind the name.
func Copy[V Values[M], M any](ctx context.Context, c *Client, id ID[M], overrides V, opts ...WriteOption) (ID[M], error) {
	made, err := modelOf[M](c).Copy(ctx, int64(id), overrides, opts...)
	return ID[M](made), err
}

// Defaults gives the values that a new record of the model would have: those fields of the generated record that have
// a default, and the zero value for the others.
func Defaults[M any](ctx context.Context, c *Client, opts ...ReadOption) (M, error) {
	var out M
	err := modelOf[M](c).DefaultGet(ctx, &out, opts...)
	return out, err
}

// NameSearch finds records by their display name, as Odoo's own search boxes do: models decide what is looked at, for
// a partner the email too. The operator is one of a text, "ilike" if empty. Without a [Limit] Odoo gives 100.
func NameSearch[M any](ctx context.Context, c *Client, name string, where Domain[M], operator string, opts ...CountOption) ([]Ref[M], error) {
	var found []Ref[M]
	err := modelOf[M](c).NameSearch(ctx, &found, name, Expr(where), operator, opts...)
	return found, err
}

// NameCreate makes a record of which only the display name is given.
func NameCreate[M any](ctx context.Context, c *Client, name string, opts ...WriteOption) (Ref[M], error) {
	var made Ref[M]
	err := modelOf[M](c).NameCreate(ctx, &made, name, opts...)
	return made, err
}

// HasAccess tells whether the user may do that with the records, or, without ids, with records of the model at all.
// See [Model.HasAccess].
func HasAccess[M any](ctx context.Context, c *Client, ids []ID[M], operation Operation, contexts ...Context) (bool, error) {
	return modelOf[M](c).HasAccess(ctx, ids, operation, contexts...)
}

// Read reads the records with the ids, a slice of ids, into the slice that dest points to: see the function [Read].
func (m Model) Read(ctx context.Context, dest, ids any, opts ...ReadOption) error {
	slice, err := pointedTo(dest, reflect.Slice)
	if err != nil {
		return err
	}
	given, err := idList(ids)
	if err != nil {
		return err
	}
	p, err := codec.PlanOf(slice.Type().Elem())
	if err != nil {
		return err
	}
	o := collect(opts)
	t, err := treeOf(m.version(), p, m.name, o)
	if err != nil || given.Len() == 0 {
		slice.SetZero()
		return errors.Join(m.err, err)
	}
	if slices.Equal(t.fields, []string{"id"}) {
		t = t.withDisplayName()
	}
	in := newIntake(p, t)
	left, err := m.readTree(ctx, ids, t, o, in)
	if errors.Is(err, ErrMissing) {
		o.levels = true // web_read refuses them whatever it reads
		in = newIntake(p, t)
		left, err = m.readTree(ctx, ids, t.withDisplayName(), o, in)
	}
	if err != nil {
		return err
	}
	got, err := m.records(ctx, answered{plan: p, tree: t, o: o, intake: in, left: left, again: m.takesSpecification(t, o)}, slice)
	if err != nil || !given.Type().Elem().ConvertibleTo(reflect.TypeFor[int64]()) {
		return err
	}
	asked := make([]int64, given.Len())
	for i := range asked {
		asked[i] = given.Index(i).Convert(reflect.TypeFor[int64]()).Int()
	}
	if err = m.checkIDs(got, asked...); err != nil {
		slice.SetZero()
	}
	return err
}

// withDisplayName reads the display name as well, for Odoo to leave out the records that do not exist. Of the id alone,
// Odoo 14 refuses to read them and Odoo 19 makes them up; with relations to many alone, Odoo 14 refuses as well.
func (t *fieldTree) withDisplayName() *fieldTree {
	const displayName = "display_name"
	with := *t
	if !slices.Contains(t.fields, displayName) {
		with.fields = append(slices.Clone(t.fields), displayName)
	}
	return &with
}

// Existing sets the slice of ids that dest points to, to those of the ids whose records exist: see the function
// [Existing]. It is a search: Odoo's own method exists is closed to the outside since version 19.
func (m Model) Existing(ctx context.Context, dest, ids any, contexts ...Context) error {
	out, err := pointedTo(dest, reflect.Slice)
	if err != nil {
		return err
	}
	given, err := idList(ids)
	if err != nil {
		return err
	}
	out.SetZero()
	if given.Len() == 0 {
		return m.err
	}
	var found []int64
	q, err := m.prepare(ctx, leaf("id", "in", ids), collect(append(slices.Clone(contexts), Archived())))
	if err != nil {
		return err
	}
	if err := m.search(ctx, &found, q); err != nil {
		return err
	}
	for i := range given.Len() {
		if id := given.Index(i); slices.Contains(found, id.Int()) {
			out.Set(reflect.Append(out, id.Convert(out.Type().Elem())))
		}
	}
	return nil
}

// Copy duplicates the record with the id. overrides are values to have in place of its own: a generated Values, any
// struct with odoo tags, an [Args], or nil for none.
func (m Model) Copy(ctx context.Context, id int64, overrides any, opts ...WriteOption) (int64, error) {
	r := &call{method: "copy", ids: []int64{id}}
	if overrides != nil {
		if err := m.checkWrite(overrides); err != nil {
			return 0, err
		}
		r.args = []arg{{"default", overrides}}
	}
	var raw json.RawMessage
	if err := m.call(ctx, r, collect(opts), &raw); err != nil {
		return 0, err
	}
	return oneID(raw, m.name)
}

// oneID reads an id that came alone, or in a list of one as newer versions send it.
func oneID(raw json.RawMessage, model string) (int64, error) {
	var id int64
	if err := decodeInto(raw, model, &id); err == nil && id > 0 {
		return id, nil
	}
	var ids []int64
	if err := decodeInto(raw, model, &ids); err != nil || len(ids) != 1 {
		return 0, &DecodeError{Model: model, done: true, Reason: fmt.Sprintf("want the id of one record, got %.40q", raw)}
	}
	return ids[0], nil
}

// DefaultGet reads the defaults of a new record into the struct that dest points to; fields without a default get the
// zero value. Of a relation to many, the records that would be linked are given; those that would be made with the
// record are an error unless the field is a json.RawMessage, which takes Odoo's commands.
func (m Model) DefaultGet(ctx context.Context, dest any, opts ...ReadOption) error {
	record, err := pointedTo(dest, reflect.Struct)
	if err != nil {
		return err
	}
	p, err := codec.PlanOf(record.Type())
	if err != nil {
		return err
	}
	o := collect(opts)
	fields, err := fieldsToRead(p, m.name, o)
	if err != nil {
		return err
	}
	if err := checkRead(m.version(), m.name, p, fields); err != nil {
		return err
	}
	var defaults map[string]json.RawMessage
	if err := m.call(ctx, &call{method: "default_get", args: []arg{{"fields", fields}}}, o, &defaults); err != nil {
		return err
	}
	return decodeDefaults(p, defaults, m.name, record)
}

func decodeDefaults(p *codec.Plan, defaults map[string]json.RawMessage, model string, record reflect.Value) error {
	for i := range p.Fields {
		f := &p.Fields[i]
		target := record.FieldByIndex(f.Index)
		target.SetZero()
		raw, ok := defaults[f.Name]
		if !ok {
			continue
		}
		if k := target.Kind(); k == reflect.Slice && target.Type() != reflect.TypeFor[json.RawMessage]() {
			raw = linked(raw)
		}
		if err := f.Decode(raw, target); err != nil {
			return located(codec.InField(err, 0, f.Name), model)
		}
	}
	return nil
}

// linked turns a list of commands that only link records into the list of their ids. Anything else stays as it is.
func linked(raw json.RawMessage) json.RawMessage {
	var commands [][]json.RawMessage
	if json.Unmarshal(raw, &commands) != nil {
		return raw
	}
	ids := []int64{}
	for _, command := range commands {
		var code CommandCode
		if len(command) == 0 || json.Unmarshal(command[0], &code) != nil {
			return raw
		}
		var some []int64
		switch {
		case code == CommandClear:
			ids = ids[:0]
		case code == CommandLink && len(command) > 1 && json.Unmarshal(command[1], new(int64)) == nil:
			some = append(some, 0)
			_ = json.Unmarshal(command[1], &some[0])
		case code == CommandSet && len(command) > 2 && json.Unmarshal(command[2], &some) == nil:
			ids = ids[:0]
		default:
			return raw
		}
		ids = append(ids, some...)
	}
	out, _ := codec.Append(nil, ids)
	return out
}

// NameSearch sets the slice of Refs that dest points to, to the records found by their display name: see the function
// [NameSearch].
func (m Model) NameSearch(ctx context.Context, dest any, name string, where Expr, operator string, opts ...CountOption) error {
	q, err := m.prepare(ctx, where, collect(opts))
	if err != nil {
		return err
	}
	if operator == "" {
		operator = "ilike"
	}
	args := []arg{{"name", name}, {"domain", q.where}, {"operator", operator}}
	if q.o.limit > 0 {
		args = append(args, arg{"limit", q.o.limit})
	}
	return m.call(ctx, &call{method: "name_search", args: args}, q.o, dest)
}

// NameCreate makes a record with the display name and sets the [Ref] that dest points to.
func (m Model) NameCreate(ctx context.Context, dest any, name string, opts ...WriteOption) error {
	var raw json.RawMessage
	if err := m.call(ctx, &call{method: "name_create", args: []arg{{"name", name}}}, collect(opts), &raw); err != nil {
		return err
	}
	if codec.NewScanner(raw).Null() {
		return fmt.Errorf("orm: %s.name_create: the model has no field for the name", m.name)
	}
	return decodeInto(raw, m.name, dest)
}

// HasAccess tells whether the user may do that with the records, a slice of ids; with records of the model at all, if
// ids is nil or empty. Rights come from the groups of the user, and for records from the record rules too.
//
// Until Odoo 17 it is check_access_rights and check_access_rule, which is [ErrMissing] for a record that does not exist;
// from 18 on it is has_access, which may say yes to one.
func (m Model) HasAccess(ctx context.Context, ids any, operation Operation, contexts ...Context) (may bool, err error) {
	if ids == nil {
		ids = []int64{}
	}
	given, err := idList(ids)
	if err = errors.Join(m.err, err); err != nil {
		return false, err
	}
	if given.IsNil() {
		ids = []int64{}
	}
	o := collect(contexts)
	if odoofacts.HasAccess.InSeries(m.c.version.Series) {
		err = m.call(ctx, &call{method: "has_access", ids: ids, args: []arg{{"operation", operation}}}, o, &may)
		return may, err
	}
	r := &call{method: "check_access_rights", args: []arg{{"operation", operation}, {"raise_exception", false}}}
	if err := m.call(ctx, r, o, &may); err != nil || !may || given.Len() == 0 {
		return may, err
	}
	err = m.call(ctx, &call{method: "check_access_rule", ids: ids, args: []arg{{"operation", operation}}}, o, nil)
	if errors.Is(err, ErrAccess) {
		return false, nil
	}
	return err == nil, err
}
