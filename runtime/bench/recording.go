package main

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"unicode/utf8"
)

//go:embed testdata
var testdata embed.FS

// recording is what command record wrote: real records as the server sent them.
type recording struct {
	Model  string
	Fields []struct{ Name, Type string }
	Values [][]json.RawMessage // of each record, in the order of the fields
}

func load(name string) (*recording, error) {
	b, err := testdata.ReadFile("testdata/" + name + ".json.gz")
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	var raw struct {
		recording
		Records []map[string]json.RawMessage
	}
	if err := json.NewDecoder(z).Decode(&raw); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r := raw.recording
	for _, record := range raw.Records {
		values := make([]json.RawMessage, len(r.Fields))
		for i, f := range r.Fields {
			values[i] = record[f.Name]
		}
		r.Values = append(r.Values, values)
	}
	return &r, nil
}

// answer makes n records of those recorded, in the form that Odoo sends, with other values of the same kind and size.
func (r *recording) answer(n int, seed uint64, imageSize int) []byte {
	v := &variation{rand.New(rand.NewPCG(seed, 1)), imageSize}
	b := []byte{'['}
	for i := range n {
		if i > 0 {
			b = append(b, ", "...)
		}
		record := r.Values[v.IntN(len(r.Values))]
		for j, f := range r.Fields {
			b = append(b, "{,"[min(j, 1)])
			if j > 0 {
				b = append(b, ' ')
			}
			b = fmt.Appendf(b, "%q: ", f.Name)
			if f.Name == "id" {
				b = strconv.AppendInt(b, int64(1000+i), 10)
			} else {
				b = v.vary(b, f.Type, record[j])
			}
		}
		b = append(b, '}')
	}
	return append(b, ']')
}

type variation struct {
	*rand.Rand
	imageSize int
}

// vary appends another value of the kind and size of raw.
func (v *variation) vary(b []byte, fieldType string, raw []byte) []byte {
	if raw[0] == 'f' || raw[0] == 'n' || raw[0] == 't' {
		return append(b, raw...)
	}
	switch fieldType {
	case "char", "text", "html":
		return v.text(b, raw)
	case "integer", "float", "monetary":
		return v.digits(b, raw)
	case "datetime":
		return fmt.Appendf(b, `"20%02d-%02d-%02d %02d:%02d:%02d"`, v.IntN(30), 1+v.IntN(12), 1+v.IntN(28), v.IntN(24), v.IntN(60), v.IntN(60))
	case "date":
		return fmt.Appendf(b, `"20%02d-%02d-%02d"`, v.IntN(30), 1+v.IntN(12), 1+v.IntN(28))
	case "binary":
		image := make([]byte, v.imageSize)
		for i := range image {
			image[i] = byte(v.Uint32())
		}
		return append(base64.StdEncoding.AppendEncode(append(b, '"'), image), '"')
	case "one2many", "many2many":
		return v.digits(b, raw)
	}
	return append(b, raw...) // few different ones in a database: selections, many2one; and JSON
}

// text puts other letters and digits for those of a string, one in two.
func (v *variation) text(b []byte, raw []byte) []byte {
	escaped := 0
	for i, c := range raw {
		if c == '\\' && escaped == 0 {
			if escaped = 1; raw[i+1] == 'u' {
				escaped = 5
			}
		} else if escaped > 0 {
			escaped--
		} else if v.IntN(2) == 0 {
			c = v.other(c)
		}
		b = append(b, c)
	}
	return b
}

func (v *variation) other(c byte) byte {
	switch {
	case c >= 'a' && c <= 'z':
		return 'a' + byte(v.IntN(26))
	case c >= 'A' && c <= 'Z':
		return 'A' + byte(v.IntN(26))
	case c >= '1' && c <= '9':
		return '1' + byte(v.IntN(9))
	case c >= utf8.RuneSelf:
		return c
	}
	return c
}

// digits puts other digits for those of numbers, but for zeros.
func (v *variation) digits(b []byte, raw []byte) []byte {
	for _, c := range raw {
		if c >= '1' && c <= '9' {
			c = '1' + byte(v.IntN(9))
		}
		b = append(b, c)
	}
	return b
}
