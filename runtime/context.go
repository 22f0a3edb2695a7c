package orm

import (
	"fmt"
	"maps"
)

// Context is Odoo's context: keys that methods may read in addition to their arguments. [Lang], [TimeZone], [Companies],
// [Archived], [BinSize], [Warehouse] and [WithoutTracking] make keys that Odoo itself reads; put any other key into the map.
//
// Odoo ignores unknown keys. A key that the server's version is known to ignore although another version reads it is a
// [*ContextKeyError] before the call: "warehouse" and "warehouse_id" until 14 and from 19 on, and "force_company". A key
// company_id alone does not choose a company: see [Companies].
//
// A Context given to [WithContext] applies to every call of a client, one given to [Client.With] to the calls of the derived
// client, and one given as an option to a single call. Each is merged over the one before.
type Context map[string]any

// with returns the context merged with another, whose keys win; neither is changed.
func (c Context) with(over Context) Context {
	if len(over) == 0 {
		return c
	}
	out := make(Context, len(c)+len(over))
	maps.Copy(out, c)
	maps.Copy(out, over)
	return out
}

// Lang reads and writes translated texts in an installed language: "fr_FR". A language that is not installed is [ErrUser] on
// every version; until Odoo 17 the client checks res.lang itself, once for each language.
func Lang(code string) Context { return Context{"lang": code} }

// TimeZone sets the time zone in which dates are grouped into days, weeks and so on: "Europe/Brussels". Times are read and
// written in UTC in any case. A [Group] in a zone that the server does not know is an error: the server would use UTC.
func TimeZone(name string) Context { return Context{"tz": name} }

// Companies sets the active companies of the user, by their ids in res.company. The first one is the current company.
func Companies[M any](ids ...ID[M]) Context { return Context{"allowed_company_ids": emptyIfNil(ids)} }

// Archived includes archived records in searches.
func Archived() Context { return Context{"active_test": false} }

// BinSize reads the size of binaries ("1.21 Kb") instead of their content. Read them into a string.
func BinSize() Context { return Context{"bin_size": true} }

// Warehouse limits the quantities of products, such as qty_available, to warehouses, by their ids in stock.warehouse. Odoo
// 14 and Odoo 19 read different keys: both are sent.
func Warehouse[M any](id ID[M], more ...ID[M]) Context {
	var value any = id // parts of Odoo 19 do not accept a list
	if len(more) > 0 {
		value = append([]ID[M]{id}, more...)
	}
	return Context{"warehouse": value, "warehouse_id": value}
}

// WithoutTracking disables change tracking and messages on the records in creates and writes, and subscribing followers in
// creates. Use it for imports of many records.
func WithoutTracking() Context { return Context{"tracking_disable": true} }

// ContextKeyError reports a key of the context that the version of the server ignores. Nothing was sent.
type ContextKeyError struct {
	Model, Method string // of the call
	Key           string
	Instead       string // the key that has the meaning on this version
	Version       Version
}

func (e *ContextKeyError) Error() string {
	return fmt.Sprintf("orm: %s.%s: Odoo %s ignores the context key %q: give %q, or both", e.Model, e.Method, e.Version.Series, e.Key, e.Instead)
}
