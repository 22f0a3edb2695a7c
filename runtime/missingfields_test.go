package orm

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

type userRow struct {
	ID    int64  `odoo:"id"`
	Login string `odoo:"login"`
	Group bool   `odoo:"in_group_1"`
}

// leavesOut answers search_read without in_group_1, as Odoo 17 and 18 do, and read with what is given.
func leavesOut(read string) *fakeOdoo {
	return &fakeOdoo{Object: func(c fakeCall) string {
		switch c.Method {
		case "search_read":
			return resultOf(`[{"id":1,"login":"a"},{"id":2,"login":"b","in_group_1":false},{"id":3,"login":"c"}]`)
		case "search":
			return resultOf(`[]`)
		}
		return resultOf(read)
	}}
}

func TestFieldsThatTheAnswerLacksAreReadAgain(t *testing.T) {
	f := leavesOut(`[{"id":3,"in_group_1":true},{"id":1,"in_group_1":true}]`)
	c := dialFake(t, f)
	want := []userRow{{1, "a", true}, {2, "b", false}, {3, "c", true}}
	var found, walked []userRow
	if err := c.Model("res.users").Find(t.Context(), &found, Expr{}); err != nil || !slices.Equal(found, want) {
		t.Errorf("Find: %v, %v", found, err)
	}
	if got, want := f.Log()[1].String(), `res.users.read [[1,3],["in_group_1"]] {}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var row userRow
	c.Model("res.users").Each(t.Context(), &row, Expr{}, func(err error) bool {
		if err != nil {
			t.Error(err)
		}
		walked = append(walked, row)
		return err == nil
	})
	if !slices.Equal(walked, want) {
		t.Errorf("Each: %v", walked)
	}
}

func TestFieldsThatNoAnswerHasAreAnError(t *testing.T) {
	c := dialFake(t, leavesOut(`[{"id":1},{"id":3}]`))
	users, rows := c.Model("res.users"), []userRow{{ID: 1}, {ID: 3}}
	type nested struct {
		ID    int64     `odoo:"id"`
		Users []userRow `odoo:"user_ids"`
	}
	old := dialFake(t, &fakeOdoo{Major: 16, Object: func(c fakeCall) string {
		switch {
		case c.Method == "fields_get":
			return resultOf(`{"user_ids":{"type":"one2many","relation":"res.users"}}`)
		case c.Model == "res.users":
			return resultOf(`[{"id":1,"login":"a"}]`)
		}
		return resultOf(`[{"id":7,"user_ids":[1]}]`)
	}})
	for what, err := range map[string]error{
		"Find":   users.Find(t.Context(), new([]userRow), Expr{}),
		"Read":   users.Read(t.Context(), new([]userRow), []int64{1, 3}),
		"Fill":   users.Fill(t.Context(), rows, Include(Field[any, bool]("in_group_1"))),
		"nested": old.Model("res.groups").Find(t.Context(), new([]nested), Expr{}),
	} {
		e, ok := errors.AsType[*DecodeError](err)
		if !ok || !strings.Contains(e.Error(), "in_group_1") || e.Model == "" || e.ID == 0 || !strings.Contains(e.Error(), "not in the answer") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A target that is gone has its id alone.
func TestTargetsThatAreGoneAreNotAGap(t *testing.T) {
	type group struct {
		ID    int64     `odoo:"id"`
		Users []userRow `odoo:"user_ids"`
	}
	c := dialFake(t, &fakeOdoo{Major: 17, Object: answerAll(resultOf(`{"records":[{"id":7,"user_ids":[{"id":1,"login":"a","in_group_1":true},{"id":2}]}]}`))})
	var rows []group
	if err := c.Model("res.groups").Find(t.Context(), &rows, Expr{}); err != nil || rows[0].Users[1] != (userRow{ID: 2}) {
		t.Errorf("got %v, %v", rows, err)
	}
}
