//go:build live

package guides_test

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/odoogen/odoogen/examples/guides"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/admin"
	"github.com/odoogen/odoogen/runtime/schema"

	"github.com/odoogen/odoogen/examples/guides/odoo"
)

func dialLive(t *testing.T) *orm.Client {
	t.Helper()
	login := orm.Password(os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD"))
	c, err := orm.Dial(t.Context(), os.Getenv("ODOO_URL"), orm.Database(os.Getenv("ODOO_FULL_DB")), login, schema.Verify(odoo.Schema))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLiveExportStock(t *testing.T) {
	var out bytes.Buffer
	if err := guides.ExportStock(t.Context(), dialLive(t), "en_US", &out); err != nil {
		t.Fatal(err)
	}
	if bytes.Count(out.Bytes(), []byte("\n")) < 2 {
		t.Errorf("exported %q", &out)
	}
}

func TestLiveImportPartners(t *testing.T) {
	c := dialLive(t)
	t.Cleanup(func() {
		ids, err := orm.IDs(context.Background(), c, orm.Like(odoo.ResPartnerF.Ref, t.Name()+"-%"))
		if err == nil {
			err = orm.Unlink(context.Background(), c, ids)
		}
		if err != nil {
			t.Error(err)
		}
	})
	testImportPartners(t, c)
}

func TestLiveAttachments(t *testing.T) { testAttachments(t, dialLive(t)) }

func TestLiveCustomField(t *testing.T) {
	c := dialLive(t)
	t.Cleanup(func() {
		if err := admin.DeleteField(context.Background(), c, "res.partner", "x_score"); err != nil {
			t.Error(err)
		}
	})
	testCustomField(t, c)
}

func TestLiveRights(t *testing.T) {
	if missing, err := guides.CheckRights(t.Context(), dialLive(t)); err != nil || len(missing) > 0 {
		t.Errorf("the administrator lacks %v, %v", missing, err)
	}
}
