package xmlrpc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// What an answer of Odoo cannot carry, in the words of Python.
var (
	ErrNone     = errors.New("cannot marshal None unless allow_none is enabled")
	ErrOverflow = errors.New("int exceeds XML-RPC limits")
)

// Writer writes values as Python's xmlrpc.client does, line breaks included.
type Writer struct {
	// Answer writes as Odoo answers: null is ErrNone and an integer beyond 32 bits ErrOverflow. Requests have both.
	Answer bool
	// Text is applied to each text before it is escaped; nil changes nothing.
	Text func(string) (string, error)
}

// Value appends a JSON value.
func (w Writer) Value(b, value []byte) ([]byte, error) {
	s := codec.NewScanner(value)
	b, err := w.value(b, s)
	if err == nil {
		err = s.End()
	}
	return b, err
}

func (w Writer) value(b []byte, s *codec.Scanner) ([]byte, error) {
	switch s.Peek() {
	case '[':
		return w.array(b, s)
	case '{':
		return w.object(b, s)
	}
	raw, err := s.Raw()
	if err != nil {
		return nil, err
	}
	return w.scalar(b, raw)
}

func (w Writer) array(b []byte, s *codec.Scanner) ([]byte, error) {
	b = append(b, "<value><array><data>\n"...)
	err := s.Array(func() (err error) {
		b, err = w.value(b, s)
		return err
	})
	return append(b, "</data></array></value>\n"...), err
}

func (w Writer) object(b []byte, s *codec.Scanner) ([]byte, error) {
	b = append(b, "<value><struct>\n"...)
	err := s.Object(func(key []byte) (err error) {
		// A key is no text to Python: what Text removes stays.
		b = append(b, "<member>\n<name>"...)
		b = append(w.escaped(b, string(key)), "</name>\n"...)
		if b, err = w.value(b, s); err != nil {
			return err
		}
		b = append(b, "</member>\n"...)
		return nil
	})
	return append(b, "</struct></value>\n"...), err
}

func (w Writer) scalar(b, raw []byte) ([]byte, error) {
	switch raw[0] {
	case '"':
		return w.text(b, raw)
	case 't':
		return append(b, "<value><boolean>1</boolean></value>\n"...), nil
	case 'f':
		return append(b, "<value><boolean>0</boolean></value>\n"...), nil
	case 'n':
		if w.Answer {
			return nil, ErrNone
		}
		return append(b, "<value><nil/></value>\n"...), nil
	}
	if bytes.ContainsAny(raw, ".eEIN") {
		return fmt.Appendf(b, "<value><double>%s</double></value>\n", double(string(raw))), nil
	}
	return w.integer(b, string(raw))
}

func (w Writer) integer(b []byte, digits string) ([]byte, error) {
	n, err := strconv.ParseInt(digits, 10, 64)
	switch {
	case err == nil && n >= math.MinInt32 && n <= math.MaxInt32:
		return fmt.Appendf(b, "<value><int>%d</int></value>\n", n), nil
	case w.Answer:
		return nil, ErrOverflow
	}
	return fmt.Appendf(b, "<value><i8>%s</i8></value>\n", digits), nil
}

func (w Writer) text(b, raw []byte) ([]byte, error) {
	var text string
	err := json.Unmarshal(raw, &text)
	if err == nil && w.Text != nil {
		text, err = w.Text(text)
	}
	if err != nil {
		return nil, err
	}
	return append(w.escaped(append(b, "<value><string>"...), text), "</string></value>\n"...), nil
}

// escaped appends a text. In a request a carriage return is a reference, since a parser of XML makes a line break of the
// character itself; Odoo answers with the character.
func (w Writer) escaped(b []byte, text string) []byte {
	if w.Answer {
		return append(b, answered.Replace(text)...)
	}
	return append(b, asked.Replace(text)...)
}

var (
	answered = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	asked    = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")
)

// double is a number as Python's float() takes it.
func double(raw string) string {
	switch raw {
	case "NaN":
		return "nan"
	case "Infinity":
		return "inf"
	case "-Infinity":
		return "-inf"
	}
	return raw
}

// Plain is the Text of requests: XML cannot carry control characters.
func Plain(text string) (string, error) {
	for _, r := range text {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\ufffe' || r == '\uffff' {
			return "", &CharacterError{r}
		}
	}
	return text, nil
}

// CharacterError is the error for a text with a character that XML cannot carry.
type CharacterError struct{ Character rune }

func (e *CharacterError) Error() string {
	return fmt.Sprintf("a text has the character U+%04X, which XML cannot carry", e.Character)
}
