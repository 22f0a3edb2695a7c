package odootest_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// As 14, a condition on a field that Odoo cannot search is left out, and as 19 it is refused. fields_get says so where the
// snapshot does, so that the client refuses it before.
func TestUnsearchableFields(t *testing.T) {
	for _, series := range []string{"14.0", "19.0"} {
		s := small(series)
		s.Reports = []snapshot.Report{snapshot.Searchable}
		i := slices.IndexFunc(s.Models, func(m snapshot.Model) bool { return m.Name == "x.node" })
		s.Models[i].Fields = append(s.Models[i].Fields, snapshot.Field{Name: "z", Type: "float", Label: "Z", Computed: true, Unsearchable: true})
		c := dial(t, odootest.New(t, s))
		nodes := c.Model("x.node")
		for _, name := range []string{"a", "b"} {
			_, err := nodes.Create(t.Context(), orm.Args{"name": name})
			must(t, err)
		}
		_, counted := nodes.Count(t.Context(), orm.Expr(orm.Where[struct{}]("z", ">", 1)))
		for _, domain := range []any{[]any{[]any{"z", ">", 1}}, []any{"!", []any{"z", ">", 1}}} {
			var n int
			err := c.ExecuteKW(t.Context(), "x.node", "search_count", []any{domain}, nil, &n)
			var refused *orm.Error
			switch {
			case series == "14.0" && (err != nil || n != 2 || !errors.Is(counted, orm.ErrUnsearchable)):
				t.Errorf("14: %d of 2 match %v, %v, %v", n, domain, err, counted)
			case series == "19.0" && (!errors.As(err, &refused) || counted == nil):
				t.Errorf("19: %d of 2 match %v, %v, %v", n, domain, err, counted)
			}
		}
		fields, err := nodes.FieldsGet(t.Context(), []string{"z", "name"})
		if err != nil || fields["z"].Searchable || !fields["name"].Searchable {
			t.Errorf("%s: %v, %v", series, fields, err)
		}
	}
}
