package orm

import "maps"

// Context is Odoo's context: what a method may look at besides its arguments. [Lang], [TimeZone], [Companies],
// [Archived] and [BinSize] make those that Odoo itself looks at; any other key is put into the map.
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
// whatever it is.
func TimeZone(name string) Context { return Context{"tz": name} }

// Companies are those whose records the user works with, the current one first: res.company's ids.
func Companies[M any](ids ...ID[M]) Context { return Context{"allowed_company_ids": values(ids)} }

// Archived makes searches find archived records too.
func Archived() Context { return Context{"active_test": false} }

// BinSize makes reads give the size of binaries ("1.21 Kb") in place of their content. Read them into a string.
func BinSize() Context { return Context{"bin_size": true} }
