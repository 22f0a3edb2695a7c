package guides

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odoosync"

	"github.com/odoogen/odoogen/examples/guides/odoo"
)

// ImportPartners makes partners of a CSV of any size with the columns number, name and email. Done again, it writes only what
// differs. The report has the rows that failed.
func ImportPartners(ctx context.Context, c *orm.Client, in io.Reader) (*odoosync.Report, error) {
	rows := func(yield func(odoosync.Row[odoo.ResPartnerValues], error) bool) {
		for r := csv.NewReader(in); ; {
			record, err := r.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err == nil && len(record) != 3 {
				err = fmt.Errorf("want 3 columns: %q", record)
			}
			var row odoosync.Row[odoo.ResPartnerValues]
			if err == nil {
				row.Values = odoo.ResPartnerValues{Ref: orm.Set(record[0]), Name: orm.Set(record[1]), Email: orm.Set(record[2])}
			}
			if !yield(row, err) {
				return
			}
		}
	}
	return odoosync.Run(ctx, c.With(orm.WithoutTracking()), odoosync.By(odoo.ResPartnerF.Ref), rows)
}
