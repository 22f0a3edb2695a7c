package orm

import (
	"encoding/json"
	"errors"
	"math/big"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// shout reads itself from text.
type shout string

func (s *shout) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return errors.New("nothing to shout")
	}
	*s = shout(strings.ToUpper(string(text)))
	return nil
}

func (s shout) MarshalText() ([]byte, error) { return []byte(strings.ToLower(string(s))), nil }

// verdict reads itself from JSON.
type verdict struct{ text string }

func (v *verdict) UnmarshalJSON(b []byte) error {
	v.text = "saw " + string(b)
	return nil
}

func (v verdict) Equal(w verdict) bool { return v.text == w.text }

type flag bool

func (f *flag) UnmarshalJSON(b []byte) error {
	*f = string(b) == "false"
	return nil
}

type (
	blob  []byte
	count int8
	line2 struct {
		ID   ID[line] `odoo:"id"`
		Name string   `odoo:"name"`
	}
	plain struct {
		ID    int    `json:"id"`
		Label string `json:"display_name"`
	}
	baseRow struct {
		ID int64 `odoo:"id"`
	}
	tree struct {
		baseRow
		Name string `odoo:"name"`
		Kids []tree `odoo:"child_ids"`
		Up   *tree  `odoo:"parent_id"`
	}
)

func ptr[T any](v T) *T { return &v }

func TestTypesOfOnesOwnAreRead(t *testing.T) {
	runDecodeCases(t, []decodeCase{
		{"pointer to string", `"x"`, as[*string], ptr("x")},
		{"pointer to pointer", `"x"`, as[**string], ptr(ptr("x"))},
		{"pointer to true", `true`, as[*bool], ptr(true)},
		{"pointer to false", `false`, as[*bool], ptr(false)},
		{"pointer to time", `"2026-01-31 00:00:00"`, as[*time.Time], ptr(time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC))},
		{"pointer to ref", `[7, "x"]`, as[*Ref[partner]], &Ref[partner]{7, "x"}},
		{"int8", `-128`, as[int8], int8(-128)},
		{"named int8", `127`, as[count], count(127)},
		{"uint8", `255`, as[uint8], uint8(255)},
		{"uint as a float", `5.0`, as[uint], uint(5)},
		{"float32", `1.5`, as[float32], float32(1.5)},
		{"named bytes", `"aGk="`, as[blob], blob("hi")},
		{"strings", `["a", false, "b"]`, as[[]string], []string{"a", "", "b"}},
		{"lists of lists", `[[1], [], [2, 3]]`, as[[][]int], [][]int{{1}, nil, {2, 3}}},
		{"array", `[1, 2]`, as[[2]int], [2]int{1, 2}},
		{"map", `{"a": 1.5}`, as[map[string]float64], map[string]float64{"a": 1.5}},
		{"any", `{"a": [1, "x", false]}`, as[any], any(map[string]any{"a": []any{1.0, "x", false}})},
		{"any of false", `false`, as[any], any(false)},
		{"json.Number", `12.50`, as[json.Number], json.Number("12.50")},
		{"text", `"hey"`, as[shout], shout("HEY")},
		{"text from a number", `14`, as[shout], shout("14")},
		{"text with an escape", `"h\u00e9"`, as[shout], shout("HÉ")},
		{"address", `"192.0.2.7"`, as[netip.Addr], netip.MustParseAddr("192.0.2.7")},
		{"json", `[1]`, as[verdict], verdict{"saw [1]"}},
		{"struct without tags", `{"id": 7, "display_name": "x"}`, as[plain], plain{7, "x"}},
		{"struct with tags", `{"id": 7, "name": "x"}`, as[line2], line2{7, "x"}},
		{"structs with tags", `[{"id": 7, "name": "x"}, {"id": 8}]`, as[[]line2], []line2{{7, "x"}, {8, ""}}},
		{"pointers to structs", `[{"id": 7}, false]`, as[[]*line2], []*line2{{7, ""}, nil}},
	})
}

