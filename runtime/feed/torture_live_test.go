//go:build live

package feed_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
)

// holdOpen is Python that leaves the transaction open for a while, and then writes or makes a partner.
const holdOpen = `
values = env.context['feed_values']
env.cr.execute("SELECT pg_sleep(%s)", [env.context['feed_seconds']])
if env.context['feed_id']:
    env['res.partner'].browse(env.context['feed_id']).write(values)
    action = {'made': 0}
else:
    action = {'made': env['res.partner'].create(values).id}
`

// TestLiveTorture is TestTorture on a real server, with a consumer that has no administrator's rights. The outbox is in the
// database with the module base_automation.
func TestLiveTorture(t *testing.T) {
	for source, database := range map[string]string{"polling": "ODOO_DB", "outbox": "ODOO_FULL_DB"} {
		t.Run(source, func(t *testing.T) { liveTorture(t, source, os.Getenv(database)) })
	}
}

func liveTorture(t *testing.T, source, database string) {
	ctx := t.Context()
	c, err := orm.Dial(ctx, os.Getenv("ODOO_URL"), orm.Database(database), orm.Password(os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")))
	if err != nil {
		t.Fatal(err)
	}
	prefix := fmt.Sprint("tortured", time.Now().UnixNano())
	w := &torture{
		t: t, c: c, prefix: prefix, overlap: 90 * time.Second, settle: 60 * time.Second,
		writing: tortureTime(t, 30*time.Second), kill: [2]time.Duration{time.Second, 4 * time.Second},
		env: []string{"FEED_TORTURE=feed", "ODOO_DB=" + database, "ODOO_USER=demo", "ODOO_PASSWORD=demo"},
	}
	t.Cleanup(func() { w.removeAll() })
	actions := c.Model("ir.actions.server")
	var models []int64
	if err := c.Model("ir.model").Search(ctx, &models, orm.Expr(orm.Where[any]("model", "=", "res.partner"))); err != nil || len(models) != 1 {
		t.Fatal(models, err)
	}
	action, err := actions.Create(ctx, orm.Args{"name": prefix, "model_id": models[0], "state": "code", "code": holdOpen})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := actions.Unlink(context.WithoutCancel(ctx), []int64{action}); err != nil {
			t.Error(err)
		}
	})
	w.hold = func(ctx context.Context, _ *orm.Client, id orm.ID[odoo.ResPartner], ref, name string) (orm.ID[odoo.ResPartner], error) {
		values := map[string]any{"name": name}
		if id == 0 {
			values["ref"] = ref
		}
		var result struct {
			Made orm.ID[odoo.ResPartner] `odoo:"made"`
		}
		seconds := 1 + rand.N(min(20, int(w.writing/time.Second/2)))
		err := actions.Call(ctx, "run", []int64{action}, nil, &result, orm.Context{"feed_id": int64(id), "feed_values": values, "feed_seconds": seconds})
		return result.Made, err
	}
	if source == "outbox" {
		name := fmt.Sprint("t", time.Now().UnixNano())
		t.Cleanup(func() {
			if err := feed.Uninstall(context.WithoutCancel(ctx), c, name); err != nil {
				t.Error(err)
			}
		})
		w.install(name)
	}
	got, want, h := w.run()
	w.check(got, want, h)
	w.report(h)
}

// removeAll removes the partners, those that no longer match and the children too.
func (w *torture) removeAll() {
	ctx := context.WithoutCancel(w.t.Context())
	ids, err := orm.IDs(ctx, w.c, orm.Like(p.Name, "%"+w.prefix+"%"), orm.Archived())
	if err == nil && len(ids) > 0 {
		err = orm.Unlink(ctx, w.c, ids)
	}
	if err != nil {
		w.t.Error(err)
	}
}
