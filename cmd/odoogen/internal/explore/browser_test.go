//go:build browser

package explore

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/browser"
	"github.com/odoogen/odoogen/cmd/odoogen/internal/describe"
	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// large is the stock snapshot, and 920 models more with hostile texts: as many as a full Odoo has.
func large(t *testing.T) []byte {
	t.Helper()
	s, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 920 {
		m := snapshot.Model{Name: fmt.Sprintf("x.thing.%03d", i), Label: `</script><script>document.title="owned"</script>`}
		for j := range 22 {
			m.Fields = append(m.Fields, snapshot.Field{Name: fmt.Sprintf("f%02d", j), Type: "many2one", Relation: "res.partner", Label: "<b>Label</b>", Help: "\u2028*/"})
		}
		s.Models = append(s.Models, m)
	}
	config := generator.DefaultConfig()
	config.AutoRename = true
	plan, err := generator.Plan(s, config)
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := Write(&page, s, describe.New(s, plan), "odoo"); err != nil {
		t.Fatal(err)
	}
	return page.Bytes()
}

// shown is the text of the elements that a selector finds.
func shown(t *testing.T, ctx context.Context, selector string) string {
	t.Helper()
	return browser.Run(t, ctx, chromedp.Evaluate[string](fmt.Sprintf(`[...document.querySelectorAll(%q)].map(e => e.textContent).join("\n")`, selector)))
}

func wants(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: no %q in %.300q", what, part, text)
		}
	}
}

// The page in a real browser: it is searched as one types, opened by the keyboard, and shows models, fields and maps.
func TestExplorerInABrowser(t *testing.T) {
	ctx := browser.Open(t, large(t), 1400, 1000)
	rows := func() int {
		return browser.Run(t, ctx, chromedp.Evaluate[int](`document.querySelectorAll("main tr").length - 1`))
	}
	if n := rows(); n != 960 {
		t.Errorf("%d models at first", n)
	}
	took := browser.Run(t, ctx, chromedp.Evaluate[float64](`performance.getEntriesByType("navigation")[0].domComplete`))
	t.Logf("960 models: complete after %.0f ms", took)

	browser.Do(t, ctx, chromedp.SendKeys("#search", "sale.order state"))
	wants(t, "the search", shown(t, ctx, "main td"), "sale.order/state", "Status")
	browser.Keep(t, "explore-search.png", browser.Run(t, ctx, chromedp.CaptureScreenshot()))
	browser.Do(t, ctx, chromedp.SendKeys("#search", kb.ArrowDown+kb.Enter))
	if address := browser.Run(t, ctx, chromedp.Location()); !strings.HasSuffix(address, "#/sale.order/state") {
		t.Errorf("the first match is %s", address)
	}
	wants(t, "the field", shown(t, ctx, "#field"), "SaleOrderStateDraft", "orm.Eq(odoo.SaleOrderF.State, odoo.SaleOrderStateDraft)", "State orm.Opt[SaleOrderState]")
	wants(t, "the model", shown(t, ctx, "main"), "odoo.NewSaleOrderClient(c)", "action_confirm", "SaleOrderReportSaleorder")
	wants(t, "the map", shown(t, ctx, "#map"), "res.partner ×4", "project.task", "more are not drawn")
	browser.Keep(t, "explore-field.png", browser.Run(t, ctx, chromedp.CaptureScreenshot()))

	browser.Do(t, ctx, chromedp.Evaluate[chromedp.Void](`location.hash = "#/x.thing.000"`))
	wants(t, "a hostile model", shown(t, ctx, "main h2"), `x.thing.000 </script><script>document.title="owned"</script>`)
	if title := browser.Run(t, ctx, chromedp.Title()); title != "x.thing.000 · Odoo" {
		t.Errorf("the title is %q", title)
	}
	browser.Do(t, ctx, chromedp.Evaluate[chromedp.Void](`location.hash = "#/no.such"`))
	wants(t, "a model that is not there", shown(t, ctx, "main"), "The snapshot has no model no.such.")
}

// On a phone, the map is below the model's name and nothing is wider than the page.
func TestNarrowExplorerInABrowser(t *testing.T) {
	ctx := browser.Open(t, large(t), 500, 900)
	browser.Do(t, ctx, chromedp.Evaluate[chromedp.Void](`location.hash = "#/res.partner"`))
	wants(t, "the map", shown(t, ctx, "#map"), "res.partner", "x.thing.000 ×22", "res.users ×7")
	if over := browser.Run(t, ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - innerWidth`)); over > 0 {
		t.Errorf("the page is %d pixels wider than the window", over)
	}
	browser.Keep(t, "explore-narrow.png", browser.Run(t, ctx, chromedp.CaptureScreenshot()))
}