func TestNoValueInTypesOfOnesOwn(t *testing.T) {
	runDecodeCases(t, []decodeCase{
		{"pointer", `false`, as[*string], (*string)(nil)},
		{"pointer to a bool", `null`, as[*bool], (*bool)(nil)},
		{"pointer to a struct", `false`, as[*line2], (*line2)(nil)},
		{"map", `false`, as[map[string]int], map[string]int(nil)},
		{"struct without tags", `false`, as[plain], plain{}},
		{"text", `false`, as[shout], shout("")},
		{"address", `null`, as[netip.Addr], netip.Addr{}},
		{"json sees null", `false`, as[verdict], verdict{"saw null"}},
		{"json of a bool sees false", `false`, as[flag], flag(true)},
		{"any of null", `null`, as[any], nil},
		{"uint", `false`, as[uint], uint(0)},
		{"named bytes", `false`, as[blob], blob(nil)},
		{"list", `false`, as[[]string], []string(nil)},
	})
}

func TestBigNumbersOfOnesOwnTypeAreRead(t *testing.T) {
	got, err := as[big.Int](`123456789012345678901234567890`)
	if err != nil {
		t.Fatal(err)
	}
	if n := got.(big.Int); n.String() != "123456789012345678901234567890" {
		t.Errorf("got %s", n.String())
	}
}

type nestedMap map[string]nestedMap

// The values of a map are read by their tags and types, as those of a list are.
func TestMapsAreRead(t *testing.T) {
	type attributes struct {
		Inverse string        `odoo:"relation_field"`
		Partner Ref[struct{}] `odoo:"partner_id"`
		Digits  []int         `odoo:"digits"`
	}
	var got struct {
		Fields map[string]attributes   `odoo:"fields"`
		Lists  map[string][]attributes `odoo:"lists"`
		Texts  map[string]string       `odoo:"texts"`
		Unset  map[string]string       `odoo:"unset"`
		Nested nestedMap               `odoo:"nested"`
	}
	raw := `{"fields": {"x": {"relation_field": "order_id", "partner_id": [7, "Azure"], "digits": false}}, "lists": {"y": [{"relation_field": false}]},
		"texts": {"\u00e9": false}, "unset": false, "nested": {"a": {"b": {}}}}`
	if err := codec.Unmarshal([]byte(raw), &got); err != nil {
		t.Fatal(err)
	}
	if f := got.Fields["x"]; f.Inverse != "order_id" || f.Partner.ID != 7 || f.Partner.Name != "Azure" || f.Digits != nil {
		t.Errorf("fields: %+v", f)
	}
	if text, ok := got.Texts["é"]; !ok || text != "" || len(got.Lists["y"]) != 1 || got.Unset != nil || got.Nested["a"]["b"] == nil {
		t.Errorf("%+v", got)
	}
	if err := codec.Unmarshal([]byte(`{"fields": [1]}`), &got); err == nil {
		t.Error("a list is read as a map")
	}
}

func TestRecursiveStructsAreRead(t *testing.T) {
	got, err := as[tree](`{"id": 1, "name": "a", "parent_id": {"id": 9}, "child_ids": [{"id": 2, "child_ids": [{"id": 3}]}, {"id": 4}]}`)
	if err != nil {
		t.Fatal(err)
	}
	want := tree{baseRow: baseRow{1}, Name: "a", Up: &tree{baseRow: baseRow{9}}, Kids: []tree{
		{baseRow: baseRow{2}, Kids: []tree{{baseRow: baseRow{3}}}},
		{baseRow: baseRow{4}},
	}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(tree{}), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

func TestNothingReadKeepsTheAnswerAlive(t *testing.T) {
	answer := []byte(`{"id": 1, "name": "abc", "raw": [1, 2], "text": "abc", "data": "YWJj"}`)
	var got struct {
		Name string          `odoo:"name"`
		Raw  json.RawMessage `odoo:"raw"`
		Text shout           `odoo:"text"`
		Data []byte          `odoo:"data"`
	}
	if err := decodeInto(answer, "", &got); err != nil {
		t.Fatal(err)
	}
	clear(answer)
	if got.Name != "abc" || string(got.Raw) != "[1, 2]" || got.Text != "ABC" || string(got.Data) != "abc" {
		t.Errorf("got %+v", got)
	}
}
