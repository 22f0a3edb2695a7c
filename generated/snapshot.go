// Package generated holds what odoogen makes of a stock Odoo 19: the snapshot of its best-known models and, in the
// folder odoo, the bindings generated from it.
package generated

import _ "embed"

//go:generate go run ../cmd/odoogen generate

// Snapshot is the snapshot file.
//
//go:embed odoogen.schema.json
var Snapshot []byte
