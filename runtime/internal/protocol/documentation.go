package protocol

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// Where the module api_doc has its pages, for an API key and for a session.
const (
	pathBearerDoc  = "/doc-bearer/"
	pathSessionDoc = "/doc/"
)

// Documentation asks with the API key.
func (j *JSON2) Documentation(model string) (*Exchange, error) {
	return documentation(j.transport, pathBearerDoc, model, j.who.bearer()), nil
}

func documentation(t *transport.Transport, path, model string, header http.Header) *Exchange {
	return &Exchange{
		Request: &transport.Request{Path: path + url.PathEscape(model) + ".json", Header: header, Body: []byte("{}")},
		Result: func(a *transport.Answer) (json.RawMessage, error) {
			raw, err := json2Result(t, a)
			if e, ok := errors.AsType[*fault.Error](err); ok && a.Status == http.StatusNotFound {
				e.Kind = fault.NotFound
			}
			return raw, err
		},
	}
}
