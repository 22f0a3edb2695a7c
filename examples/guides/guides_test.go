package guides_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/examples/guides"
	"github.com/odoogen/odoogen/examples/guides/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// onEach runs a test on Odoo servers of both versions within the test.
func onEach(t *testing.T, test func(t *testing.T, c *orm.Client)) {
	t.Helper()
	for _, version := range []string{"14", "19"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			server := odootest.NewFrom(t, "snapshots/"+version+".json")
			if err := server.SeedJSON([]byte(seed)); err != nil {
				t.Fatal(err)
			}
			c, err := server.Dial(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			test(t, c)
		})
	}
}

const seed = `{
 "res.company": [{"name": "Branch"}],
 "product.product": [{"default_code": "CHAIR", "name": "Chair"}, {"name": "No code"}]
}`

func TestExportStock(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		var out bytes.Buffer
		if err := guides.ExportStock(t.Context(), c, "en_US", &out); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "Branch,CHAIR,Chair,0,0\n") || strings.Contains(out.String(), "No code") {
			t.Errorf("exported\n%s", &out)
		}
	})
}

func TestImportPartners(t *testing.T) { onEach(t, testImportPartners) }

func testImportPartners(t *testing.T, c *orm.Client) {
	t.Helper()
	ctx, mark := t.Context(), t.Name()
	file := fmt.Sprintf("%[1]s-1,Ann,ann@example.com\n%[1]s-2,Ben,ben@example.com\n", mark)
	for _, want := range []string{"2 created, 0 unchanged", "0 created, 2 unchanged"} {
		report, err := guides.ImportPartners(ctx, c, strings.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%d created, %d unchanged", report.Created, report.Unchanged); got != want || len(report.Failed) > 0 {
			t.Errorf("%s, %v, want %s", got, report.Failed, want)
		}
	}
	if _, err := guides.ImportPartners(ctx, c, strings.NewReader("only one column\n")); err == nil || !strings.Contains(err.Error(), "want 3 columns") {
		t.Errorf("a file with one column: %v", err)
	}
}

func TestAttachments(t *testing.T) { onEach(t, testAttachments) }

func testAttachments(t *testing.T, c *orm.Client) {
	t.Helper()
	ctx := t.Context()
	id := newPartner(t, c)
	var out bytes.Buffer
	if err := guides.AttachAndReadBack(ctx, c, id, "offer.txt", strings.NewReader("a chair"), &out); err != nil || out.String() != "a chair" {
		t.Errorf("read back %q, %v", &out, err)
	}
	names, err := guides.Attachments(ctx, c, id)
	if err != nil || len(names) != 1 || names[0] != "offer.txt" {
		t.Errorf("the files are %q, %v", names, err)
	}
}

// newPartner is a partner that the test removes.
func newPartner(t *testing.T, c *orm.Client) orm.ID[odoo.ResPartner] {
	t.Helper()
	id, err := orm.Create(t.Context(), c, odoo.ResPartnerValues{Name: orm.Set("Ann")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := orm.Unlink(context.Background(), c, orm.On(id)); err != nil {
			t.Error(err)
		}
	})
	return id
}

func TestCustomField(t *testing.T) { onEach(t, testCustomField) }

func testCustomField(t *testing.T, c *orm.Client) {
	t.Helper()
	ctx := t.Context()
	if err := guides.AddScore(ctx, c); err != nil {
		t.Fatal(err)
	}
	id := newPartner(t, c)
	if err := guides.SetScore(ctx, c, id, 7); err != nil {
		t.Fatal(err)
	}
	best, err := guides.Best(ctx, c, 7)
	if err != nil || len(best) != 1 || best[0].Name != "Ann" || best[0].Score != 7 {
		t.Errorf("the best are %+v, %v", best, err)
	}
}

func TestRights(t *testing.T) {
	for _, version := range []string{"14", "19"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			server := odootest.NewFrom(t, "snapshots/"+version+".json", odootest.User("admin", "admin"),
				odootest.User("bot", "secret", odootest.Rights("product.product", "read"), odootest.Rights("res.partner", "read", "write"), odootest.Rights("ir.attachment", "read", "create")))
			c, err := server.Dial(t.Context(), orm.Password("bot", "secret"))
			if err != nil {
				t.Fatal(err)
			}
			if missing, err := guides.CheckRights(t.Context(), c); err != nil || fmt.Sprint(missing) != "[create res.partner]" {
				t.Errorf("missing %v, %v", missing, err)
			}
		})
	}
}

func TestMetrics(t *testing.T) {
	server := odootest.NewFrom(t, "snapshots/19.json")
	var m guides.Metrics
	c, err := server.Dial(t.Context(), orm.Intercept(m.Interceptor()), orm.Retries(0))
	if err != nil {
		t.Fatal(err)
	}
	server.Inject(odootest.On{Model: "res.partner", Times: 1}, odootest.Raise("odoo.exceptions.AccessError", "No"))
	if _, err := orm.Count(t.Context(), c, orm.AllOf[odoo.ResPartner]()); err == nil {
		t.Error("the call did not fail")
	}
	if _, err := orm.Count(t.Context(), c, orm.AllOf[odoo.ResPartner]()); err != nil {
		t.Error(err)
	}
	if m.Calls["res.partner.search_count"] != 2 || m.Failed["access"] != 1 || m.Took == 0 {
		t.Errorf("%+v", m.Calls)
	}
}
