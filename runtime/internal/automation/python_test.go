package automation

import (
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
)

func TestFilterIsPython(t *testing.T) {
	where := orm.And(orm.Where[any]("name", "=", "d'Or \"é\" \n\\ 😀"), orm.Or(orm.Where[any]("active", "=", true), orm.Where[any]("parent_id", "in", []int64{1, 2}),
		orm.Where[any]("comment", "=", false), orm.Where[any]("x", "=", nil)))
	got, err := Filter(where)
	if err != nil {
		t.Fatal(err)
	}
	const want = `["&", ["name", "=", "d'Or \"\u00e9\" \n\\ \U0001f600"], "|", ["active", "=", True], "|", ["parent_id", "in", [1, 2]], "|", ["comment", "=", False], ["x", "=", None]]`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
