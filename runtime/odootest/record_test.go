package odootest_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

type partner struct{}

func (*partner) OdooModel() string { return "res.partner" }

type partnerRow struct {
	ID      int64            `odoo:"id"`
	Name    string           `odoo:"name"`
	Email   string           `odoo:"email"`
	Type    string           `odoo:"type"`
	Active  bool             `odoo:"active"`
	Country orm.Ref[partner] `odoo:"country_id"`
	Parent  orm.Ref[partner] `odoo:"parent_id"`
	Kids    []int64          `odoo:"child_ids"`
	Author  orm.Ref[partner] `odoo:"create_uid"`
}

func TestCreateFindWriteUnlink(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, stock(t))
	partners := dial(t, s).Model("res.partner")
	belgium := create(t, s, "res.country", map[string]any{"name": "Belgium", "code": "BE"})

	parent, err := partners.Create(t.Context(), orm.Args{"name": "Azure", "email": "a@example.com", "country_id": belgium})
	must(t, err)
	var ids []int64
	must(t, partners.CreateMany(t.Context(), &ids, []orm.Args{{"name": "Ann", "parent_id": parent}, {"name": "Bob", "parent_id": parent}}))

	var rows []partnerRow
	must(t, partners.Find(t.Context(), &rows, orm.Expr{}))
	admin := orm.Ref[partner]{ID: 2, Name: "Administrator"}
	azure := orm.Ref[partner]{ID: orm.ID[partner](parent), Name: "Azure"}
	equal(t, "found", rows, []partnerRow{
		{1, "Azure", "a@example.com", "contact", true, orm.Ref[partner]{ID: 1, Name: "Belgium"}, orm.Ref[partner]{}, []int64{2, 3}, admin},
		{2, "Ann", "", "contact", true, orm.Ref[partner]{}, azure, nil, admin},
		{3, "Bob", "", "contact", true, orm.Ref[partner]{}, azure, nil, admin},
	})

	must(t, partners.Write(t.Context(), ids, orm.Args{"email": "kid@example.com", "parent_id": false}))
	n, err := partners.Count(t.Context(), orm.Expr(orm.Where[partner]("email", "=like", "kid@%")))
	must(t, err)
	equal(t, "with the new address", n, 2)
	must(t, partners.Unlink(t.Context(), ids[:1]))
	var left []int64
	must(t, partners.Search(t.Context(), &left, orm.Expr{}))
	equal(t, "left", left, []int64{1, 3})

	var one partnerRow
	if err := partners.Get(t.Context(), &one, ids[0]); !errors.Is(err, orm.ErrNoRecord) {
		t.Errorf("a deleted record: %v", err)
	}
	if err := partners.Write(t.Context(), ids, orm.Args{"name": "x"}); !errors.Is(err, orm.ErrMissing) {
		t.Errorf("a write to a deleted record: %v", err)
	}
}

func TestEachWalksPages(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, stock(t))
	var want []int64
	for i := range 23 {
		want = append(want, create(t, s, "res.partner", map[string]any{"name": fmt.Sprint("p", i%5)}))
	}
	partners := dial(t, s).Model("res.partner")
	walk := func(opts ...orm.WalkOption) (got []int64) {
		var row partnerRow
		partners.Each(t.Context(), &row, orm.Expr{}, func(err error) bool {
			must(t, err)
			got = append(got, row.ID)
			return true
		}, append(opts, orm.PageSize(5))...)
		return got
	}
	equal(t, "by id", walk(), want)
	equal(t, "the middle", walk(orm.Offset(3), orm.Limit(12)), want[3:15])
	byName := slices.Clone(want)
	slices.SortStableFunc(byName, func(a, b int64) int { return int((a-1)%5 - (b-1)%5) })
	equal(t, "by name", walk(orm.Asc(orm.Field[partner, string]("name"))), byName)
}

func TestUnsetValues(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	create(t, s, "x.values", nil)
	kw(t, s, "x.values", "read", []any{[]any{1}}, nil).result(t, `[{"id":1,"amount":0.0,"any":false,"code":false,"count":0,"create_uid":[2,",2"],"data":false,"day":false,`+
		`"display_name":"x.values,1","html":false,"moment":false,"money":0.0,"node_id":false,"node_ids":[],"node_name":false,"nowhere_ids":[],"odd":false,`+
		`"properties":false,"reference":false,"res_id":0,"res_model":false,"state":"draft","text":false,"yes":false}]`)
}

