//go:build live

package livetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
)

// tagWalk is a set of tags to walk through.
type tagWalk struct {
	c     *orm.Client
	name  string
	where orm.Domain[Tag]
}

// newTags makes n tags whose order by name is that of the ids turned round.
func newTags(t *testing.T, c *orm.Client, n int) (tagWalk, []orm.ID[Tag]) {
	t.Helper()
	w := tagWalk{c: c, name: fmt.Sprintf("odoogen-%d-", time.Now().UnixNano())}
	w.where = orm.EqLike(TagF.Name, w.name+"%")
	t.Cleanup(func() {
		ctx := context.Background()
		left, err := orm.IDs(ctx, c, w.where)
		if err = errors.Join(err, orm.Unlink(ctx, c, left)); err != nil {
			t.Error(err)
		}
	})
	values := make([]TagValues, n)
	for i := range values {
		values[i].Name = orm.Set(w.label(n - i))
	}
	ids := must[[]orm.ID[Tag]](t)(orm.CreateMany(t.Context(), c, values))
	return w, ids
}

func (w tagWalk) label(i int) string { return fmt.Sprintf("%s%05d", w.name, i) }

func (w tagWalk) add(t *testing.T, label int) orm.ID[Tag] {
	t.Helper()
	return must[orm.ID[Tag]](t)(orm.Create(t.Context(), w.c, TagValues{Name: orm.Set(w.label(label))}))
}

// walk gives the ids in the order in which they come. at is called with each.
func (w tagWalk) walk(t *testing.T, at func(n int, id orm.ID[Tag]), options ...orm.WalkOption) []orm.ID[Tag] {
	t.Helper()
	var ids []orm.ID[Tag]
	for tag, err := range orm.All[Tag](t.Context(), w.c, w.where, options...) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, tag.ID)
		if at != nil {
			at(len(ids), tag.ID)
		}
	}
	return ids
}

func reversed[T any](list []T) []T {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

func TestLivePagesWhileRecordsComeAndGo(t *testing.T) { onEach(t, livePagesWhileRecordsComeAndGo) }

func livePagesWhileRecordsComeAndGo(t *testing.T, c *orm.Client) {
	for name, test := range map[string]struct {
		options []orm.WalkOption
		ordered bool
	}{
		"by id":      {[]orm.WalkOption{orm.PageSize(4)}, false},
		"in order":   {[]orm.WalkOption{orm.PageSize(4), orm.Asc(TagF.Name)}, true},
		"turned":     {[]orm.WalkOption{orm.PageSize(4), orm.Desc(TagF.ID)}, true},
		"prefetched": {[]orm.WalkOption{orm.PageSize(4), orm.Prefetch()}, false},
	} {
		w, want := newTags(t, c, 12)
		if test.ordered {
			want = reversed(want)
		}
		var added orm.ID[Tag]
		got := w.walk(t, func(n int, id orm.ID[Tag]) {
			if n != 2 {
				return
			}
			// One goes that has come, one of a later page, and one of the last; two are added, at either end of the order.
			if err := orm.Unlink(t.Context(), c, orm.On(want[0], want[9], want[11])); err != nil {
				t.Fatal(err)
			}
			added = w.add(t, 0)
			w.add(t, 99999)
		}, test.options...)
		old := slices.DeleteFunc(slices.Clone(got), func(id orm.ID[Tag]) bool { return id >= added })
		left := slices.Concat(want[:9], want[10:11])
		// A page that was read ahead still has what was deleted then; the last page came later.
		if !slices.Equal(old, left) || len(slices.Compact(slices.Sorted(slices.Values(got)))) != len(got) {
			t.Errorf("%s: got %v, want %v", name, got, left)
		}
		if n := len(got) - len(old); test.ordered && n != 0 || !test.ordered && n != 2 {
			t.Errorf("%s: %d of the records that were added meanwhile", name, n)
		}
	}
}

func TestLivePagesOfThousands(t *testing.T) {
	password := orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"))
	c := dialLive(t, password)
	const n = 3000
	w, ids := newTags(t, c, n)
	for name, test := range map[string]struct {
		options []orm.WalkOption
		want    []orm.ID[Tag]
	}{
		"by id":           {nil, ids},
		"in order":        {[]orm.WalkOption{orm.Asc(TagF.Name)}, reversed(ids)},
		"prefetched":      {[]orm.WalkOption{orm.Prefetch(), orm.PageSize(400)}, ids},
		"limit":           {[]orm.WalkOption{orm.Limit(1001)}, ids[:1001]},
		"offset":          {[]orm.WalkOption{orm.Offset(2499), orm.Asc(TagF.ID)}, ids[2499:]},
		"offset, limit":   {[]orm.WalkOption{orm.Offset(1), orm.Limit(1000), orm.Desc(TagF.Name)}, ids[1:1001]},
		"resume":          {[]orm.WalkOption{orm.After(ids[1700])}, ids[1701:]},
		"resume in order": {[]orm.WalkOption{orm.Asc(TagF.Name), orm.After(ids[1700]), orm.Limit(700)}, reversed(ids[1000:1700])},
	} {
		if got := w.walk(t, nil, test.options...); !slices.Equal(got, test.want) {
			t.Errorf("%s: %d records, want %d", name, len(got), len(test.want))
		}
	}
}

// A walk finds what a search finds, on the models that hide records in ways of their own.
func TestLivePagesOfModelsThatHide(t *testing.T) { onEach(t, livePagesOfModelsThatHide) }

func livePagesOfModelsThatHide(t *testing.T, c *orm.Client) {
	for _, name := range []string{"ir.attachment", "ir.ui.menu", "mail.message", "res.users"} {
		m := c.Model(name)
		var want, got []int64
		if err := m.Search(t.Context(), &want, orm.Expr{}); err != nil {
			t.Fatal(err)
		}
		var row struct {
			ID int64 `odoo:"id"`
		}
		m.Each(t.Context(), &row, orm.Expr{}, func(err error) bool {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			got = append(got, row.ID)
			return true
		}, orm.PageSize(max(1, len(want)/3)))
		if slices.Sort(want); !slices.Equal(got, want) {
			t.Errorf("%s: a walk finds %d records, a search %d", name, len(got), len(want))
		}
	}
}

func TestLivePagesNeedNumbers(t *testing.T) { onEach(t, livePagesNeedNumbers) }

func livePagesNeedNumbers(t *testing.T, c *orm.Client) {
	if c.Version().Major < 19 {
		return // the test models of older versions have numeric IDs
	}
	var row struct {
		Name string `odoo:"name"`
	}
	for _, order := range [][]orm.WalkOption{nil, {orm.Asc(orm.Field[struct{}, string]("name"))}} {
		var errs []string
		c.Model("test_orm.view.str.id").Each(t.Context(), &row, orm.Expr{}, func(err error) bool {
			errs = append(errs, fmt.Sprint(err))
			return true
		}, order...)
		if len(errs) != 1 || !strings.Contains(errs[0], "is not a number") {
			t.Errorf("got %v", errs)
		}
	}
}
