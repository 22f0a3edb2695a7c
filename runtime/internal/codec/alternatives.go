package codec

import "strings"

// A tag or descriptor can name a field that servers have under different names, or that only some of them have:
// "tax_ids|tax_id", the newest name first, and "x_region?". Package orm finds out the name that a server has.
const (
	alternativeSign = "|"
	optionalSign    = "?"
)

// Varies reports whether the name of a field depends on the server.
func Varies(name string) bool {
	return strings.HasSuffix(name, optionalSign) || strings.Contains(name, alternativeSign)
}

// Alternatives are the names that a field can have, the newest first, and whether servers can lack it.
func Alternatives(name string) (names []string, optional bool) {
	name, optional = strings.CutSuffix(name, optionalSign)
	return strings.Split(name, alternativeSign), optional
}
