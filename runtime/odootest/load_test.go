package odootest_test

import (
	"errors"
	"testing"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/load"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func TestLoadIsAllOrNothing(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, stock(t))
	c, err := s.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	both := func(kind odoo.ResPartnerType, name string) ([]orm.ID[odoo.ResPartner], error) {
		done, err := load.Rows(t.Context(), c, []load.Row[odoo.ResPartnerValues]{
			{XMLID: "x.one", Values: odoo.ResPartnerValues{Name: orm.Set(name), Type: orm.Set(odoo.ResPartnerTypeContact)}},
			{XMLID: "x.two", Values: odoo.ResPartnerValues{Name: orm.Set("two"), Type: orm.Set(kind)}},
		})
		return done.IDs, err
	}
	count := func() int {
		n, err := orm.Count(t.Context(), c, orm.In(odoo.ResPartnerF.Name, "one", "uno", "two"))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	_, err = both("nonsense", "one")
	var failed *load.Error
	if !errors.As(err, &failed) || len(failed.Messages) != 1 || failed.Messages[0].Row != 1 || count() != 0 {
		t.Fatalf("a bad row gives %v, and leaves %d records", err, count())
	}
	first, err := both(odoo.ResPartnerTypeContact, "one")
	if err != nil || count() != 2 {
		t.Fatal(err, count())
	}
	second, err := both(odoo.ResPartnerTypeContact, "uno")
	if err != nil || count() != 2 || first[0] != second[0] || first[1] != second[1] {
		t.Fatalf("again: %v and %v, %v, %d records", first, second, err, count())
	}
	if p, err := orm.Get[odoo.ResPartner](t.Context(), c, first[0]); err != nil || p.Name != "uno" {
		t.Errorf("the first is %q, %v", p.Name, err)
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, stock(t))
	c, err := s.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var values []odoo.ResPartnerValues
	for i, function := range []string{"boss", "clerk", "", "clerk"} {
		values = append(values, odoo.ResPartnerValues{Name: orm.Set("grouped"), Function: orm.Set(function), Color: orm.Set(i + 1)})
	}
	if _, err := orm.CreateMany(t.Context(), c, values); err != nil {
		t.Fatal(err)
	}
	type row struct {
		Function string                      `odoo:"function"`
		Count    int                         `odoo:"__count"`
		Sum      int                         `odoo:"color:sum"`
		Average  float64                     `odoo:"color:avg"`
		Records  orm.Domain[odoo.ResPartner] `odoo:"__domain"`
	}
	rows, err := orm.Group[row](t.Context(), c, orm.Eq(odoo.ResPartnerF.Name, "grouped"), orm.DescColumn("color:sum"), orm.Limit(2))
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	if r := rows[0]; r.Function != "clerk" || r.Count != 2 || r.Sum != 6 || r.Average != 3 {
		t.Errorf("the first group is %+v", r)
	}
	if n, err := orm.Count(t.Context(), c, rows[0].Records); err != nil || n != 2 {
		t.Errorf("its records: %d, %v", n, err)
	}
}
