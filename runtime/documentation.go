package orm

import (
	"context"
	"encoding/json"

	"github.com/odoogen/odoogen/runtime/internal/protocol"
)

// Documentation is what Odoo 19 and later report of a model through their module api_doc, in JSON: its fields, and its
// public methods with their parameters, annotations and docstrings. The user must be in the group Technical
// Documentation ([ErrAccess]), as administrators are, and may have to be able to read the model. Without the module, as
// on older versions, it is [ErrNotFound]. On [JSONRPC] it wants an API key ([ErrAccessDenied]).
func (m Model) Documentation(ctx context.Context) (json.RawMessage, error) {
	if m.err != nil {
		return nil, m.err
	}
	request := &Request{Protocol: m.c.kind, Model: m.name, Method: "documentation", ReadOnly: true}
	return m.c.run(ctx, request, &trip{
		encode: func(p protocol.Protocol) (*protocol.Exchange, error) { return p.Documentation(m.name) },
	})
}
