package odootest_test

import (
	"errors"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/access"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// bob may read everything but the tag "secret", write tags, and nothing else.
func bob(t *testing.T, series string) (*odootest.Server, *orm.Client) {
	t.Helper()
	s := odootest.New(t, small(series), odootest.User("admin", "admin"), odootest.User("bob", "bob", odootest.Name("Bob"),
		odootest.Rights("*", "read"), odootest.Rights("x.tag", "read", "write", "create"),
		odootest.Rules(odootest.RecordRule{Name: "no secrets", Model: "x.tag", Domain: []any{[]any{"name", "!=", "secret"}}})))
	create(t, s, "x.tag", map[string]any{"name": "secret"})
	create(t, s, "x.tag", map[string]any{"name": "open"})
	c, err := s.Dial(t.Context(), orm.Password("bob", "bob"))
	must(t, err)
	return s, c
}

func TestRights(t *testing.T) {
	t.Parallel()
	s, c := bob(t, "19.0")
	ctx, tags := t.Context(), c.Model("x.tag")
	must(t, tags.Write(ctx, []int64{2}, orm.Args{"name": "changed"}))
	_, err := tags.Create(ctx, orm.Args{"name": "new"})
	must(t, err)
	err = tags.Unlink(ctx, []int64{2})
	var e *orm.Error
	if !errors.As(err, &e) || !errors.Is(err, orm.ErrAccess) || e.Message != "You are not allowed to delete 'Tag' (x.tag) records.\n\n"+
		"No group currently allows this operation.\n\nContact your administrator to request access if necessary." {
		t.Errorf("unlink: %v", err)
	}
	if _, err := c.Model("x.node").Create(ctx, orm.Args{"name": "n"}); !errors.Is(err, orm.ErrAccess) {
		t.Errorf("create: %v", err)
	}
	may, err := access.ToModel(ctx, c, "x.tag", nil, access.Unlink)
	equal(t, "may unlink", may, false)
	must(t, err)
	must(t, s.Backstage().Model("x.tag").Unlink(ctx, []int64{2}))
	must(t, dial(t, s).Model("x.tag").Unlink(ctx, []int64{1}))
}

func TestSudo(t *testing.T) {
	t.Parallel()
	s, c := bob(t, "19.0")
	s.Method("x.tag", "purge", func(call odootest.Call) (any, error) {
		if err := call.Unlink("x.tag", call.IDs); err == nil {
			t.Error("bob may unlink without sudo")
		}
		return true, call.Sudo(func() error { return call.Unlink("x.tag", call.IDs) })
	})
	must(t, c.Model("x.tag").Call(t.Context(), "purge", []int64{2}, nil, nil))
	kw(t, s, "x.tag", "search", []any{[]any{}}, nil).result(t, `[1]`)
}

func TestRecordRules(t *testing.T) {
	t.Parallel()
	for series, want := range map[string]string{
		"14.0": "Due to security restrictions, you are not allowed to modify 'Tag' (x.tag) records.\n\nRecords: secret (id=1)\nUser: Bob (id=3)\n\n" +
			"This restriction is due to the following rules:\n- no secrets\n\nContact your administrator to request access if necessary.",
		"19.0": "Uh-oh! Looks like you have stumbled upon some top-secret records.\n\nSorry, Bob (id=3) doesn't have 'write' access to:\n- Tag (x.tag)\n\n" +
			"If you really, really need access, perhaps you can win over your friendly administrator with a batch of freshly baked cookies.",
	} {
		_, c := bob(t, series)
		ctx, tags := t.Context(), c.Model("x.tag")
		var ids []int64
		must(t, tags.Search(ctx, &ids, orm.Expr{}))
		equal(t, "found", ids, []int64{2})
		var e *orm.Error
		if err := tags.Write(ctx, []int64{1, 2}, orm.Args{"name": "x"}); !errors.As(err, &e) || e.Message != want {
			t.Errorf("%s: %v", series, err)
		}
		_, created := tags.Create(ctx, orm.Args{"name": "secret"})
		_, copied := tags.Copy(ctx, 1, nil)
		for what, err := range map[string]error{
			"read":   tags.Call(ctx, "read", []int64{1}, nil, nil),
			"create": created,
			"copy":   copied,
		} {
			if !errors.Is(err, orm.ErrAccess) {
				t.Errorf("%s %s: %v", series, what, err)
			}
		}
	}
}
