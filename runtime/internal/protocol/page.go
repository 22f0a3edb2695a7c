package protocol

import (
	"encoding/json"
	"html"
	"maps"
	"net/http"
	"net/url"

	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// Page is the exchange for a page that needs the session. A sink that takes the page leaves no body; what it leaves is an error.
func (w *WebSession) Page(path string, query url.Values, further http.Header) *Exchange {
	header := http.Header{}
	maps.Copy(header, further)
	maps.Copy(header, cookieHeader(w.cookie.Load()))
	return w.orExpired(&Exchange{
		Request: &transport.Request{Method: http.MethodGet, Path: path, Query: query, Header: header},
		Result: func(a *transport.Answer) (json.RawMessage, error) {
			if a.Body == nil {
				return json.RawMessage("true"), nil
			}
			return nil, pageError(w.transport, a)
		},
	})
}

// pageError is the error in an answer in place of a page. The pages for downloads send it as escaped JSON, others as HTML for
// people.
func pageError(t *transport.Transport, a *transport.Answer) error {
	var failure struct{ Data exception }
	if json.Unmarshal([]byte(html.UnescapeString(string(a.Body))), &failure) == nil && failure.Data.Name != "" {
		return failure.Data.fault()
	}
	return NotOdoo(t, a)
}
