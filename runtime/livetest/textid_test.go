//go:build live

package livetest

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	orm "github.com/odoogen/odoogen/runtime"
)

// Hello is a view of the database with a text for an id, as generated.
type Hello struct {
	ID   orm.TextID[Hello] `odoo:"id"`
	Name string            `odoo:"name"`
}

func (*Hello) OdooModel() string { return "test_orm.view.str.id" }

func TestLiveTextIDs(t *testing.T) { onEach(t, liveTextIDs) }

func liveTextIDs(t *testing.T, c *orm.Client) {
	if c.Version().Major < 19 {
		return // the test models of older versions have numeric IDs
	}
	ctx := t.Context()
	id := orm.TextRel[Hello, Hello]("id")
	want := []Hello{{"hello", "test"}}
	for _, where := range []orm.Domain[Hello]{{}, orm.Eq(id, "hello"), orm.In(id, "hello", "no"), orm.NotIn(id, "no")} {
		got, err := orm.Find[Hello](ctx, c, where, orm.Asc(id))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
	}
	m := c.Model("test_orm.view.str.id")
	var one Hello
	if err := m.GetText(ctx, &one, "hello"); err != nil || one != want[0] {
		t.Errorf("%+v, %v", one, err)
	}
	if err := m.GetText(ctx, &one, "no"); !errors.Is(err, orm.ErrNoRecord) {
		t.Errorf("of an id without a record the error is %v", err)
	}
	var ids []orm.TextID[Hello]
	if err := m.Search(ctx, &ids, orm.Expr{}); err != nil || len(ids) != 1 || ids[0] != "hello" {
		t.Errorf("%v, %v", ids, err)
	}
	var read []Hello
	if err := m.Call(ctx, "read", ids, orm.Args{"fields": []string{"name"}}, &read); err != nil || !cmp.Equal(read, want) {
		t.Errorf("%v, %v", read, err)
	}
	var number []struct {
		ID orm.ID[Hello] `odoo:"id"`
	}
	var decoding *orm.DecodeError
	if err := m.Find(ctx, &number, orm.Expr{}); !errors.As(err, &decoding) || decoding.Model != "test_orm.view.str.id" || decoding.Field != "id" {
		t.Errorf("into a number: %v", err)
	}
}

// Root is account.root, the first digits of account codes. It can't be searched: the accounts lead to it.
type Root struct {
	ID     orm.TextID[Root]  `odoo:"id"`
	Name   string            `odoo:"name"`
	Parent orm.TextRef[Root] `odoo:"parent_id"`
}

func (*Root) OdooModel() string { return "account.root" }

// remove deletes a record when the test is over.
func remove(t *testing.T, m orm.Model, id int64) {
	t.Helper()
	t.Cleanup(func() {
		if err := m.Unlink(context.Background(), []int64{id}); err != nil {
			t.Error(err)
		}
	})
}

// Account is an account.
type Account struct {
	Code string            `odoo:"code"`
	Root orm.TextRef[Root] `odoo:"root_id"`
}

func (*Account) OdooModel() string { return "account.account" }

func TestLiveTextIDsOfAccounts(t *testing.T) {
	c := dialLive(t, orm.Database(env(t, "ODOO_FULL_DB")), orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	if c.Version().Major < 18 {
		return // the IDs are numbers
	}
	ctx := t.Context()
	accounts := c.Model("account.account")
	id, err := accounts.Create(ctx, orm.Args{"code": "Z9X123", "name": "odoogen"})
	if err != nil {
		t.Fatal(err)
	}
	remove(t, accounts, id)
	root := orm.TextRel[Account, Root]("root_id")
	found, err := orm.Find[Account](ctx, c, orm.And(orm.Eq(root, "Z9"), orm.Where[Account]("id", "=", id)))
	if diff := cmp.Diff([]Account{{"Z9X123", orm.TextRef[Root]{ID: "Z9", Name: "Z9"}}}, found); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	var r Root
	want := Root{"Z9", "Z9", orm.TextRef[Root]{ID: "Z", Name: "Z"}}
	if err := c.Model("account.root").GetText(ctx, &r, "Z9"); err != nil || r != want {
		t.Errorf("%+v, %v", r, err)
	}
}
