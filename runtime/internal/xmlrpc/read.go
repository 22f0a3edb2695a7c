package xmlrpc

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// The members of the JSON object that an answer is read as: one of them.
const (
	MemberResult = "result"
	MemberFault  = "fault"
)

// Reader reads an answer as JSON while it arrives: {"result": …} or {"fault": {"faultCode": …, "faultString": …}}.
type Reader struct {
	in   *xml.Decoder
	out  bytes.Buffer
	open []element // from the outermost element
	err  error     // io.EOF when all was read
	done bool      // the answer is complete
}

// element is an element that is open.
type element struct {
	name     string
	children int
	text     []byte
}

// NewReader returns a reader of a response. Errors of the connection are returned unchanged; others are a [SyntaxError].
func NewReader(from io.Reader) *Reader {
	return &Reader{in: xml.NewDecoder(&unbroken{from: from})}
}

// SyntaxError is an answer that is not XML-RPC.
type SyntaxError struct{ Text string }

func (e *SyntaxError) Error() string { return "the answer is not XML-RPC: " + e.Text }

func syntax(format string, args ...any) error { return &SyntaxError{fmt.Sprintf(format, args...)} }

// Read reads JSON.
func (r *Reader) Read(p []byte) (int, error) {
	for r.out.Len() == 0 && r.err == nil {
		r.err = r.next()
	}
	if r.out.Len() > 0 {
		return r.out.Read(p)
	}
	return 0, r.err
}

// next reads a token.
func (r *Reader) next() error {
	token, err := r.in.Token()
	if wrong, ok := errors.AsType[*xml.SyntaxError](err); ok {
		return refused(wrong.Msg)
	}
	if errors.Is(err, io.EOF) && !r.done {
		return syntax("it ends early")
	}
	if err != nil {
		return err
	}
	switch token := token.(type) {
	case xml.StartElement:
		return r.start(token.Name.Local)
	case xml.EndElement:
		return r.end()
	case xml.CharData:
		return r.text(token)
	case xml.Directive:
		return syntax("it has a document type")
	}
	return nil
}

// refused is the error for what the parser does not take.
func refused(message string) error {
	var character rune
	if n, _ := fmt.Sscanf(message, "illegal character code U+%X", &character); n == 1 {
		return &CharacterError{character}
	}
	return syntax("%s", message)
}

// The elements that each element can have.
var within = map[string][]string{
	"":               {"methodResponse"},
	"methodResponse": {"params", "fault"},
	"params":         {"param"},
	"param":          {"value"},
	"fault":          {"value"},
	"value":          {"array", "struct", "string", "int", "i4", "i8", "boolean", "double", "nil"},
	"array":          {"data"},
	"data":           {"value"},
	"struct":         {"member"},
	"member":         {"name", "value"},
}

// The elements that have as many children as their name says here.
var exactly = map[string]int{"methodResponse": 1, "params": 1, "param": 1, "fault": 1, "array": 1, "member": 2}

func (r *Reader) start(name string) error {
	outer := &element{}
	if len(r.open) > 0 {
		outer = &r.open[len(r.open)-1]
	}
	switch {
	case r.done || !slices.Contains(within[outer.name], name):
		return syntax("unexpected <%.40s> in <%s>", name, outer.name)
	case outer.name == "member" && (name == "name") != (outer.children == 0):
		return syntax("a member is no name with a value")
	case len(r.open) > 4*codec.MaxDepth:
		return syntax("it is nested too deep")
	case outer.children > 0 && (outer.name == "data" || outer.name == "struct"):
		r.out.WriteByte(',')
	case outer.children > 0 && outer.name != "member":
		return syntax("<%s> has two elements", outer.name)
	}
	outer.children++
	r.out.WriteString(opening[name])
	r.open = append(r.open, element{name: name})
	return nil
}

// What the elements begin and end with in JSON.
var (
	opening = map[string]string{"params": `{"` + MemberResult + `":`, "fault": `{"` + MemberFault + `":`, "array": "[", "struct": "{"}
	closing = map[string]string{"params": "}", "fault": "}", "array": "]", "struct": "}", "name": ":"}
)

func (r *Reader) text(text []byte) error {
	if len(r.open) == 0 {
		return nil
	}
	e := &r.open[len(r.open)-1]
	if within[e.name] != nil && (e.name != "value" || e.children > 0) {
		if len(bytes.TrimSpace(text)) > 0 {
			return syntax("<%s> has text", e.name)
		}
		return nil
	}
	e.text = append(e.text, text...)
	return nil
}

func (r *Reader) end() error {
	e := r.open[len(r.open)-1]
	r.open = r.open[:len(r.open)-1]
	if n, known := exactly[e.name]; known && e.children != n {
		return syntax("<%s> has %d elements", e.name, e.children)
	}
	r.done = len(r.open) == 0
	isText := e.name == "value" && e.children == 0
	if within[e.name] == nil || isText {
		if err := r.scalar(e.name, string(e.text)); err != nil {
			return err
		}
	}
	r.out.WriteString(closing[e.name])
	return nil
}

// scalar writes a value without children.
func (r *Reader) scalar(kind, text string) error {
	switch kind {
	case "nil":
		r.out.WriteString("null")
		return nil
	case "boolean":
		value, known := map[string]string{"0": "false", "1": "true"}[text]
		if !known {
			return syntax("<boolean> is %.40q", text)
		}
		r.out.WriteString(value)
		return nil
	case "int", "i4", "i8", "double":
		return r.number(kind, text)
	}
	e := json.NewEncoder(&r.out)
	e.SetEscapeHTML(false)
	return e.Encode(text)
}

// number writes a number, which JSON writes as Python does but for those that are none.
func (r *Reader) number(kind, text string) error {
	if special, ok := map[string]string{"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[text]; ok && kind == "double" {
		r.out.WriteString(special)
		return nil
	}
	if !json.Valid([]byte(text)) || strings.Trim(text, "0123456789+-.eE") != "" || kind != "double" && strings.ContainsAny(text, ".eE") {
		return syntax("<%s> is %.40q", kind, text)
	}
	r.out.WriteString(text)
	return nil
}

// unbroken replaces carriage returns by references: Odoo writes them raw, and XML makes line breaks of them.
type unbroken struct {
	from io.Reader
	left []byte
	read [8 << 10]byte
	err  error
}

func (u *unbroken) Read(p []byte) (int, error) {
	for len(u.left) == 0 && u.err == nil {
		var n int
		n, u.err = u.from.Read(u.read[:])
		u.left = bytes.ReplaceAll(u.read[:n], []byte("\r"), []byte("&#13;"))
	}
	if len(u.left) == 0 {
		return 0, u.err
	}
	n := copy(p, u.left)
	u.left = u.left[n:]
	return n, nil
}
