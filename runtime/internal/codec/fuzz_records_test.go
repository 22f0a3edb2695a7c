package codec

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

type choice string

// fuzzed is a record whose values encoding/json can read as well.
type fuzzed struct {
	Text   string          `odoo:"text"`
	Choice choice          `odoo:"choice"`
	Number float64         `odoo:"number"`
	Flag   bool            `odoo:"flag"`
	Raw    json.RawMessage `odoo:"raw"`
	Kids   []fuzzedKid     `odoo:"kids"`
}

type fuzzedKid struct {
	Text string `odoo:"text"`
	One  struct {
		Number float64 `odoo:"number"`
	} `odoo:"one"`
}

// FuzzRecordsLikeEncodingJSON reads lists of records with the decoder and with encoding/json: both give the same values,
// and errors for the same inputs. What it looks for are mistakes in what the decoder learns from the first record.
func FuzzRecordsLikeEncodingJSON(f *testing.F) {
	for _, seed := range []string{
		`[{"text": "a", "choice": "b", "number": 1.5, "flag": true, "raw": [1], "kids": [{"text": "c", "one": {"number": 2}}]}, {"text": false, "choice": 7, "number": -0.0, "flag": false, "raw": false, "kids": []}]`,
		`[{"text": "a", "number": 1}, {"text": "b", "number": 2}, {"number": 3, "text": "c"}, {"text": "d"}, {}]`,
		`[{"text": "a", "text": "b"}, {"text": "a", "text": "b"}, {"text": "a", "x": [{"text": 1}], "text": false}]`,
		`[{"x": 1, "text": "\u0061\ud800\n"}, {"x": {"y": "}"}, "text": "\"é"}, {"x":1, "text": "c"}]`,
		`[{"kids": [{"text": "a"}, {"one": {}}, {"one": false, "text": "b"}]}, {"kids": [{"text": "c"}]}]`,
		`[{"number": 0.1}, {"number": 123456789012345678}, {"number": 1e22}, {"number": 4.35}, {"number": 9007199254740993.0}]`,
		"[ {\t\"text\" : \"a\" }\n,{\t\"text\" : \"b\" } ]",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		if !json.Valid(input) {
			return // FuzzDecodeRecord
		}
		var got []fuzzed
		_, err := planFor[fuzzed](t).DecodeRecords(input, reflect.ValueOf(&got).Elem())
		want, wantErr := likeJSON(input)
		if (err != nil) != (wantErr != nil) {
			t.Fatalf("%q: %v; encoding/json: %v", input, err, wantErr)
		}
		if err != nil {
			return
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%q (-encoding/json +decoder)\n%s", input, diff)
		}
	})
}

func likeJSON(input []byte) (out []fuzzed, err error) {
	if isNone(input) {
		return nil, errors.New("no list")
	}
	if none, e := hasNone(input); e == nil && none {
		return nil, errors.New("no record")
	}
	err = eachRecord(input, func() func(string, json.RawMessage) error {
		out = append(out, fuzzed{})
		return out[len(out)-1].set
	})
	return out, err
}

func (r *fuzzed) set(key string, raw json.RawMessage) error {
	switch key {
	case "text":
		return value(raw, &r.Text)
	case "choice":
		return value(raw, (*string)(&r.Choice))
	case "number":
		return value(raw, &r.Number)
	case "flag":
		return value(raw, &r.Flag)
	case "raw":
		r.Raw = raw
	case "kids":
		r.Kids = nil
		return eachRecord(raw, func() func(string, json.RawMessage) error {
			r.Kids = append(r.Kids, fuzzedKid{})
			return r.Kids[len(r.Kids)-1].set
		})
	}
	return nil
}

func (k *fuzzedKid) set(key string, raw json.RawMessage) error {
	switch key {
	case "text":
		return value(raw, &k.Text)
	case "one":
		k.One.Number = 0
		return eachMember(raw, func(key string, raw json.RawMessage) error {
			if key == "number" {
				return value(raw, &k.One.Number)
			}
			return nil
		})
	}
	return nil
}

// hasNone reports whether there is a record that is none: within a record it is the zero one.
func hasNone(raw []byte) (bool, error) {
	var items []json.RawMessage
	err := json.Unmarshal(raw, &items)
	return slices.ContainsFunc(items, func(item json.RawMessage) bool { return isNone(item) }), err
}

func isNone(raw []byte) bool {
	text := string(bytes.TrimSpace(raw))
	return text == "false" || text == "null"
}

// eachRecord calls what begin gives for each member of each object of a list.
func eachRecord(raw []byte, begin func() func(string, json.RawMessage) error) (err error) {
	if isNone(raw) {
		return nil
	}
	var items []json.RawMessage
	err = json.Unmarshal(raw, &items)
	for _, item := range items {
		err = errors.Join(err, eachMember(item, begin()))
	}
	return err
}

func eachMember(raw []byte, set func(string, json.RawMessage) error) error {
	if isNone(raw) {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return errors.New("no object")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		var member json.RawMessage
		if err := d.Decode(&member); err != nil {
			return err
		}
		if err := set(key.(string), member); err != nil {
			return err
		}
	}
	return nil
}

// value reads a value that Odoo may leave out with false, and numbers for texts.
func value(raw json.RawMessage, dest any) error {
	reflect.ValueOf(dest).Elem().SetZero()
	if isNone(raw) {
		return nil
	}
	if text, ok := dest.(*string); ok && strings.ContainsRune("-0123456789", rune(raw[0])) {
		*text = string(raw)
		return nil
	}
	return json.Unmarshal(raw, dest)
}
