// Package xmlid finds records by their external IDs, and the external IDs of records.
//
//	company, err := xmlid.Lookup[odoo.ResCompany](ctx, c, "base.main_company")
package xmlid

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/door"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/records"
)

// Error reports that an external ID names no record, or one of another model. Of one that names no record it is
// [orm.ErrNoRecord] for errors.Is.
type Error struct {
	XMLID string
	Model string // the model of the record, "" if there is none
	Want  string // the model that was asked for
}

// Error names the external ID, and the models if they differ.
func (e *Error) Error() string {
	switch {
	case !strings.Contains(e.XMLID, "."):
		return fmt.Sprintf("xmlid: %q is not an external ID: want module.name", e.XMLID)
	case e.Model == "":
		return fmt.Sprintf("xmlid: no record has the external ID %s", e.XMLID)
	}
	return fmt.Sprintf("xmlid: the external ID %s is one of %s, not of %s", e.XMLID, e.Model, e.Want)
}

// Unwrap gives [orm.ErrNoRecord] unless there is a record of another model.
func (e *Error) Unwrap() error {
	if e.Model == "" {
		return orm.ErrNoRecord
	}
	return nil
}

// Lookup gives the ID of the record of the model M with the external ID, "base.main_company". There is none, or it is
// of another model: an [*Error].
//
// A module that deletes records may leave external IDs behind: [orm.Existing] reports whether the record is still there.
func Lookup[M any](ctx context.Context, c *orm.Client, xmlID string) (orm.ID[M], error) {
	ids, err := LookupAll[M](ctx, c, []string{xmlID})
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

// LookupAll gives the IDs of the records of the model M with the external IDs, in their order, up to 2,000 in a
// call. The error joins an [*Error] for each that there is not.
func LookupAll[M any](ctx context.Context, c *orm.Client, xmlIDs []string) ([]orm.ID[M], error) {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return nil, fmt.Errorf("xmlid: %w", err)
	}
	found, err := References(ctx, c, xmlIDs)
	var faults []error
	ids := make([]orm.ID[M], len(xmlIDs))
	for i, xmlID := range xmlIDs {
		ref, ok := found[xmlID]
		if ok && ref.Model != model.Name() {
			faults = append(faults, &Error{xmlID, ref.Model, model.Name()})
		}
		ids[i] = orm.ID[M](ref.ID)
	}
	if err = errors.Join(append(faults, err)...); err != nil {
		return nil, err
	}
	return ids, nil
}

// Of returns the external IDs of records: none, one or several for each record. See [OfModel].
func Of[M any](ctx context.Context, c *orm.Client, ids []orm.ID[M]) (map[orm.ID[M]][]string, error) {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return nil, fmt.Errorf("xmlid: %w", err)
	}
	plain := make([]int64, len(ids))
	for i, id := range ids {
		plain[i] = int64(id)
	}
	found, err := OfModel(ctx, c, model.Name(), plain)
	if err != nil {
		return nil, err
	}
	out := make(map[orm.ID[M]][]string, len(found))
	for id, names := range found {
		out[orm.ID[M](id)] = names
	}
	return out, nil
}

// Reference gives the record of any model with the external ID, "base.main_company". There is none: an [*Error].
func Reference(ctx context.Context, c *orm.Client, xmlID string) (orm.Reference, error) {
	found, err := References(ctx, c, []string{xmlID})
	return found[xmlID], err
}

// References gives the records of any model with the external IDs, up to 2,000 in a call. If some do not exist the others are
// given all the same; the error joins an [*Error] for each.
//
// From Odoo 18 on only administrators can read the table of external IDs. For other users there is a call for each,
// which gives no record that the user cannot see.
func References(ctx context.Context, c *orm.Client, xmlIDs []string) (map[string]orm.Reference, error) {
	found, isAsked := map[string]orm.Reference{}, members(xmlIDs)
	var err error
	for _, where := range conditionsOf(xmlIDs) {
		err = search(ctx, c.Model(table), where, func(x row) error {
			xmlID := x.Module + "." + x.Name
			if !isAsked[xmlID] {
				return &orm.DecodeError{Model: table, Reason: xmlID + ": " + notAskedFor}
			}
			found[xmlID] = orm.Reference{Model: x.Model, ID: x.ResID}
			return nil
		})
		if err != nil {
			break
		}
	}
	if errors.Is(err, orm.ErrAccess) {
		err = checkEach(ctx, c.Model(table), xmlIDs, found)
	}
	if err != nil {
		return nil, err
	}
	var missing []error
	for _, xmlID := range xmlIDs {
		if _, ok := found[xmlID]; !ok {
			missing = append(missing, &Error{XMLID: xmlID})
		}
	}
	return found, errors.Join(missing...)
}

