package orm

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/protocol"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// FuzzErrorAnswer gives the parsers of the three protocols any answer: they take a result that is JSON, or say what is
// wrong with an *Error, and in no case may a write that was run pass for one that was not.
func FuzzErrorAnswer(f *testing.F) {
	for _, seed := range []struct {
		body, kind string
		status     int
	}{
		{`{"jsonrpc":"2.0","id":null,"result":[{"id":1,"x":NaN}]}`, "application/json", 200},
		{`{"error":{"code":200,"message":"m","data":{"name":"a.B","message":"x","debug":"y","arguments":[null]}}}`, "application/json", 200},
		{`{"error":{"code":100,"message":"Odoo Session Expired"}}`, "application/json", 200},
		{`{"error":{"code":404,"data":{"name":"werkzeug.exceptions.NotFound","message":"404: Not Found"}}}`, "application/json", 404},
		{`{"error":null,"result":null}`, "application/json", 200},
		{`{"result":1,"result":2,"error":{},"error":{}}`, "application/json", 200},
		{`{"name":"odoo.exceptions.UserError","message":"no","arguments":["no"],"context":{},"debug":""}`, "application/json; charset=utf-8", 422},
		{`{"error":{"message":"slower"}}`, "application/json", 429},
		{`<p>No database is selected</p>`, "text/html", 404},
		{`{"error":{"code":"x","data":[]}}`, "application/json", 302},
		{``, ``, 500},
		{`7`, `application/json`, 200},
	} {
		f.Add([]byte(seed.body), seed.kind, seed.status)
	}
	w := transport.New(http.DefaultClient, &url.URL{Scheme: "https", Host: "odoo.test"}, transport.Options{MaxAnswer: defaultMaxAnswer})
	who := protocol.Credential{Secret: func() string { return "" }}
	closed := transport.New(&http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) { return nil, io.EOF })},
		w.Base(), transport.Options{MaxAnswer: defaultMaxAnswer})
	rpc := protocol.NewJSONRPC(closed, who)
	rpc.Assume(f.Context(), 2)
	protocols := []protocol.Protocol{rpc, protocol.NewWebSession(w, who, odoofacts.Version{Major: 14}), protocol.NewWebSession(w, who, odoofacts.Version{Major: 19}), protocol.NewJSON2(w, who)}
	f.Fuzz(func(t *testing.T, body []byte, kind string, status int) {
		for _, p := range protocols {
			x, err := p.Call(&protocol.Call{Model: "res.partner", Method: "bump"})
			if err != nil {
				t.Fatal(err)
			}
			raw, err := x.Result(&transport.Answer{
				Status: status, Header: http.Header{"Content-Type": {kind}, "Location": {kind}, "Retry-After": {kind}}, Body: body,
			})
			if err == nil {
				if status != http.StatusOK || !isJSON(raw) {
					t.Fatalf("%T: %d %q is taken as %q", p, status, body, raw)
				}
				continue
			}
			odoo, ok := errors.AsType[*fault.Error](err)
			if !ok || published(err, "", "").Error() == "" || odoo.RetryAfter < 0 {
				t.Fatalf("%T: %d %q is %#v", p, status, body, err)
			}
			if odoo.Class == "" && errors.Is(odoo, ErrMalformed) && isUnseen(odoo) {
				t.Fatalf("%T: %d %q would be sent again", p, status, body)
			}
		}
	})
}
