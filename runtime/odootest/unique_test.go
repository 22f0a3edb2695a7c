package odootest_test

import (
	"errors"
	"strings"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func TestUnique(t *testing.T) {
	t.Parallel()
	const message = "A node of this reference and rank is there."
	s := odootest.New(t, small("19.0"), odootest.Unique("x.node", message, "ref", "rank"))
	nodes := dial(t, s).Model("x.node")
	create := func(ref any, rank int) (int64, error) {
		return nodes.Create(t.Context(), orm.Args{"name": "n", "ref": ref, "rank": rank})
	}
	refused := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, orm.ErrValidation) || !strings.Contains(err.Error(), "The operation cannot be completed: "+message) {
			t.Errorf("%s: %v, want %s", what, err, message)
		}
	}
	first, err := create("a", 1)
	if err != nil {
		t.Fatal(err)
	}
	other, err := create("a", 2)
	if err != nil {
		t.Fatalf("another rank: %v", err)
	}
	_, err = create("a", 1)
	refused("a second node", err)
	refused("a write", nodes.Write(t.Context(), []int64{other}, orm.Args{"rank": 1}))
	if err := nodes.Write(t.Context(), []int64{first}, orm.Args{"rank": 1, "name": "m"}); err != nil {
		t.Errorf("the same values again: %v", err)
	}
	for range 2 {
		if _, err := create(false, 1); err != nil {
			t.Errorf("an unset reference: %v", err)
		}
	}
	var n []int64
	if err := nodes.Search(t.Context(), &n, orm.Expr{}); err != nil || len(n) != 4 {
		t.Errorf("%d nodes, want 4: %v", len(n), err)
	}
}

func TestUniqueWithoutEffect(t *testing.T) {
	t.Parallel()
	for want, option := range map[string]odootest.Option{
		"the snapshot has no field x.nowhere.ref":          odootest.Unique("x.nowhere", "m", "ref"),
		"the snapshot has no field x.node.nothing":         odootest.Unique("x.node", "m", "nothing"),
		"x.node.tag_ids has no column in the database":     odootest.Unique("x.node", "m", "tag_ids"),
		"x.values.node_name has no column in the database": odootest.Unique("x.values", "m", "node_name"),
		"no fields of x.node":                              odootest.Unique("x.node", "m"),
	} {
		if _, err := odootest.Start(small("19.0"), option); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