func TestValuesOfEveryType(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	node := create(t, s, "x.node", map[string]any{"name": "N"})
	for _, c := range []struct {
		field string
		value any
		want  string
	}{
		{"state", "done", `"done"`}, {"state", "", `false`},
		{"amount", 1.004, `1.0`}, {"amount", 1.005, `1.01`}, {"amount", "", `0.0`}, {"amount", "2.347", `2.35`}, {"amount", 3, `3.0`},
		{"money", 1.23456, `1.23456`},
		{"code", "abcdef", `"abcd"`}, {"code", 12, `"12"`}, {"code", true, `"True"`}, {"code", "", `""`},
		{"text", "a\nb ü", `"a\nb ü"`}, {"html", "<p>&</p>", `"<p>&</p>"`},
		{"count", 2.7, `2`}, {"count", "7", `7`}, {"count", true, `1`}, {"count", nil, `0`},
		{"yes", 1, `true`}, {"yes", "", `false`},
		{"day", "2024-02-29", `"2024-02-29"`}, {"day", "2024-02-29 10:00:00", `"2024-02-29"`},
		{"moment", "2024-02-29 10:00:00", `"2024-02-29 10:00:00"`}, {"moment", "2024-02-29", `"2024-02-29 00:00:00"`},
		{"data", "aGk=", `"aGk="`},
		{"any", map[string]any{"a": []any{1, nil}}, `{"a":[1,null]}`}, {"odd", []any{1.5}, `[1.5]`},
		{"properties", []any{map[string]any{"name": "p"}}, `[{"name":"p"}]`},
		{"reference", "x.node,1", `"x.node,1"`},
		{"res_id", 5, `5`},
		{"node_id", node, `[1,"N"]`}, {"node_id", 0, `false`},
		{"node_ids", []any{1}, `[1]`}, {"node_ids", false, `[]`},
	} {
		id := create(t, s, "x.values", map[string]any{c.field: c.value})
		kw(t, s, "x.values", "read", []any{[]any{id}, []any{c.field}}, nil).result(t, fmt.Sprintf(`[{"id":%d,"%s":%s}]`, id, c.field, c.want))
	}
}

func TestWrongValues(t *testing.T) {
	t.Parallel()
	const value, kind = "builtins.ValueError", "builtins.TypeError"
	s := odootest.New(t, small("19.0"))
	for _, c := range []struct {
		field          string
		value          any
		class, message string
	}{
		{"state", "x", value, "Wrong value for x.values.state: 'x'"},
		{"state", 5, value, "Wrong value for x.values.state: 5"},
		{"amount", "x", value, "could not convert string to float: 'x'"},
		{"count", "x", value, "invalid literal for int() with base 10: 'x'"},
		{"count", []any{1}, kind, "int() argument must be a string, a bytes-like object or a real number, not 'list'"},
		{"count", 3000000000, "psycopg2.errors.NumericValueOutOfRange", "integer out of range\n"},
		{"day", "foo", value, "time data 'foo' does not match format '%Y-%m-%d'"},
		{"day", "2024-13-45", value, "time data '2024-13-45' does not match format '%Y-%m-%d'"},
		{"day", 5, kind, "'int' object is not subscriptable"},
		{"moment", "2024-01-02T10:00:00", value, "time data '2024-01-02T10:00:00' does not match format '%Y-%m-%d %H:%M:%S'"},
		{"moment", "2024-01-02 10:00:00.123", value, "unconverted data remains: .123"},
		{"moment", 5, kind, "object of type 'int' has no len()"},
		{"reference", "foo", value, "not enough values to unpack (expected 2, got 1)"},
		{"reference", "foo.bar,1", value, "Wrong value for x.values.reference: 'foo.bar,1'"},
		{"node_id", "foo", "psycopg2.errors.InvalidTextRepresentation", "invalid input syntax for type integer: \"foo\"\n"},
		{"node_ids", "x", value, "Wrong value for x.values.node_ids: x"},
		{"no_such", 1, value, "Invalid field 'no_such' in 'x.values'"},
		{"node_id", 99, "odoo.exceptions.ValidationError", "The operation cannot be completed: Another model is using the record you are trying to delete.\n\n" +
			"The troublemaker is: 'Values' (x.values)\nThanks to the following constraint: 'node_id' (node_id)\nHow about archiving the record instead?"},
	} {
		kw(t, s, "x.values", "create", []any{map[string]any{c.field: c.value}}, nil).fails(t, c.class, c.message)
	}
	kw(t, s, "x.values", "search_count", []any{[]any{}}, nil).result(t, "0")
}

