package guides

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"

	orm "github.com/odoogen/odoogen/runtime"

	"github.com/odoogen/odoogen/examples/guides/odoo"
)

// product is a line of the export.
type product struct {
	Code      string  `odoo:"default_code"`
	Name      string  `odoo:"name"`
	Available float64 `odoo:"qty_available"`
	Forecast  float64 `odoo:"virtual_available"`
}

// ExportStock writes the quantities of all products that have a code, for each company, with their names in the language.
func ExportStock(ctx context.Context, c *orm.Client, language string, out io.Writer) error {
	companies, err := orm.Find[odoo.ResCompany](ctx, c, orm.AllOf[odoo.ResCompany](), orm.Asc(odoo.ResCompanyF.ID))
	if err != nil {
		return err
	}
	w := csv.NewWriter(out)
	for _, company := range companies {
		local := c.With(orm.Lang(language), orm.Companies(company.ID))
		for p, err := range orm.All[product](ctx, local, orm.IsSet(odoo.ProductProductF.DefaultCode), orm.Prefetch()) {
			if err != nil {
				return err
			}
			if err := w.Write([]string{company.Name, p.Code, p.Name, number(p.Available), number(p.Forecast)}); err != nil {
				return err
			}
		}
	}
	w.Flush()
	return w.Error()
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
