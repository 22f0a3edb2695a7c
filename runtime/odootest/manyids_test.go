package odootest_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

// manyTag is a record of x.tag.
type manyTag struct {
	ID   orm.ID[manyTag] `odoo:"id"`
	Name string          `odoo:"name"`
}

func (*manyTag) OdooModel() string { return "x.tag" }

// Conditions and calls on 40,000 ids are one list, or some calls, and never a condition with a part for each id: the length of a
// condition is limited on real servers.
func TestManyIDs(t *testing.T) {
	const many = 40_000
	for _, series := range []string{"14.0", "19.0"} {
		server := odootest.New(t, small(series))
		records, ids := make([]map[string]any, many), make([]orm.ID[manyTag], many)
		for i := range records {
			ids[i] = orm.ID[manyTag](i + 1)
			records[i] = map[string]any{"id": i + 1, "name": fmt.Sprint("tag ", i%100)}
		}
		must(t, server.Place("x.tag", records...))
		c, err := server.Dial(t.Context())
		must(t, err)
		ctx, twice := t.Context(), slices.Concat(ids, []orm.ID[manyTag]{many + 1, many + 2})
		tagID, name := orm.Rel[manyTag, manyTag]("id"), orm.Field[manyTag, string]("name")
		for what, count := range map[string]func() (int, error){
			"In":       func() (int, error) { return orm.Count(ctx, c, orm.In(tagID, twice...)) },
			"IDs":      func() (int, error) { found, err := orm.IDs(ctx, c, orm.In(tagID, twice...)); return len(found), err },
			"Existing": func() (int, error) { found, err := orm.Existing(ctx, c, twice); return len(found), err },
			"Find": func() (int, error) {
				found, err := orm.Find[manyTag](ctx, c, orm.In(tagID, twice...))
				return len(found), err
			},
			"All in an order": func() (n int, err error) {
				for _, err := range orm.All[manyTag](ctx, c, orm.In(tagID, twice...), orm.Asc(name), orm.PageSize(10_000)) {
					if err != nil {
						return n, err
					}
					n++
				}
				return n, nil
			},
			"external ids": func() (int, error) {
				names := make([]string, many)
				for i := range names {
					names[i] = fmt.Sprintf("m%d.tag_%d", i%150, i)
				}
				found, err := xmlid.References(ctx, c, names)
				if !errors.Is(err, orm.ErrNoRecord) {
					return 0, err
				}
				return many - len(found), nil
			},
			"xmlid.Of": func() (int, error) {
				found, err := xmlid.Of(ctx, c, twice)
				return many - len(found), err
			},
			"Read": func() (int, error) { found, err := orm.Read[manyTag](ctx, c, ids); return len(found), err },
		} {
			server.ForgetCalls()
			if n, err := count(); err != nil || n != many {
				t.Errorf("%s: %s: %d of %d, %v", series, what, n, many, err)
			}
			if calls := len(server.Calls()); calls > 25 {
				t.Errorf("%s: %s took %d calls", series, what, calls)
			}
		}
		must(t, orm.Unlink(ctx, c, ids))
	}
}
