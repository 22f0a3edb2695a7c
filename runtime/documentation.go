package orm

import (
	"context"
	"encoding/json"

	"github.com/odoogen/odoogen/runtime/internal/protocol"
)

// Documentation returns the JSON documentation of a model from the module api_doc of Odoo 19 and later: its fields, and its
// public methods with their parameters, annotations and docstrings. The user must be in the group Technical Documentation,
// as administrators are, and may need read access to the model; otherwise the error is [ErrAccess]. Without the module, as
// on older versions, it is [ErrNotFound]. On [JSONRPC] the client needs an API key; otherwise it is [ErrAccessDenied].
func (m Model) Documentation(ctx context.Context) (json.RawMessage, error) {
	if m.err != nil {
		return nil, m.err
	}
	request := &Request{Protocol: m.c.kind, Model: m.name, Method: "documentation", ReadOnly: true}
	return m.c.run(ctx, request, &trip{
		encode: func(p protocol.Protocol) (*protocol.Exchange, error) { return p.Documentation(m.name) },
	})
}
