// Package access finds out what the user of a client is allowed to do.
//
//	may, err := access.Has(ctx, c, orm.On(order), access.Write)
package access

import (
	"context"
	"errors"
	"fmt"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/records"
)

// Operation is what a user is or is not allowed to do with the records of a model.
type Operation string

// The operations that Odoo has rights for.
const (
	Read   Operation = "read"
	Write  Operation = "write"
	Create Operation = "create"
	Unlink Operation = "unlink"
)

// Has reports whether the user is allowed to do the operation with the records, or, without ids, with records of the model at
// all. Rights come from the groups of the user, and for records also from the record rules.
//
// Until Odoo 17 it is check_access_rights and check_access_rule, which is [orm.ErrMissing] for a record that does not exist;
// from 18 on it is has_access, which may report true for one.
func Has[M any](ctx context.Context, c *orm.Client, ids []orm.ID[M], o Operation, contexts ...orm.Context) (bool, error) {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return false, fmt.Errorf("access: %w", err)
	}
	plain := make([]int64, len(ids))
	for i, id := range ids {
		plain[i] = int64(id)
	}
	return to(ctx, c, model, plain, o, contexts)
}

// ToModel is [Has] for a model without bindings, by its name.
func ToModel(ctx context.Context, c *orm.Client, name string, ids []int64, o Operation, contexts ...orm.Context) (bool, error) {
	model, err := records.Model(c, name)
	if err != nil {
		return false, fmt.Errorf("access: %w", err)
	}
	return to(ctx, c, model, ids, o, contexts)
}

func to(ctx context.Context, c *orm.Client, model orm.Model, ids []int64, o Operation, contexts []orm.Context) (may bool, err error) {
	opts := records.Options(contexts)
	if ids == nil {
		ids = []int64{}
	}
	if odoofacts.HasAccess.InSeries(c.Version().Series) {
		err = model.Call(ctx, "has_access", ids, orm.Args{"operation": o}, &may, opts...)
		return may, err
	}
	err = model.Call(ctx, "check_access_rights", nil, orm.Args{"operation": o, "raise_exception": false}, &may, opts...)
	if err != nil || !may || len(ids) == 0 {
		return may, err
	}
	err = model.Call(ctx, "check_access_rule", ids, orm.Args{"operation": o}, nil, opts...)
	switch {
	case errors.Is(err, orm.ErrAccess):
		return false, nil
	case errors.Is(err, orm.ErrNotXML): // the method returned None
		return true, nil
	}
	return err == nil, err
}
