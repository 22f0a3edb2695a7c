package orm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/odoogen/odoogen/runtime/internal/fault"
)

// XMLIDError tells that an external id names no record, or one of another model. Of one that names no record it is
// [ErrNoRecord] for errors.Is.
type XMLIDError struct {
	XMLID string
	Model string // the model of the record, "" if there is none
	Want  string // the model that was asked for
}

// Error names the external id, and the models if they differ.
func (e *XMLIDError) Error() string {
	switch {
	case !strings.Contains(e.XMLID, "."):
		return fmt.Sprintf("orm: %q is not an external id: want module.name", e.XMLID)
	case e.Model == "":
		return fmt.Sprintf("orm: no record has the external id %s", e.XMLID)
	}
	return fmt.Sprintf("orm: the external id %s is one of %s, not of %s", e.XMLID, e.Model, e.Want)
}

// Unwrap gives [ErrNoRecord] unless there is a record of another model.
func (e *XMLIDError) Unwrap() error {
	if e.Model == "" {
		return ErrNoRecord
	}
	return nil
}

// Lookup gives the id of the record of the model M with the external id, "base.main_company". There is none, or it is
// of another model: an [*XMLIDError].
//
// A module that deletes records may leave external ids behind: [Existing] tells whether the record is still there.
func Lookup[M any](ctx context.Context, c *Client, xmlID string) (ID[M], error) {
	ids, err := LookupAll[M](ctx, c, []string{xmlID})
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

// LookupAll gives the ids of the records of the model M with the external ids, in their order, up to 2,000 in a
// call. The error joins an [*XMLIDError] for each that there is not.
func LookupAll[M any](ctx context.Context, c *Client, xmlIDs []string) ([]ID[M], error) {
	model := modelOf[M](c)
	if model.err != nil {
		return nil, model.err
	}
	found, err := c.XMLIDs(ctx, xmlIDs)
	var faults []error
	ids := make([]ID[M], len(xmlIDs))
	for i, xmlID := range xmlIDs {
		ref, ok := found[xmlID]
		if ok && ref.Model != model.name {
			faults = append(faults, &XMLIDError{xmlID, ref.Model, model.name})
		}
		ids[i] = ID[M](ref.ID)
	}
	if err = errors.Join(append(faults, err)...); err != nil {
		return nil, err
	}
	return ids, nil
}

// XMLIDsOf gives the external ids of records: none, one or several for each.
func XMLIDsOf[M any](ctx context.Context, c *Client, ids []ID[M]) (map[ID[M]][]string, error) {
	plain := make([]int64, len(ids))
	for i, id := range ids {
		plain[i] = int64(id)
	}
	found, err := modelOf[M](c).XMLIDs(ctx, plain)
	if err != nil {
		return nil, err
	}
	out := make(map[ID[M]][]string, len(found))
	for id, names := range found {
		out[ID[M](id)] = names
	}
	return out, nil
}

// XMLID gives model and id of the record with the external id, "base.main_company". There is none: an [*XMLIDError].
func (c *Client) XMLID(ctx context.Context, xmlID string) (model string, id int64, err error) {
	found, err := c.XMLIDs(ctx, []string{xmlID})
	return found[xmlID].Model, found[xmlID].ID, err
}

// XMLIDs gives the records with the external ids, up to 2,000 in a call. If some do not exist the others are given all the
// same; the error joins an [*XMLIDError] for each.
//
// Since Odoo 18 or so only administrators may read the table of external ids. For other users there is a call for each,
// which gives no record that the user may not see.
func (c *Client) XMLIDs(ctx context.Context, xmlIDs []string) (map[string]Reference, error) {
	found, isAsked := map[string]Reference{}, membersOf(xmlIDs)
	var err error
	for _, where := range conditionsOf(xmlIDs) {
		err = c.searchXMLIDs(ctx, where, func(x xmlIDRow) error {
			xmlID := x.Module + "." + x.Name
			if !isAsked[xmlID] {
				return &DecodeError{Model: modelData, Reason: xmlID + ": " + notAskedFor}
			}
			found[xmlID] = Reference{x.Model, x.ResID}
			return nil
		})
		if err != nil {
			break
		}
	}
	if errors.Is(err, ErrAccess) {
		err = c.checkXMLIDs(ctx, xmlIDs, found)
	}
	if err != nil {
		return nil, err
	}
	var missing []error
	for _, xmlID := range xmlIDs {
		if _, ok := found[xmlID]; !ok {
			missing = append(missing, &XMLIDError{XMLID: xmlID})
		}
	}
	return found, errors.Join(missing...)
}

// The most external ids, and modules, that a search asks for: Odoo 14 breaks on a condition of some 4,000 parts.
const (
	namesAtOnce   = 2000
	modulesAtOnce = 100
)

// conditionsOf are the conditions of the searches for external ids, each with the names of some modules.
func conditionsOf(xmlIDs []string) (out []Expr) {
	names, modules := map[string][]string{}, []string{}
	for _, xmlID := range xmlIDs {
		if module, name, ok := strings.Cut(xmlID, "."); ok {
			if names[module] == nil {
				modules = append(modules, module)
			}
			names[module] = append(names[module], name)
		}
	}
	var some []Expr
	room := namesAtOnce
	flush := func() {
		if len(some) > 0 {
			out = append(out, or(some...))
		}
		some, room = nil, namesAtOnce
	}
	for _, module := range modules {
		for part := range slices.Chunk(names[module], namesAtOnce) {
			if len(part) > room || len(some) == modulesAtOnce {
				flush()
			}
			some = append(some, and(leaf("module", "=", module), leaf("name", "in", part)))
			room -= len(part)
		}
	}
	flush()
	return out
}

// xmlIDRow is a record of ir.model.data, which holds the external ids.
type xmlIDRow struct {
	Module string `odoo:"module"`
	Name   string `odoo:"name"`
	Model  string `odoo:"model"`
	ResID  int64  `odoo:"res_id"`
}

// modelData is the model of the external ids.
const modelData = "ir.model.data"

func (c *Client) searchXMLIDs(ctx context.Context, where Expr, each func(xmlIDRow) error) error {
	var rows []xmlIDRow
	if err := c.Model(modelData).Find(ctx, &rows, where); err != nil {
		return err
	}
	for _, row := range rows {
		if err := each(row); err != nil {
			return err
		}
	}
	return nil
}

// checkXMLIDs asks for external ids one by one, in the way that every user may.
func (c *Client) checkXMLIDs(ctx context.Context, xmlIDs []string, found map[string]Reference) error {
	for _, xmlID := range xmlIDs {
		module, name, ok := strings.Cut(xmlID, ".")
		if !ok {
			continue
		}
		var pair []json.RawMessage
		r := &call{method: "check_object_reference", args: []arg{{"module", module}, {"xml_id", name}}}
		err := c.Model("ir.model.data").call(ctx, r, callOptions{}, &pair)
		if e, known := errors.AsType[*Error](err); known && fault.ShortClass(e.Class) == "ValueError" {
			continue // no such external id
		}
		if err != nil {
			return err
		}
		var ref Reference
		if len(pair) == 2 && json.Unmarshal(pair[0], &ref.Model) == nil && json.Unmarshal(pair[1], &ref.ID) == nil {
			found[xmlID] = ref
		}
	}
	return nil
}

// XMLIDs gives the external ids of the records with the ids, a slice of ids: none, one or several for each. Users who
// may not read the table of external ids get one for each record, of those that they may see.
func (m Model) XMLIDs(ctx context.Context, ids any) (map[int64][]string, error) {
	given, err := idList(ids)
	if err = errors.Join(m.err, err); err != nil {
		return nil, err
	}
	out := map[int64][]string{}
	if given.Len() == 0 {
		return out, nil
	}
	if given.Type().Elem().Kind() == reflect.String {
		return nil, fmt.Errorf("orm: %s: records whose ids are texts have no external ids", m.name)
	}
	isAsked := map[int64]bool{}
	for _, id := range listOf[int64](given) {
		isAsked[id] = true
	}
	where := and(leaf("model", "=", m.name), leaf("res_id", "in", ids))
	err = m.c.searchXMLIDs(ctx, where, func(x xmlIDRow) error {
		if x.Model != m.name || !isAsked[x.ResID] {
			return &DecodeError{Model: x.Model, ID: x.ResID, Reason: notAskedFor}
		}
		out[x.ResID] = append(out[x.ResID], x.Module+"."+x.Name)
		return nil
	})
	if err == nil {
		return out, nil
	}
	if !errors.Is(err, ErrAccess) {
		return nil, err
	}
	var single map[string]string // by the id as a text; "" for none
	if err := m.call(ctx, &call{method: "get_external_id", ids: ids}, callOptions{}, &single); err != nil {
		return nil, err
	}
	for key, xmlID := range single {
		id, err := strconv.ParseInt(key, 10, 64)
		if err != nil || !isAsked[id] {
			return nil, m.malformed(fmt.Sprintf("record %s: %s", key, notAskedFor))
		}
		if xmlID != "" {
			out[id] = []string{xmlID}
		}
	}
	return out, nil
}
