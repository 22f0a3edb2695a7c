package guides

import (
	"context"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/admin"

	"github.com/odoogen/odoogen/examples/guides/odoo"
)

// score is a field that this program has made: no snapshot has it. After the next pull it is odoo.ResPartnerF.XScore.
const score = orm.Field[odoo.ResPartner, int]("x_score")

// scored is a partner with the field.
type scored struct {
	Name  string `odoo:"name"`
	Score int    `odoo:"x_score"`
}

// AddScore adds the custom field to partners.
func AddScore(ctx context.Context, c *orm.Client) error {
	_, err := admin.CreateField(ctx, c, new(odoo.ResPartner).OdooModel(), admin.CustomField{Name: string(score), Label: "Score", Type: admin.TypeInteger})
	return err
}

// SetScore writes the field by its name.
func SetScore(ctx context.Context, c *orm.Client, id orm.ID[odoo.ResPartner], points int) error {
	return c.Model(new(odoo.ResPartner).OdooModel()).Write(ctx, []int64{int64(id)}, orm.Args{string(score): points})
}

// Best are the partners with at least so many points.
func Best(ctx context.Context, c *orm.Client, points int) ([]scored, error) {
	return orm.Find[scored](ctx, c, orm.Ge(score, points), orm.Desc(score))
}
