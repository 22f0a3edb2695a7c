package orm

import (
	"fmt"
	"maps"
)

// Context is Odoo's context: keys that methods may read in addition to their arguments. [Lang], [TimeZone], [Companies],
// [Archived], [BinSize], [Warehouse] and [WithoutTracking] make keys that Odoo itself reads; any other key is put into the map.
//
// Odoo ignores keys that it does not know. A key that the server's version is known to ignore, and that another one has a
// meaning for, is a [*ContextKeyError] before the call: "warehouse" and "warehouse_id" until 14 and from 19 on, and
// "force_company". A key company_id alone does not choose a company: see [Companies].
//
// Given to [WithContext] it holds for every call of a client, given to [Client.With] for those of a derived client, and
// as an [Option] for one call, each laid over the one before.
type Context map[string]any

// with is the context with another laid over it; neither is changed.
func (c Context) with(over Context) Context {
	if len(over) == 0 {
		return c
	}
	out := make(Context, len(c)+len(over))
	maps.Copy(out, c)
	maps.Copy(out, over)
	return out
}

// Lang asks for translated texts in an installed language, and writes them in it: "fr_FR". A language that is not installed
// is [ErrUser] on every version; until Odoo 17 the client looks at res.lang for it, once for each language.
func Lang(code string) Context { return Context{"lang": code} }

// TimeZone is where days start and end when dates are grouped: "Europe/Brussels". Times are read and written in UTC
// whatever it is. A [Group] in a zone that the server does not know is an error: the server would take UTC.
func TimeZone(name string) Context { return Context{"tz": name} }

// Companies are those whose records the user works with, the current one first: res.company's ids.
func Companies[M any](ids ...ID[M]) Context { return Context{"allowed_company_ids": emptyIfNil(ids)} }

// Archived makes searches find archived records too.
func Archived() Context { return Context{"active_test": false} }

// BinSize makes reads give the size of binaries ("1.21 Kb") in place of their content. Read them into a string.
func BinSize() Context { return Context{"bin_size": true} }

// Warehouse limits the quantities of products, such as qty_available, to those in warehouses: stock.warehouse's ids. Odoo 14
// reads them under another key than Odoo 19: both are sent.
func Warehouse[M any](id ID[M], more ...ID[M]) Context {
	var value any = id // parts of Odoo 19 take no list
	if len(more) > 0 {
		value = append([]ID[M]{id}, more...)
	}
	return Context{"warehouse": value, "warehouse_id": value}
}

// WithoutTracking makes creates and writes log no changes and post no messages on the records, and makes creates subscribe
// nobody: for imports of many records.
func WithoutTracking() Context { return Context{"tracking_disable": true} }

// ContextKeyError is a key of the context that the version of the server ignores. Nothing was sent.
type ContextKeyError struct {
	Model, Method string // of the call
	Key           string
	Instead       string // the key that has the meaning on this version
	Version       Version
}

func (e *ContextKeyError) Error() string {
	return fmt.Sprintf("orm: %s.%s: Odoo %s ignores the context key %q: give %q, or both", e.Model, e.Method, e.Version.Series, e.Key, e.Instead)
}
