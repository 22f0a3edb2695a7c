// Package guides has the programs of the guides in docs: each file is one of them. They run on Odoo 14 and 19.
package guides

//go:generate go tool odoogen generate
