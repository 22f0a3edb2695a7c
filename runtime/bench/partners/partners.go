// Package partners makes the partners that the benchmarks read from a real server, and removes them.
package partners

import (
	"context"
	"fmt"
	"strconv"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
)

// Partner has ten fields of a partner.
type Partner struct {
	ID        int64            `odoo:"id"`
	Name      string           `odoo:"name"`
	Email     string           `odoo:"email"`
	Phone     string           `odoo:"phone"`
	Street    string           `odoo:"street"`
	City      string           `odoo:"city"`
	Zip       string           `odoo:"zip"`
	Country   orm.Ref[Country] `odoo:"country_id"`
	Color     int              `odoo:"color"`
	WriteDate time.Time        `odoo:"write_date"`
}

// Fields are the names of the ten.
var Fields = []string{"id", "name", "email", "phone", "street", "city", "zip", "country_id", "color", "write_date"}

// Country is like the generated record of res.country.
type Country struct{}

// Model is like the generated record of res.partner.
type Model struct{}

// OdooModel is the name of the model.
func (*Model) OdooModel() string { return "res.partner" }

// Set is a number of partners that share a reference.
type Set struct {
	Ref string
	ids []int64
	of  orm.Model
}

// Make makes n partners. The set is there to be removed even if that fails.
func Make(ctx context.Context, c *orm.Client, n int) (*Set, error) {
	s := &Set{Ref: "odoogen-bench-" + strconv.FormatInt(time.Now().UnixNano(), 36), of: c.Model("res.partner")}
	var countries []int64
	if err := c.Model("res.country").Search(ctx, &countries, orm.Expr{}, orm.Limit(50)); err != nil {
		return s, err
	}
	values := make([]orm.Args, n)
	for i := range values {
		values[i] = orm.Args{
			"name": fmt.Sprintf("Partner %d", i), "ref": s.Ref, "email": fmt.Sprintf("partner%d@example.com", i), "phone": fmt.Sprintf("+32 2 %07d", i),
			"street": fmt.Sprintf("%d Rue Élisée Reclus", i), "city": "Bruxelles", "zip": strconv.Itoa(1000 + i%999), "country_id": countries[i%len(countries)], "color": i % 12,
		}
	}
	return s, s.of.CreateMany(ctx, &s.ids, values, orm.Batch(500))
}

// Where is the condition for the partners of the set.
func (s *Set) Where() orm.Domain[Model] { return orm.Where[Model]("ref", "=", s.Ref) }

// Remove deletes the partners.
func (s *Set) Remove(ctx context.Context) error {
	for from := 0; from < len(s.ids); from += 500 {
		if err := s.of.Unlink(ctx, s.ids[from:min(from+500, len(s.ids))]); err != nil {
			return err
		}
	}
	return nil
}
