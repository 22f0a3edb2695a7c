package automation

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Filter is a condition in Python, as filter_domain of a rule takes it.
func Filter(condition any) (string, error) {
	data, err := codec.Append(nil, condition)
	if err != nil {
		return "", err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return "", err
	}
	return string(appendPython(nil, v)), nil
}

// appendPython writes a value of JSON in Python. The values of a condition are no objects.
func appendPython(b []byte, v any) []byte {
	switch v := v.(type) {
	case bool:
		if v {
			return append(b, "True"...)
		}
		return append(b, "False"...)
	case json.Number:
		return append(b, v...)
	case string:
		return strconv.AppendQuoteToASCII(b, v) // Go and Python share the escapes
	case []any:
		b = append(b, '[')
		for i, item := range v {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = appendPython(b, item)
		}
		return append(b, ']')
	}
	return append(b, "None"...)
}
