package odoofacts

import (
	"slices"
	"testing"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]Version{
		"14.0": {14, 0, false}, "19": {19, 0, false}, "saas~18.2": {18, 2, true}, "saas-18.2": {18, 2, true}, "20.0": {20, 0, false},
	} {
		if got, err := Parse(text); err != nil || got != want {
			t.Errorf("Parse(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for text, reason := range map[string]string{
		"19; rm -rf /":        `"19; rm -rf /" is not a version of Odoo, such as 19.0 or saas~18.2`,
		"-5":                  `"-5" is not a version of Odoo, such as 19.0 or saas~18.2`,
		"9223372036854775808": `"9223372036854775808" is not a version of Odoo, such as 19.0 or saas~18.2`,
		"":                    `"" is not a version of Odoo, such as 19.0 or saas~18.2`,
		"19.0\n":              `"19.0\n" is not a version of Odoo, such as 19.0 or saas~18.2`,
		"19.0-20260101":       `"19.0-20260101" is not a version of Odoo, such as 19.0 or saas~18.2`,
		"13":                  "version 13.0 of Odoo is not supported: 14 is the oldest one that is",
		"saas~13.5":           "version saas~13.5 of Odoo is not supported: 14 is the oldest one that is",
	} {
		if got, err := Parse(text); err == nil || err.Error() != reason {
			t.Errorf("Parse(%q) = %v, %v; want the error %s", text, got, err, reason)
		}
	}
}

func TestParseInfo(t *testing.T) {
	for _, info := range [][]any{{float64(18), float64(2), "final"}, {"saas~18", float64(2)}, {18, 2, 0}} {
		if got, err := ParseInfo(info); err != nil || got.Major != 18 || got.Minor != 2 {
			t.Errorf("ParseInfo(%v) = %v, %v", info, got, err)
		}
	}
	for _, info := range [][]any{nil, {-5}, {float64(1 << 62), float64(0)}, {float64(13), float64(0)}, {map[string]any{}, nil}, {19.5, 0}} {
		if got, err := ParseInfo(info); err == nil {
			t.Errorf("ParseInfo(%v) = %v, want an error", info, got)
		}
	}
}

func TestUnknownNewerVersionBehavesAsTheNewest(t *testing.T) {
	newer := Version{Major: 20}
	if !newer.IsUntested() || Newest.IsUntested() || (Version{18, 4, true}).IsUntested() {
		t.Error("IsUntested is not true of 20.0 alone")
	}
	for _, b := range All() {
		if !b.Last.IsUntested() && !b.First.IsUntested() && b.In(newer) != b.In(Newest) {
			t.Errorf("%s: differs between %s and %s", b, Newest, newer)
		}
	}
}

func TestTable(t *testing.T) {
	var names []string
	for _, b := range All() {
		if b.Name == "" || b.Known != Measured && b.Known != Read || slices.Contains(names, b.Name) {
			t.Errorf("%s: needs a name of its own and how it is known", b)
		}
		names = append(names, b.Name)
		if b.Last != (Version{}) && b.Last.Before(b.First) {
			t.Errorf("%s: no version has it", b)
		}
		if b.Known == Measured && b.First.IsUntested() {
			t.Errorf("%s: measured on a version that was never run", b)
		}
	}
}

func TestBehaviourIn(t *testing.T) {
	saas := Version{18, 2, true}
	for _, c := range []struct {
		b    Behaviour
		v    Version
		want bool
	}{
		{AnyOperator, Version{Major: 16}, false}, {AnyOperator, Version{Major: 17}, true}, {AnyOperator, Version{Major: 20}, true},
		{FormattedReadGroup, Version{Major: 18}, false}, {FormattedReadGroup, saas, true},
		{UnsearchableMatch, Version{18, 4, true}, true}, {UnsearchableMatch, Version{Major: 19}, false},
		{LostSessionPage, saas, true}, {LostSessionPage, Version{Major: 15}, false}, {LostSessionPage, Version{Major: 19}, false},
	} {
		if got := c.b.In(c.v); got != c.want {
			t.Errorf("%s: In(%s) = %v", c.b, c.v, got)
		}
	}
}

func TestShapes(t *testing.T) {
	if ShapeOf("char") != ShapeOf("html") || ShapeOf("integer") == ShapeOf("float") || ShapeOf("one2many") != ShapeOf("many2many") || ShapeOf("date") != "date" {
		t.Error("types that are read and written alike have other shapes than is said")
	}
}

func TestBinaryEncoding(t *testing.T) {
	for _, c := range []struct {
		v            Version
		model, field string
		want         Encoding
	}{
		{Version{Major: 14}, "ir.attachment", "raw", Text},
		{Version{Major: 19}, "product.document", "raw", Text},
		{Version{Major: 19, Minor: 3, SaaS: true}, "ir.attachment", "raw", Base64},
		{Version{Major: 19}, "ir.attachment", "datas", Base64},
		{Version{Major: 19}, "", "raw", Text},
		{Version{Major: 19}, "some.model", "raw", Base64},
		{Version{Major: 19}, "", "params", Base64},
		{Version{Major: 19}, "account.move", "tax_totals", JSON},
		{Version{Major: 14}, "ir.actions.client", "params_store", Text},
	} {
		if got := BinaryEncoding(c.v, c.model, c.field); got != c.want {
			t.Errorf("%s: %s.%s is %s, want %s", c.v, c.model, c.field, got, c.want)
		}
	}
	if got := OtherBinaries(Version{Major: 19}, "ir.attachment"); !slices.Equal(got, []string{"raw", "db_datas"}) {
		t.Errorf("got %q", got)
	}
}
