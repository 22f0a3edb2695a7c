// Package wire reads and writes Odoo's JSON outside of calls: results that were kept as json.RawMessage, and what Odoo sends
// of its own accord, such as webhooks.
package wire

import (
	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/door"

	_ "github.com/odoogen/odoogen/runtime" // whose errors and types it has
)

// Unmarshal reads JSON in Odoo's form into the value that dest points to, as clients read answers: false is no value,
// `odoo:"field"` tags name the fields, a many2one may come in any of its shapes. An error is an *orm.DecodeError.
func Unmarshal(data []byte, dest any) error { return door.Decode(data, "", dest) }

// Append appends a value as the JSON that a call sends for it: the counterpart of [Unmarshal]. Structs are written by
// their odoo tags, without the fields that are absent.
func Append(b []byte, v any) ([]byte, error) { return codec.Append(b, v) }
