package codec

import "strings"

// partialRecord is implemented by a pointer to a generated record whose model only some of the servers of its package have.
type partialRecord interface {
	record
	OdooPartial() bool
}

// RecordModel is the model of a generated record, in the form of [Alternatives]: "x.region?" if servers can lack it; "" of any
// other value.
func RecordModel(v any) string {
	switch r := v.(type) {
	case partialRecord:
		return r.OdooModel() + optionalSign
	case record:
		return r.OdooModel()
	}
	return ""
}

// Optional is the name of a model or method without the sign that servers can lack it, and whether it had one.
func Optional(name string) (plain string, optional bool) {
	return strings.CutSuffix(name, optionalSign)
}
