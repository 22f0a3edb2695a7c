package fidelity

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
)

// comparison compares the records of one answer.
type comparison struct {
	report *report
	model  string
	types  map[string]string // field → its type in Odoo
}

// records compares the server's records with those that were encoded again and with the Go values between the two.
func (c comparison) records(server, again []map[string]any, values reflect.Value) {
	if len(server) != len(again) || len(server) != values.Len() {
		c.report.find(changed, c.model, "", fmt.Sprintf("%d records came, %d were decoded", len(server), values.Len()))
		return
	}
	for i := range server {
		c.record(server[i], again[i], values.Index(i))
	}
}

func (c comparison) record(server, again map[string]any, record reflect.Value) {
	asked := map[string]bool{"id": true} // which the server always sends
	for _, f := range reflect.VisibleFields(record.Type()) {
		name := odooName(f)
		asked[name] = true
		sent, ok := server[name]
		if !ok {
			c.report.find(changed, c.model, name, fmt.Sprintf("record %v: the server left the field out", server["id"]))
			continue
		}
		c.field(name, server["id"], value{sent, again[name], record.FieldByIndex(f.Index)})
	}
	for name := range server {
		if !asked[name] {
			c.report.find(changed, c.model, name, "the server sent a field that was not requested")
		}
	}
}

func (c comparison) field(name string, id any, v value) {
	for _, r := range rules {
		if r.holds(v) {
			c.report.value(c.types[name], r.name)
			return
		}
	}
	c.report.find(changed, c.model, name, fmt.Sprintf("record %v: the server sent %.200s, the value is %.200s, sent back as %.200s",
		id, text(v.server), fmt.Sprintf("%#v", v.value), text(v.again)))
}

func text(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// value is one value: as the server sent it, decoded, and encoded again.
type value struct {
	server, again any
	value         reflect.Value
}

// rule is a difference between what the server sends and what is sent back to it that loses nothing.
type rule struct {
	name  string
	holds func(value) bool
}

// The order matters: the first rule that holds is the one that is counted.
var rules = []rule{
	{"the same JSON", func(v value) bool { return reflect.DeepEqual(v.server, v.again) && !isRef(v) }},
	{"an unset many2one is the zero `Ref`", func(v value) bool { return isRef(v) && v.server == false && v.value.IsZero() }},
	{"a many2one is sent back as its id; the name stands beside it", isNamedTarget},
	{"a many2one without a name (`[7, false]`) has the name \"\"", isNamelessTarget},
	{"no value (`false`) is Go's zero value", func(v value) bool {
		return isNothing(v.server) && v.value.IsZero() && v.value.Kind() != reflect.Bool
	}},
	{"an empty text or binary is sent back as `false`", func(v value) bool { return v.server == "" && v.again == false && isEmpty(v.value) }},
	{"a number is written in another way (`5.0` and `5`)", func(v value) bool { return sameNumber(v.server, v.again) && !isRef(v) }},
	{"a number in a text (`\"10\"`) is a number", isQuotedNumber},
	{"a selection's number is its text", func(v value) bool { return v.value.Kind() == reflect.String && isNumberAs(v.server, v.again) }},
	{"a datetime in a date field is its date", isDateOfTime},
	{"a year has four digits (`1-01-01`)", isShortYear},
}

// isEmpty reports whether a value holds nothing: the zero value, and binaries without a byte.
func isEmpty(v reflect.Value) bool { return v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0 }

func isNothing(v any) bool { return v == nil || v == false }

var typeRef = reflect.TypeFor[orm.Ref[struct{}]]()

func isRef(v value) bool {
	name, _, _ := strings.Cut(v.value.Type().Name(), "[")
	return v.value.Type().PkgPath() == typeRef.PkgPath() && (name == "Ref" || name == "TextRef")
}

// target takes [id, name] apart, whose id must be the one that was decoded and is sent back.
func target(v value) (name any, ok bool) {
	pair, isList := v.server.([]any)
	if !isRef(v) || !isList || len(pair) != 2 {
		return nil, false
	}
	if id := v.value.Field(0); id.Kind() == reflect.String {
		return pair[1], pair[0] == id.String() && v.again == id.String()
	}
	id := json.Number(fmt.Sprint(v.value.Field(0).Int()))
	same := sameNumber(pair[0], id) || pair[0] == string(id)
	return pair[1], same && v.again == any(id)
}

func isNamedTarget(v value) bool {
	name, ok := target(v)
	return ok && name == any(v.value.Field(1).String())
}

func isNamelessTarget(v value) bool {
	name, ok := target(v)
	return ok && isNothing(name) && v.value.Field(1).Len() == 0
}

// sameNumber compares exactly: a number that a float64 cannot hold is not the same.
func sameNumber(a, b any) bool {
	x, ok1 := rational(a)
	y, ok2 := rational(b)
	return ok1 && ok2 && x.Cmp(y) == 0
}

func rational(v any) (*big.Rat, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return nil, false
	}
	return new(big.Rat).SetString(string(n))
}

func isQuotedNumber(v value) bool {
	quoted, ok := v.server.(string)
	return ok && v.value.CanInt() && sameNumber(json.Number(quoted), v.again)
}

func isNumberAs(number, text any) bool {
	n, ok := number.(json.Number)
	return ok && text == any(string(n))
}

func isDateOfTime(v value) bool {
	server, ok1 := v.server.(string)
	again, ok2 := v.again.(string)
	return ok1 && ok2 && v.value.Type() == reflect.TypeFor[orm.Date]() &&
		len(server) == len("2006-01-02 15:04:05") && strings.HasPrefix(server, again+" ")
}

func isShortYear(v value) bool {
	server, ok1 := v.server.(string)
	again, ok2 := v.again.(string)
	year, _, _ := strings.Cut(server, "-")
	return ok1 && ok2 && len(year) < 4 && strings.Repeat("0", 4-len(year))+server == again
}