func TestRequired(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, stock(t))
	const message = "The operation cannot be completed: Missing required value for the field 'Country Code' (code).\nModel: 'Country' (res.country)\n" +
		"- create/update: a mandatory field is not set\n- delete: another model requires the record being deleted, you can archive it instead\n"
	kw(t, s, "res.country", "create", []any{map[string]any{"name": "Z"}}, nil).fails(t, "odoo.exceptions.ValidationError", message)
	id := create(t, s, "res.country", map[string]any{"name": "Z", "code": "ZZ"})
	kw(t, s, "res.country", "write", []any{[]any{id}, map[string]any{"code": false}}, nil).fails(t, "odoo.exceptions.ValidationError", message)

	old := odootest.New(t, small("14.0"))
	kw(t, old, "x.tag", "create", []any{map[string]any{}}, nil).fails(t, "odoo.exceptions.ValidationError",
		"The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n- Delete: another model requires the record being deleted. "+
			"If possible, archive it instead.\n\nModel: Tag (x.tag), Field: Name (name)")
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, stock(t))
	buyer := create(t, s, "res.partner", map[string]any{"name": "Azure"})
	order := create(t, s, "sale.order", map[string]any{"partner_id": buyer, "order_line": []any{[]any{0, 0, map[string]any{"name": "Desk"}}}})
	kw(t, s, "sale.order", "read", []any{[]any{order}, []any{"name", "state", "display_name"}}, nil).
		result(t, `[{"id":1,"name":"S00001","state":"draft","display_name":"S00001"}]`)
	kw(t, s, "sale.order.line", "read", []any{[]any{1}, []any{"product_uom_qty", "order_id", "state"}}, nil).
		result(t, `[{"id":1,"product_uom_qty":1.0,"order_id":[1,"S00001"],"state":"draft"}]`)
	kw(t, s, "res.partner", "default_get", []any{[]any{"active", "type", "name", "no_such"}}, nil).result(t, `{"active":true,"type":"contact"}`)
	var row struct {
		Date orm.Date `odoo:"date_order"`
	}
	must(t, dial(t, s).Model("sale.order").Get(t.Context(), &row, order))
	if row.Date.IsZero() {
		t.Error("a sale order has no date")
	}
}

func TestRelatedFieldsFollowTheirPath(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	node := create(t, s, "x.node", map[string]any{"name": "before"})
	id := create(t, s, "x.values", map[string]any{"node_id": node, "node_name": "after"})
	loose := create(t, s, "x.values", map[string]any{"node_name": "own"})
	kw(t, s, "x.node", "read", []any{[]any{node}, []any{"name"}}, nil).result(t, `[{"id":1,"name":"after"}]`)
	kw(t, s, "x.values", "read", []any{[]any{id, loose}, []any{"node_name"}}, nil).result(t, `[{"id":1,"node_name":"after"},{"id":2,"node_name":"own"}]`)
	kw(t, s, "x.values", "search", []any{[]any{[]any{"node_name", "=", "after"}}}, nil).result(t, `[1]`)
}

func TestReadForms(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	a := create(t, s, "x.node", map[string]any{"name": "A", "outside_id": 7})
	b := create(t, s, "x.node", map[string]any{"name": "B", "parent_id": a})
	read := func(args []any, kwargs map[string]any) answer { return kw(t, s, "x.node", "read", args, kwargs) }
	read([]any{[]any{b, a, b, 99}, []any{"name"}}, nil).result(t, `[{"id":2,"name":"B"},{"id":1,"name":"A"},{"id":2,"name":"B"}]`)
	read([]any{a, []any{"name", "id"}}, nil).result(t, `[{"id":1,"name":"A"}]`)
	read([]any{false, []any{"name"}}, nil).result(t, `[]`)
	read([]any{[]any{b}}, map[string]any{"fields": []any{"parent_id"}, "load": ""}).result(t, `[{"id":2,"parent_id":1}]`)
	read([]any{[]any{a}, []any{"outside_id"}}, nil).result(t, `[{"id":1,"outside_id":[7,"res.nowhere,7"]}]`)
	read([]any{[]any{a}, []any{"foo"}}, nil).fails(t, "builtins.ValueError", "Invalid field 'foo' on 'x.node'")
	read(nil, nil).fails(t, "builtins.IndexError", "list index out of range")
}

