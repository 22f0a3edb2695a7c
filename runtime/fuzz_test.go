package orm

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzScanner holds the scanner against encoding/json: both take the same inputs, but for the numbers that only Python
// writes, and read the same strings and numbers from them.
func FuzzScanner(f *testing.F) {
	for _, seed := range []string{
		sampleAnswer, `null`, ` [1, -0.5e+3, "a\u00e9\ud83d\ude00\ud800"] `, `{"a":{"b":[]}}`, `"\ud83d\ud83d\ude00"`, "\"\xff\xfe\"", "\"\xc3\\u00e9\"",
		`[NaN]`, `-Infinity`, `01`, `1.`, `1e400`, `"\x"`, "\"\n\"", `{"a":1,}`, `[1,]`, "\x00", `tru`, `{"NaN":"Infinity"}`, `-0`, `123456789012345678901`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		s := &scanner{data: input}
		err := s.skip()
		if err == nil {
			err = s.end()
		}
		valid := json.Valid(input)
		switch {
		case valid && err != nil:
			t.Fatalf("%q is JSON but not taken: %v", input, err)
		case !valid && err == nil && !json.Valid(withoutPython(input)):
			t.Fatalf("%q is not JSON but taken", input)
		}
		if valid {
			sameString(t, input)
			sameFloat(t, input)
		}
	})
}

var pythonNumber = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|-?Infinity|NaN`)

// withoutPython puts 0 for NaN, Infinity and -Infinity outside strings.
func withoutPython(input []byte) []byte {
	return pythonNumber.ReplaceAllFunc(input, func(match []byte) []byte {
		if match[0] == '"' {
			return match
		}
		return []byte("0")
	})
}

func sameString(t *testing.T, input []byte) {
	var want string
	if json.Unmarshal(input, &want) != nil || string(bytes.TrimSpace(input)) == "null" {
		return
	}
	got, err := as[string](string(input))
	if err != nil || got != want {
		t.Fatalf("%q is %q, %v; want %q", input, got, err, want)
	}
}

func sameFloat(t *testing.T, input []byte) {
	var number json.Number
	if json.Unmarshal(input, &number) != nil || number == "" || bytes.ContainsRune(input, '"') {
		return
	}
	var want float64
	failed := json.Unmarshal(input, &want) // out of range
	got, err := as[float64](string(input))
	if (err != nil) != (failed != nil) || err == nil && got != want {
		t.Fatalf("%q is %v, %v; want %v, %v", input, got, err, want, failed)
	}
}

// everyKind has a field for each decoder.
type everyKind struct {
	sale
	Text     state           `odoo:"state"`
	Int      int             `odoo:"int"`
	Small    int8            `odoo:"small"`
	Unsigned uint16          `odoo:"unsigned"`
	Single   float32         `odoo:"single"`
	Bool     bool            `odoo:"bool"`
	Date     Date            `odoo:"date"`
	Time     time.Time       `odoo:"time"`
	Any      Reference       `odoo:"any"`
	Raw      json.RawMessage `odoo:"raw"`
	Pointer  *string         `odoo:"pointer"`
	Map      map[string]int  `odoo:"map"`
	Free     any             `odoo:"free"`
	Shout    shout           `odoo:"shout"`
	Plain    plain           `odoo:"plain"`
	Kids     []tree          `odoo:"kids"`
	Lists    [][]ID[line]    `odoo:"lists"`
}

// FuzzDecodeRecord looks for answers that make the decoder panic, and for ones that it takes although they are not JSON.
func FuzzDecodeRecord(f *testing.F) {
	for _, seed := range []string{
		sampleAnswer,
		`[{"id":1,"state":14,"int":5.0,"small":-128,"unsigned":"7","single":1.5,"bool":true,"date":"1-01-01","time":"2026-01-31 10:00:00.5","any":"a.b,1"}]`,
		`[{"id":1,"raw":[{}],"pointer":null,"map":{"a":1},"free":[false],"shout":7,"plain":{"id":1},"kids":[{"id":2,"child_ids":[{}]}],"lists":[[1],[{"id":2}]]}]`,
		`[{"id":"10","partner_id":["10","10"],"date":"2026-01-31 22:15:00"}]`,
		`[{"id":[],"partner_id":{"id":7,"display_name":false}}]`,
		`[{"id":1},{"id":2,"name":[]}]`,
		`[]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		var rows []everyKind
		_, err := decodeRecords(input, "some.model", reflect.ValueOf(&rows).Elem())
		if err != nil {
			if !errors.As(err, new(*DecodeError)) {
				t.Fatalf("%T is not a *DecodeError: %v", err, err)
			}
			return
		}
		if !json.Valid(input) && !json.Valid(withoutPython(input)) {
			t.Fatalf("%q is not JSON but was read as %+v", input, rows)
		}
	})
}

// FuzzEncodeString reads back with encoding/json, and with the scanner, what is written of a string.
func FuzzEncodeString(f *testing.F) {
	for _, seed := range []string{"", "plain", "\"\\/\x00\x1a\n", "é€😀", "\u2028\u2029<>&", "\xff", "a\xed\xa0\xbdb", strings.Repeat("\\", 9)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := appendValue(nil, text)
		if (err == nil) != utf8.ValidString(text) {
			t.Fatalf("%q: %v", text, err)
		}
		if err != nil {
			return
		}
		var back string
		if err := json.Unmarshal(b, &back); err != nil || back != text {
			t.Fatalf("%q was written as %s: %q, %v", text, b, back, err)
		}
		if back, err := as[string](string(b)); err != nil || back != text {
			t.Fatalf("%q was read back as %q, %v", text, back, err)
		}
	})
}
