package codec

import (
	"fmt"
	"strconv"
	"strings"
)

// String returns the form of Odoo, "res.partner,7", or "" if the reference is unset.
func (r Reference) String() string {
	if r == (Reference{}) {
		return ""
	}
	return r.Model + "," + strconv.FormatInt(r.ID, 10)
}

// ParseReference reads the form of Odoo, "res.partner,7". The empty string is the zero Reference.
func ParseReference(s string) (Reference, error) {
	if s == "" {
		return Reference{}, nil
	}
	model, id, ok := strings.Cut(s, ",")
	n, err := strconv.ParseInt(id, 10, 64)
	if !ok || model == "" || err != nil {
		return Reference{}, fmt.Errorf("%q is not a reference: want model,id", s)
	}
	return Reference{Model: model, ID: n}, nil
}
