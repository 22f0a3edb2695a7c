package guides

import (
	"context"
	"fmt"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/access"

	"github.com/odoogen/odoogen/examples/guides/odoo"
)

// CheckRights reports, before anything is done, which rights the user of the client lacks for these programs.
func CheckRights(ctx context.Context, c *orm.Client) (missing []string, err error) {
	need := func(model string, operations ...access.Operation) {
		for _, o := range operations {
			if err != nil {
				return
			}
			var allowed bool
			if allowed, err = access.ToModel(ctx, c, model, nil, o); err == nil && !allowed {
				missing = append(missing, fmt.Sprintf("%s %s", o, model))
			}
		}
	}
	need(new(odoo.ProductProduct).OdooModel(), access.Read)
	need(new(odoo.ResPartner).OdooModel(), access.Read, access.Create, access.Write)
	need(new(odoo.IrAttachment).OdooModel(), access.Read, access.Create)
	return missing, err
}
