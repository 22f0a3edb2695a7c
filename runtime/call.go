package orm

import (
	"github.com/odoogen/odoogen/runtime/internal/protocol"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// call is a call of a method of a model.
type call struct {
	model, method string
	ids           any            // the records that it is called on; nil for a method of the model
	args          []arg          // in the order of the method
	kwargs        map[string]any // by name
	context       Context
	delivery      transport.Delivery // nil for most calls
	mark          string             // placeholder among the arguments for a file that is sent apart; "" for none
	readonly      bool               // known to change nothing
	optional      bool               // servers can lack the method
}

// arg is an argument: see [protocol.Arg].
type arg struct {
	name  string
	value any
}

// encoded returns the call in the form that the protocols encode.
func (c *call) encoded() *protocol.Call {
	args := make([]protocol.Arg, len(c.args))
	for i, a := range c.args {
		args[i] = protocol.Arg{Name: a.name, Value: a.value}
	}
	return &protocol.Call{Model: c.model, Method: c.method, IDs: c.ids, Args: args, Named: c.kwargs, Context: c.context}
}

// sentContext returns the context that a call is sent with, nil if the context is not a map of any values.
func (c *call) sentContext() map[string]any {
	switch own := c.kwargs["context"].(type) {
	case nil:
		return c.context
	case Context:
		return own
	case Args:
		return own
	case map[string]any:
		return own
	}
	return nil
}

// readOnly are the methods of Odoo that change nothing.
var readOnly = map[string]bool{
	"search": true, "search_count": true, "search_read": true, "search_fetch": true, "read": true, "read_group": true,
	"formatted_read_group": true, "web_read": true, "web_search_read": true, "web_read_group": true, "fields_get": true,
	"default_get": true, "name_search": true, "name_get": true, "check_access_rights": true, "has_access": true,
	"context_get": true, "exists": true, "get_metadata": true, "get_external_id": true, "export_data": true,
}

// Args are keyword arguments of a method, by name.
type Args map[string]any
