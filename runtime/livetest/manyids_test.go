//go:build live

package livetest

import (
	"errors"
	"fmt"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

// Odoo 14 breaks on a condition with some 4,000 parts: many ids and many names are lists.
func TestLiveManyIDs(t *testing.T) { onEach(t, liveManyIDs) }

func liveManyIDs(t *testing.T, c *orm.Client) {
	const many = 6000
	f, ctx := newFixture(t, c), t.Context()
	ids, names := []orm.ID[Partner]{f.ann}, []string{"base.main_partner"}
	for i := range many {
		ids, names = append(ids, orm.ID[Partner](100_000_000+i)), append(names, fmt.Sprintf("odoogen_%d.gone_%d", i%150, i))
	}
	if n := must[int](t)(orm.Count(ctx, c, orm.In(PartnerF.ID, ids...))); n != 1 {
		t.Errorf("In: %d", n)
	}
	if n := must[int](t)(orm.Count(ctx, c, orm.And(orm.In(PartnerF.ID, f.ann), orm.Not(orm.In(PartnerF.ID, ids[1:]...))))); n != 1 {
		t.Errorf("not In: %d", n)
	}
	if found := must[[]orm.ID[Partner]](t)(orm.Existing(ctx, c, ids)); len(found) != 1 || found[0] != f.ann {
		t.Errorf("Existing: %v", found)
	}
	if found := must[map[orm.ID[Partner]][]string](t)(xmlid.Of(ctx, c, ids)); len(found) != 0 {
		t.Errorf("XMLIDsOf: %v", found)
	}
	if found, err := xmlid.References(ctx, c, names); !errors.Is(err, orm.ErrNoRecord) || len(found) != 1 {
		t.Errorf("XMLIDs: %v", found)
	}
	if n := must[int](t)(orm.Count(ctx, c, orm.Any(PartnerF.ParentID, orm.In(PartnerF.ID, ids...)))); n == 0 {
		t.Error("no child of the partner is found")
	}
}

// A count with a limit ends there, on every version.
func TestLiveCountWithALimit(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		if n := must[int](t)(orm.Count(t.Context(), c, orm.AllOf[Partner](), orm.Limit(2))); n != 2 {
			t.Errorf("counted %d", n)
		}
	})
}
