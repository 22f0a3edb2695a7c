// Package codec converts between Odoo's JSON and Go values. It imports nothing of the project: it recognizes the types of
// package orm by their package path, and knows no client, no protocol and no model.
//
// [Scanner] reads JSON. A [Plan], made once for each struct type, moves records into and out of structs. A [Stream] decodes
// records while an answer arrives. [Append] writes Go values.
package codec