// OfModel gives the external IDs of the records of a model, "res.partner", with the IDs: none, one or several for each. Users
// who cannot read the table of external IDs get one for each record, of those that they can see.
func OfModel(ctx context.Context, c *orm.Client, model string, ids []int64) (map[int64][]string, error) {
	out := map[int64][]string{}
	if len(ids) == 0 {
		return out, nil
	}
	where := orm.And(condition("model", "=", model), condition("res_id", "in", ids))
	isAsked := members(ids)
	err := search(ctx, c.Model(table), where, func(x row) error {
		if x.Model != model || !isAsked[x.ResID] {
			return &orm.DecodeError{Model: x.Model, ID: x.ResID, Reason: notAskedFor}
		}
		out[x.ResID] = append(out[x.ResID], x.Module+"."+x.Name)
		return nil
	})
	switch {
	case err == nil:
		return out, nil
	case !errors.Is(err, orm.ErrAccess):
		return nil, err
	}
	var single map[string]string // by the ID as a text; "" for none
	if err := c.Model(model).Call(ctx, "get_external_id", ids, nil, &single); err != nil {
		return nil, err
	}
	for key, xmlID := range single {
		id, err := strconv.ParseInt(key, 10, 64)
		if err != nil || !isAsked[id] {
			return nil, &orm.DecodeError{Model: model, Reason: fmt.Sprintf("record %s: %s", key, notAskedFor)}
		}
		if xmlID != "" {
			out[id] = []string{xmlID}
		}
	}
	return out, nil
}

// table is the model that holds the external IDs.
const table = "ir.model.data"

const notAskedFor = "the server sent this record, which was not requested"

func members[T comparable](list []T) map[T]bool {
	set := make(map[T]bool, len(list))
	for _, v := range list {
		set[v] = true
	}
	return set
}

// row is a record of the table.
type row struct {
	Module string `odoo:"module"`
	Name   string `odoo:"name"`
	Model  string `odoo:"model"`
	ResID  int64  `odoo:"res_id"`
}

func search(ctx context.Context, table orm.Model, where orm.Domain[any], each func(row) error) error {
	var rows []row
	if err := table.Find(ctx, &rows, orm.Expr(where)); err != nil {
		return err
	}
	for _, r := range rows {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

func condition(field, operator string, value any) orm.Domain[any] {
	return orm.Domain[any](door.Condition(field, operator, value).(orm.Expr))
}

// The most external IDs, and modules, that a search asks for: Odoo 14 breaks on a condition of some 4,000 parts.
const (
	namesAtOnce   = 2000
	modulesAtOnce = 100
)

// conditionsOf are the conditions of the searches for external IDs, each with the names of some modules.
func conditionsOf(xmlIDs []string) (out []orm.Domain[any]) {
	names, modules := map[string][]string{}, []string{}
	for _, xmlID := range xmlIDs {
		if module, name, ok := strings.Cut(xmlID, "."); ok {
			if names[module] == nil {
				modules = append(modules, module)
			}
			names[module] = append(names[module], name)
		}
	}
	var some []orm.Domain[any]
	room := namesAtOnce
	flush := func() {
		if len(some) > 0 {
			out = append(out, orm.Or(some...))
		}
		some, room = nil, namesAtOnce
	}
	for _, module := range modules {
		for part := range slices.Chunk(names[module], namesAtOnce) {
			if len(part) > room || len(some) == modulesAtOnce {
				flush()
			}
			some = append(some, orm.And(condition("module", "=", module), condition("name", "in", part)))
			room -= len(part)
		}
	}
	flush()
	return out
}

// checkEach asks for external IDs one by one, in the way that is open to every user.
func checkEach(ctx context.Context, table orm.Model, xmlIDs []string, found map[string]orm.Reference) error {
	for _, xmlID := range xmlIDs {
		module, name, ok := strings.Cut(xmlID, ".")
		if !ok {
			continue
		}
		var pair []json.RawMessage
		err := table.Invoke(ctx, &pair, nil, orm.Invocation{
			Method: "check_object_reference", Args: []orm.Argument{{Name: "module", Value: module}, {Name: "xml_id", Value: name}}, ReadOnly: true,
		})
		if e, known := errors.AsType[*orm.Error](err); known && fault.ShortClass(e.Class) == "ValueError" {
			continue // no such external ID
		}
		if err != nil {
			return err
		}
		var ref orm.Reference
		if len(pair) == 2 && json.Unmarshal(pair[0], &ref.Model) == nil && json.Unmarshal(pair[1], &ref.ID) == nil {
			found[xmlID] = ref
		}
	}
	return nil
}
