package orm

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
)

// FuzzErrorAnswer gives the parsers of the three protocols any answer: they take a result that is JSON, or say what is
// wrong with an *Error, and in no case may a write that was run pass for one that was not.
func FuzzErrorAnswer(f *testing.F) {
	for _, seed := range []struct {
		body, kind string
		status     int
	}{
		{`{"jsonrpc":"2.0","id":1,"result":[{"id":1,"x":NaN}]}`, "application/json", 200},
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
	base := &url.URL{Scheme: "https", Host: "odoo.test"}
	w := newWire(http.DefaultClient, base, defaultMaxAnswer)
	speakers := []speaker{
		&jsonrpc{wire: w}, &webSession{wire: w, version: Version{Major: 14}}, &webSession{wire: w, version: Version{Major: 19}}, &json2{wire: w},
	}
	f.Fuzz(func(t *testing.T, body []byte, kind string, status int) {
		for _, s := range speakers {
			a := &answer{status, http.Header{"Content-Type": {kind}, "Location": {kind}, "Retry-After": {kind}}, body}
			raw, err := s.result(a)
			if err == nil {
				if status != http.StatusOK || !isJSON(raw) {
					t.Fatalf("%T: %d %q is taken as %q", s, status, body, raw)
				}
				continue
			}
			odoo, ok := errors.AsType[*Error](err)
			if !ok || odoo.Error() == "" || odoo.retryAfter < 0 {
				t.Fatalf("%T: %d %q is %#v", s, status, body, err)
			}
			if odoo.Class == "" && errors.Is(odoo, ErrMalformed) && odoo.isUnseen() {
				t.Fatalf("%T: %d %q would be sent again", s, status, body)
			}
		}
	})
}
