package codec

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"reflect"
	"strings"
	"testing"
)

// decimal is as decimals mostly are: exact, and a string in JSON.
type decimal struct{ digits string }

func (d decimal) Float64() (f float64, exact bool) { return 0, false }
func (d decimal) MarshalJSON() ([]byte, error)     { return fmt.Appendf(nil, "%q", d.text()), nil }
func (d decimal) MarshalText() ([]byte, error)     { return []byte(d.text()), nil }
func (d *decimal) UnmarshalText(text []byte) error { d.digits = string(text); return nil }
func (d *decimal) UnmarshalJSON(text []byte) error {
	if s := strings.Trim(string(text), `"`); s != "null" {
		d.digits = s
	}
	return nil
}

func (d decimal) text() string {
	if d.digits == "" {
		return "0"
	}
	return d.digits
}

type uuid [2]byte

func (u uuid) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%02x-%02x", u[0], u[1]), nil }
func (u *uuid) UnmarshalText(text []byte) error {
	_, err := fmt.Sscanf(string(text), "%02x-%02x", &u[0], &u[1])
	return err
}

type level int

func (l level) MarshalText() ([]byte, error) { return []byte([]string{"low", "high"}[l]), nil }
func (l *level) UnmarshalText(text []byte) error {
	switch string(text) {
	case "low":
		*l = 0
	case "high":
		*l = 1
	default:
		return errors.New("no level")
	}
	return nil
}

// byPointer writes itself through a pointer only.
type byPointer struct{ text string }

func (p *byPointer) MarshalText() ([]byte, error)    { return []byte(p.text), nil }
func (p *byPointer) UnmarshalText(text []byte) error { p.text = string(text); return nil }

// Each is read, and what was read is written as it came.
func TestOwnTypesComeThroughWhole(t *testing.T) {
	for name, c := range map[string]struct {
		json string
		zero any
		want any
	}{
		"decimal":                      {`0.1000000000000000055511151231257827`, decimal{}, decimal{"0.1000000000000000055511151231257827"}},
		"decimal with an exponent":     {`1e+16`, decimal{}, decimal{"1e+16"}},
		"json.Number":                  {`12345678901234567890.10`, json.Number(""), json.Number("12345678901234567890.10")},
		"big number":                   {`123456789012345678901`, big.Int{}, nil},
		"uuid":                         {`"0a-0b"`, uuid{}, uuid{10, 11}},
		"no uuid":                      {`false`, uuid{}, uuid{}},
		"address":                      {`"192.0.2.7"`, netip.Addr{}, netip.MustParseAddr("192.0.2.7")},
		"no address":                   {`false`, netip.Addr{}, netip.Addr{}},
		"address of the older kind":    {`"192.0.2.7"`, net.IP(nil), net.ParseIP("192.0.2.7")},
		"no address of the older kind": {`false`, net.IP(nil), net.IP(nil)},
		"enum":                         {`"high"`, level(0), level(1)},
		"first choice of an enum":      {`"low"`, level(0), level(0)},
		"by its pointer":               {`"x"`, byPointer{}, byPointer{"x"}},
		"null string":                  {`"x"`, sql.NullString{}, sql.NullString{String: "x", Valid: true}},
		"no null string":               {`false`, sql.NullString{}, sql.NullString{}},
		"null float":                   {`0.5`, sql.NullFloat64{}, sql.NullFloat64{Float64: 0.5, Valid: true}},
		"null int":                     {`0`, sql.NullInt64{}, sql.NullInt64{Valid: true}},
		"null bool":                    {`true`, sql.NullBool{}, sql.NullBool{Bool: true, Valid: true}},
	} {
		v := reflect.New(reflect.TypeOf(c.zero))
		if err := Unmarshal([]byte(c.json), v.Interface()); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := v.Elem().Interface(); c.want != nil && !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: read %#v, want %#v", name, got, c.want)
		}
		if again, err := Append(nil, v.Elem().Interface()); string(again) != c.json || err != nil {
			t.Errorf("%s: wrote %s, want %s: %v", name, again, c.json, err)
		}
	}
}

func TestNumbersOfOnesOwnAreNumbersOnTheWire(t *testing.T) {
	type row struct {
		Total decimal `odoo:"total"`
	}
	if got, err := Append(nil, &row{decimal{"12.50"}}); string(got) != `{"total":12.50}` || err != nil {
		t.Errorf("got %s, %v", got, err)
	}
	for name, c := range map[string]struct {
		value any
		want  string
	}{
		"zero":            {decimal{}, `0`},
		"in a list":       {[]any{decimal{"1.10"}}, `[1.10]`},
		"pointer":         {&decimal{"1.10"}, `1.10`},
		"nil pointer":     {(*decimal)(nil), `null`},
		"no digits":       {json.Number(""), `false`},
		"rational number": {big.NewFloat(2.5), `2.5`},
	} {
		if got, err := Append(nil, c.value); string(got) != c.want || err != nil {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, c.want)
		}
	}
	for _, wrong := range []string{"NaN", "+1", `"1"`, "0x1", "true", "1 2", "1}"} {
		if got, err := Append(nil, decimal{wrong}); err == nil || !strings.Contains(err.Error(), "is not a number that Odoo takes") {
			t.Errorf("%s was written as %s: %v", wrong, got, err)
		}
	}
}

func TestFalseIsNoChoiceOfAnEnum(t *testing.T) {
	var l level
	if err := Unmarshal([]byte(`false`), &l); err == nil || !strings.Contains(err.Error(), "no level") {
		t.Errorf("got %v", err)
	}
}

func TestScannersTakeSingleValues(t *testing.T) {
	var s sql.NullString
	if err := Unmarshal([]byte(`[1]`), &s); err == nil || !strings.Contains(err.Error(), "want a single value") {
		t.Errorf("got %v", err)
	}
}
