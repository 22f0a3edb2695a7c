//go:build browser

package report

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/browser"
	"github.com/odoogen/odoogen/introspect/diff"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// shop is a pair of snapshots of 960 models with hostile texts and a rename, as large as a full Odoo.
func shop(n int) (old, new *snapshot.Schema) {
	old, new = schema(), schema()
	old.Server.Series, new.Server.Series = "14.0", "19.0"
	for i := range n {
		name := fmt.Sprintf("shop.thing.%03d", i)
		m := model{Name: name, Label: fmt.Sprintf("Thing %d", i), Modules: []string{"shop"}}
		for j := range 10 {
			m.Fields = append(m.Fields, field{Name: fmt.Sprintf("f%d_%03d", j, i), Type: "char", Label: "Label <b>&amp;"})
		}
		before, after := m, m
		before.Fields = append(before.Fields[:10:10], field{Name: "gone_" + name[11:], Type: "char"}, field{Name: "state", Type: "selection", Selection: []choice{{Value: "draft", Label: "Draft"}, {Value: "done", Label: "Done"}}})
		after.Fields = append(after.Fields[:10:10], field{Name: "come_" + name[11:], Type: "integer"}, field{Name: "state", Type: "selection", Selection: []choice{{Value: "draft", Label: "Draft"}, {Value: fmt.Sprintf("s%d", i), Label: `</td><script>document.title="owned"</script>`}}})
		old.Models, new.Models = append(old.Models, before), append(new.Models, after)
	}
	for i := range 20 {
		shared := model{Name: fmt.Sprintf("stock.kind%02d", i)}
		new.Models = append(new.Models, shared)
		shared.Fields = []field{{Name: "message_unread", Type: "char"}}
		old.Models = append(old.Models, shared)
	}
	old.Models = append(old.Models, model{Name: "sale.order.line", Label: "Sales Order Line", Fields: []field{{Name: "tax_id", Type: "many2many", Relation: "account.tax", Label: "Taxes"}}})
	new.Models = append(new.Models, model{Name: "sale.order.line", Label: "Sales Order Line", Fields: []field{{Name: "tax_ids", Type: "many2many", Relation: "account.tax", Label: "Taxes"}}})
	return old, new
}

// The page in a real browser: it searches as one types, filters by class, folds, and can be looked at.
func TestPageInABrowser(t *testing.T) {
	var page bytes.Buffer
	if err := New(diff.Compare(shop(960))).WriteHTML(&page); err != nil {
		t.Fatal(err)
	}

	start := time.Now()
	ctx := browser.Open(t, page.Bytes(), 1280, 900)
	title := browser.Run(t, ctx, chromedp.Title())
	all := look(t, ctx)
	overview := browser.Run(t, ctx, chromedp.CaptureScreenshot())
	browser.Do(t, ctx, chromedp.SendKeys("#search", "sale.order tax_"))
	found := look(t, ctx)
	results := browser.Run(t, ctx, chromedp.CaptureScreenshot())
	address := browser.Run(t, ctx, chromedp.Location())
	browser.Do(t, ctx, chromedp.SendKeys("#search", strings.Repeat(kb.Backspace, len("sale.order tax_"))))
	browser.Do(t, ctx, chromedp.SendKeys("#search", "kind19 unread"))
	folded19 := look(t, ctx)
	browser.Do(t, ctx, chromedp.SendKeys("#search", strings.Repeat(kb.Backspace, len("kind19 unread"))))
	browser.Do(t, ctx, chromedp.Click(`button[data-bit="4"]`))
	breaking := look(t, ctx)
	browser.Do(t, ctx, chromedp.Click("#close"))
	folded := look(t, ctx)
	browser.Do(t, ctx, chromedp.Click(`button[data-bit="8"]`))
	withSafe := look(t, ctx)
	t.Logf("driven in %s, %d bytes", time.Since(start).Round(time.Millisecond), page.Len())
	if title != "Odoo 14.0 → Odoo 19.0" {
		t.Errorf("the title is %q", title)
	}
	if all.Groups != 962 || all.Rows != 960*3+2 {
		t.Errorf("at first %+v", all)
	}
	if found != (seen{Groups: 1, Rows: 1, Open: 1, Text: "1 row in 1 group"}) || !bytes.Contains([]byte(address), []byte("q=sale.order+tax_")) {
		t.Errorf("after a search %+v at %s", found, address)
	}
	if folded19.Rows != 1 {
		t.Errorf("what is reported as one is not found by its parts: %+v", folded19)
	}
	if breaking.Rows != 960*2+2 {
		t.Errorf("without the behavioural ones %+v", breaking)
	}
	if folded.Open != 0 || folded.Rows != breaking.Rows {
		t.Errorf("folded %+v", folded)
	}
	if withSafe.Rows != 960*3+2 {
		t.Errorf("with the safe ones %+v", withSafe)
	}
	browser.Keep(t, "diff.png", overview)
	browser.Keep(t, "diff-search.png", results)
}

// seen is what the page shows.
type seen struct {
	Groups int    `json:"groups"`
	Rows   int    `json:"rows"`
	Open   int    `json:"open"`
	Text   string `json:"text"`
}

func look(t *testing.T, ctx context.Context) seen {
	t.Helper()
	return browser.Run(t, ctx, chromedp.Evaluate[seen](`({
		groups: document.querySelectorAll("details:not([hidden])").length,
		rows: document.querySelectorAll("details:not([hidden]) tr:not([hidden])").length,
		open: document.querySelectorAll("details[open]:not([hidden])").length,
		text: document.querySelector("#found").textContent,
	})`))
}
