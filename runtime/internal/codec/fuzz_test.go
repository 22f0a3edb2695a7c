package codec

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// as decodes an answer into the type T.
func as[T any](answer string) (T, error) {
	var out T
	err := Unmarshal([]byte(answer), &out)
	return out, err
}

// FuzzScanner holds the scanner against encoding/json: both take the same inputs, but for the numbers that only Python
// writes, and read the same strings and numbers from them.
func FuzzScanner(f *testing.F) {
	for _, seed := range []string{
		`[{"id":1,"name":"S\u00e91\ud83d\ude00","x":[1,-2,3.0],"y":-1.5e-3}]`, `null`, ` [1, -0.5e+3, "a\u00e9\ud83d\ude00\ud800"] `, `{"a":{"b":[]}}`, `"\ud83d\ud83d\ude00"`, "\"\xff\xfe\"", "\"\xc3\\u00e9\"",
		`[NaN]`, `-Infinity`, `01`, `1.`, `1e400`, `"\x"`, "\"\n\"", `{"a":1,}`, `[1,]`, "\x00", `tru`, `{"NaN":"Infinity"}`, `-0`, `123456789012345678901`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		s := NewScanner(input)
		err := s.Skip()
		if err == nil {
			err = s.End()
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

// FuzzEncodeString reads back with encoding/json, and with the scanner, what is written of a string.
func FuzzEncodeString(f *testing.F) {
	for _, seed := range []string{"", "plain", "\"\\/\x00\x1a\n", "é€😀", "\u2028\u2029<>&", "\xff", "a\xed\xa0\xbdb", strings.Repeat("\\", 9)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := Append(nil, text)
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
