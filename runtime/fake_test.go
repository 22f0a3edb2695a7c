package orm

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/fakeodoo"
)

// The records below are written like generated ones.

type partner struct{}

func (*partner) OdooModel() string { return "res.partner" }

type line struct{}

func (*line) OdooModel() string { return "sale.order.line" }

type sale struct {
	ID      ID[sale]     `odoo:"id"`
	Name    string       `odoo:"name"`
	Partner Ref[partner] `odoo:"partner_id"`
	Lines   []ID[line]   `odoo:"order_line"`
	Image   []byte       `odoo:"image,ondemand"`
	Margin  float64      `odoo:"margin,ondemand"`
}

func (*sale) OdooModel() string { return "sale.order" }

type saleValues struct {
	Name    Opt[string]      `odoo:"name"`
	Partner Opt[ID[partner]] `odoo:"partner_id"`
	Lines   []Command[line]  `odoo:"order_line"`
}

func (saleValues) OdooRecord() *sale { return nil }

type lineValues struct {
	Quantity Opt[float64] `odoo:"product_uom_qty"`
}

func (lineValues) OdooRecord() *line { return nil }

type state string

var saleF = struct {
	ID      Field[sale, ID[sale]]
	Name    Field[sale, string]
	State   Field[sale, state]
	Total   Field[sale, float64]
	Partner Rel[sale, partner]
	Lines   Rel[sale, line]
	Image   Field[sale, []byte]
}{"id", "name", "state", "amount_total", "partner_id", "order_line", "image"}

var partnerF = struct {
	Name     Field[partner, string]
	Email    Field[partner, string]
	Parent   Rel[partner, partner]
	Children Rel[partner, partner]
}{"name", "email", "parent_id", "child_ids"}

var lineF = struct {
	Name     Field[line, string]
	Quantity Field[line, float64]
	Partner  Rel[line, partner]
}{"name", "product_uom_qty", "partner_id"}

// The fakes answer /jsonrpc with what a test says.
type (
	fakeOdoo = fakeodoo.Server
	fakeCall = fakeodoo.Call
)

var (
	resultOf    = fakeodoo.Result
	faultOf     = fakeodoo.Fault
	answerAll   = fakeodoo.Always
	startServer = fakeodoo.Start
)

// dial is Dial over /jsonrpc, all that the fakes understand.
func dial(ctx context.Context, address string, options ...DialOption) (*Client, error) {
	return Dial(ctx, address, append([]DialOption{Using(JSONRPC)}, options...)...)
}

// dialFake logs in to a fake server.
func dialFake(t *testing.T, f *fakeOdoo, options ...DialOption) *Client {
	t.Helper()
	options = append([]DialOption{Database("acme"), Password("bot", "s3cret")}, options...)
	c, err := dial(t.Context(), startServer(t, f), options...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func unquoted(raw json.RawMessage) string { return string(bytes.Trim(raw, `"`)) }

// jsonOf is the JSON of a value, or the error.
func jsonOf(v any) string {
	b, err := codec.Append(nil, v)
	if err != nil {
		return "error: " + err.Error()
	}
	return string(b)
}
