// Package servers is a program that works on Odoo 14 to 19 by the same lines, with one package that was generated from the
// snapshots of all six versions. Its tests run it on the embedded Odoo; runtime/livetest runs it on real servers.
package servers

//go:generate go run ../../cmd/odoogen generate
