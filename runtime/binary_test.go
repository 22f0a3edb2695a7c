package orm

import (
	"encoding/json"
	"strings"
	"testing"
)

// The value of some computed binaries is no file.
func TestBinariesThatAreNoFilesAreReadRaw(t *testing.T) {
	type groups struct {
		Amount json.RawMessage `odoo:"amount_by_group"`
		Params json.RawMessage `odoo:"params"`
	}
	answer := resultOf(`[{"id":1,"amount_by_group":[["Tax",15.0,["a"]]],"params":{"a":{"b":1}}},{"id":2,"amount_by_group":false,"params":"aGVsbG8="}]`)
	got, err := Find[groups](t.Context(), dialFake(t, &fakeOdoo{Object: answerAll(answer)}), Domain[sale]{})
	if err != nil || string(got[0].Amount) != `[["Tax",15.0,["a"]]]` || string(got[0].Params) != `{"a":{"b":1}}` ||
		string(got[1].Amount) != "false" || string(got[1].Params) != `"aGVsbG8="` {
		t.Errorf("%s, %v", got, err)
	}
}

// Fields that are known not to be base64 are neither read as such nor written.
func TestBytesForAFieldThatIsNotBase64AreAnErrorBeforeTheCall(t *testing.T) {
	f := &fakeOdoo{Object: answerAll(resultOf("true"))}
	c := dialFake(t, f)
	attachments, ctx := c.Model("ir.attachment"), t.Context()
	type row struct {
		Raw []byte `odoo:"raw"`
	}
	type message struct {
		Files []row `odoo:"attachment_ids"`
	}
	type values struct {
		Raw Opt[[]byte] `odoo:"raw"`
	}
	var ids []int64
	_, create := attachments.Create(ctx, values{Raw: Set([]byte("a"))})
	_, copied := attachments.Copy(ctx, 7, Args{"raw": []byte("a")})
	for what, err := range map[string]error{
		"Find":       attachments.Find(ctx, new([]row), Expr{}),
		"Read":       attachments.Read(ctx, new([]row), []int64{7}),
		"nested":     c.Model("mail.message").Find(ctx, new([]message), Expr{}),
		"Defaults":   attachments.DefaultGet(ctx, new(row)),
		"Create":     create,
		"CreateMany": c.Model("product.document").CreateMany(ctx, &ids, []any{&values{}, &values{Raw: Set([]byte("a"))}}),
		"Write":      attachments.Write(ctx, []int64{7}, map[string]any{"raw": []byte("a")}),
		"Copy":       copied,
	} {
		if err == nil || !strings.Contains(err.Error(), "not base64") || !strings.Contains(err.Error(), `use "datas"`) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if calls := f.Log(); len(calls) > 0 {
		t.Errorf("the server was called: %s", calls)
	}
	if _, err := c.Model("account.move").Create(ctx, Args{"tax_totals": []byte("a")}); err == nil || !strings.Contains(err.Error(), "use a json.RawMessage") {
		t.Errorf("account.move.tax_totals: %v", err)
	}
	if err := attachments.Write(ctx, []int64{7}, values{}); err != nil {
		t.Errorf("an absent value: %v", err)
	}
}
