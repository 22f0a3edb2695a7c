package orm

import (
	"context"
	"errors"

	"github.com/odoogen/odoogen/internal/odoofacts"
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

// HasAccess reports whether the user is allowed to do that with the records, or, without ids, with records of the model at all.
// See [Model.HasAccess].
func HasAccess[M any](ctx context.Context, c *Client, ids []ID[M], operation Operation, contexts ...Context) (bool, error) {
	return modelOf[M](c).HasAccess(ctx, ids, operation, contexts...)
}

// HasAccess reports whether the user is allowed to do that with the records, a slice of ids; with records of the model at all, if
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
	if odoofacts.HasAccess.In(m.c.odoo) {
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