func TestNamesAndCopies(t *testing.T) {
	t.Parallel()
	for series, want := range map[string]struct{ copied, both string }{"14.0": {`3`, ``}, "19.0": {`[3]`, `[4,5]`}} {
		s := odootest.New(t, small(series))
		tag := create(t, s, "x.tag", map[string]any{"name": "T"})
		create(t, s, "x.node", map[string]any{"name": "Alpha", "rank": 3, "tag_ids": []any{tag}})
		create(t, s, "x.node", map[string]any{"name": "Beta", "active": false, "parent_id": 1})
		kw(t, s, "x.node", "name_search", []any{"a"}, nil).result(t, `[[1,"Alpha"]]`)
		kw(t, s, "x.node", "name_search", nil, map[string]any{"context": map[string]any{"active_test": false}, "limit": 1}).result(t, `[[1,"Alpha"]]`)
		kw(t, s, "x.tag", "name_create", []any{"U"}, nil).result(t, `[2,"U"]`)
		kw(t, s, "x.node", "copy", []any{[]any{1}, map[string]any{"name": "Gamma"}}, nil).result(t, want.copied)
		kw(t, s, "x.node", "read", []any{[]any{3}, []any{"name", "rank", "tag_ids", "child_ids"}}, nil).result(t, `[{"id":3,"name":"Gamma","rank":3,"tag_ids":[1],"child_ids":[]}]`)
		if want.both == "" {
			kw(t, s, "x.node", "copy", []any{[]any{1, 2}}, nil).fails(t, "builtins.ValueError", "Expected singleton: x.node(1, 2)")
			kw(t, s, "x.node", "exists", []any{[]any{1, 99}}, nil).result(t, `[1]`)
			kw(t, s, "x.node", "name_get", []any{[]any{1}}, nil).result(t, `[[1,"Alpha"]]`)
			continue
		}
		kw(t, s, "x.node", "copy", []any{[]any{1, 2}}, nil).result(t, want.both)
		kw(t, s, "x.node", "exists", []any{[]any{1}}, nil).fails(t, "odoo.exceptions.AccessError", "Private methods (such as 'x.node.exists') cannot be called remotely.")
	}
}

func TestUnlinkFollowsLinks(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, stock(t))
	buyer := create(t, s, "res.partner", map[string]any{"name": "Azure"})
	kid := create(t, s, "res.partner", map[string]any{"name": "Ann", "parent_id": buyer})
	order := create(t, s, "sale.order", map[string]any{"partner_id": buyer, "order_line": []any{[]any{0, 0, map[string]any{"name": "Desk"}}}})
	kw(t, s, "res.partner", "unlink", []any{[]any{buyer}}, nil).fails(t, "odoo.exceptions.ValidationError",
		"The operation cannot be completed: Another model is using the record you are trying to delete.\n\n"+
			"The troublemaker is: 'Sales Order' (sale.order)\nThanks to the following constraint: 'Customer' (partner_id)\nHow about archiving the record instead?")
	kw(t, s, "res.partner", "read", []any{[]any{kid}, []any{"parent_id"}}, nil).result(t, `[{"id":2,"parent_id":[1,"Azure"]}]`)
	kw(t, s, "sale.order", "unlink", []any{[]any{order}}, nil).result(t, "true")
	kw(t, s, "sale.order.line", "search_count", []any{[]any{}}, nil).result(t, "0")
	kw(t, s, "res.partner", "unlink", []any{[]any{buyer, buyer}}, nil).result(t, "true")
	kw(t, s, "res.partner", "read", []any{[]any{kid}, []any{"parent_id"}}, nil).result(t, `[{"id":2,"parent_id":false}]`)
}

func TestFailedCallsLeaveNothing(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	keep := create(t, s, "x.node", map[string]any{"name": "keep", "ref": "before"})
	calls := []answer{
		kw(t, s, "x.node", "create", []any{[]any{map[string]any{"name": "a"}, map[string]any{"ref": "no name"}}}, nil),
		kw(t, s, "x.node", "write", []any{[]any{keep, 99}, map[string]any{"ref": "after"}}, nil),
		kw(t, s, "x.node", "write", []any{[]any{keep}, map[string]any{"ref": "after", "rank": "x"}}, nil),
		kw(t, s, "x.node", "unlink", []any{[]any{keep, 99}}, nil),
	}
	for i, a := range calls {
		if a.Error == nil {
			t.Errorf("call %d did not fail", i)
		}
	}
	kw(t, s, "x.node", "search_read", []any{[]any{}, []any{"name", "ref"}}, nil).result(t, `[{"id":1,"name":"keep","ref":"before"}]`)
}

func TestCallsAtOnce(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, stock(t))
	c := dial(t, s)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			partners := c.Model("res.partner")
			for j := range 10 {
				id, err := partners.Create(t.Context(), orm.Args{"name": fmt.Sprint(i, "-", j)})
				if err == nil {
					err = partners.Write(t.Context(), []int64{id}, orm.Args{"ref": "x"})
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	n, err := c.Model("res.partner").Count(t.Context(), orm.Expr(orm.Where[partner]("ref", "=", "x")))
	must(t, err)
	equal(t, "written", n, 80)
}
