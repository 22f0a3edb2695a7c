package odootest

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// A call of XML-RPC is read as Python's xmlrpc.client does: values go onto a stack when their elements end, and an array or a
// struct takes those off the stack that came since it began. What is around the values hardly matters.

// xmlBinary is a value of the type base64. Odoo wants texts in its place, and takes it for one where any object will do.
type xmlBinary string

// xmlReader is a call that is being read.
type xmlReader struct {
	services
	stack   []any
	marks   []int           // how high the stack was where the arrays and structs that are open began
	text    strings.Builder // since the last element began
	isValue bool            // a value has begun, and no element in it
	method  string
	named   bool   // there is a methodName
	kind    string // the last of methodName, params and fault; "" for none
}

// readXML reads a call: its method and its arguments.
func (s services) readXML(body []byte) (string, []any, error) {
	r := &xmlReader{services: s}
	if err := r.parse(body); err != nil {
		return "", nil, err
	}
	switch {
	case r.kind == "" || len(r.marks) > 0:
		return "", nil, fail(classResponse, "ResponseError()")
	case r.kind == "fault":
		return "", nil, r.raised()
	case !r.named:
		return "", nil, fail(classType, `can only concatenate str (not "NoneType") to str`)
	}
	return r.method, slices.Clip(r.stack), nil
}

// raised is the exception of a fault in place of a call.
func (r *xmlReader) raised() error {
	fault, _ := append(r.stack, nil)[0].(map[string]any)
	return fail(classFault, "<Fault %s: %s>", str(fault["faultCode"]), repr(fault["faultString"]))
}

func (r *xmlReader) parse(body []byte) error {
	in := xml.NewDecoder(bytes.NewReader(body))
	in.CharsetReader = charset
	in.Entity = map[string]string{}
	depth, roots := 0, 0
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) && roots > 0 && depth == 0 {
			return nil
		}
		if err != nil {
			return notXML(in, err, body, depth)
		}
		switch token := token.(type) {
		case xml.Directive:
			declare(in.Entity, string(token))
		case xml.StartElement:
			if depth++; depth == 1 {
				roots++
			}
			if roots > 1 {
				return notXMLAt(in, "junk after document element")
			}
			if err := r.start(token.Name.Local); err != nil {
				return err
			}
		case xml.EndElement:
			depth--
			if err := r.end(token.Name.Local); err != nil {
				return err
			}
		case xml.CharData:
			if depth == 0 && len(bytes.TrimSpace(token)) > 0 {
				return notXMLAt(in, strayText(bytes.TrimSpace(token), roots > 0))
			}
			r.text.Write(token)
		}
		if len(r.marks) > mostNested {
			return errTooDeep
		}
	}
}

// strayText is what is wrong with text outside of all elements.
func strayText(text []byte, after bool) string {
	switch {
	case after:
		return "junk after document element"
	case text[0] == '_' || text[0] >= 0x80 || text[0]|0x20 >= 'a' && text[0]|0x20 <= 'z':
		return "syntax error"
	}
	return "not well-formed (invalid token)"
}

// mostNested is how deep values can be nested, as in JSON.
const mostNested = 10_000

// notXML is the error for a document that cannot be read.
func notXML(in *xml.Decoder, err error, body []byte, depth int) error {
	if unknown, ok := errors.AsType[*charsetError](err); ok {
		return fail(classLookup, "%s", unknown)
	}
	wrong := new(xml.SyntaxError)
	read := body[:min(int(in.InputOffset()), len(body))]
	switch {
	case errors.Is(err, io.EOF), errors.As(err, &wrong) && strings.Contains(wrong.Msg, "unexpected EOF"):
		return notXMLAt(in, "no element found")
	case errors.As(err, &wrong) && strings.Contains(wrong.Msg, "closed by"):
		return notXMLAt(in, "mismatched tag")
	case errors.As(err, &wrong) && badReference.Match(read):
		return notXMLAt(in, "reference to invalid character number")
	case errors.As(err, &wrong) && strings.Contains(wrong.Msg, "invalid character entity") && depth > 0:
		return notXMLAt(in, "undefined entity")
	}
	return notXMLAt(in, "not well-formed (invalid token)")
}

// badReference matches what ends with a reference to a character by its number.
var badReference = regexp.MustCompile(`&#\w*;[^;]?$`)

// notXMLAt is an error of the parser. Where it saw it is not where another parser would.
func notXMLAt(in *xml.Decoder, what string) error {
	line, column := in.InputPos()
	return fail(classExpat, "%s: line %d, column %d", what, line, column-1)
}

var entity = regexp.MustCompile(`<!ENTITY\s+([\w.-]+)\s+(?:"([^"%]*)"|'([^'%]*)')\s*>`)

// declare adds the entities of a document type. Those of files are empty, as in Odoo; elements in an entity are not read.
func declare(entities map[string]string, directive string) {
	const longest = 1 << 20 // of what entities of entities grow to
	for _, found := range entity.FindAllStringSubmatch(directive, -1) {
		text := reference.ReplaceAllStringFunc(found[2]+found[3], func(name string) string { return entities[name[1:len(name)-1]] })
		entities[found[1]] = text[:min(len(text), longest)]
	}
	for _, found := range external.FindAllStringSubmatch(directive, -1) {
		entities[found[1]] = ""
	}
}

var (
	reference = regexp.MustCompile(`&[\w.-]+;`)
	external  = regexp.MustCompile(`<!ENTITY\s+([\w.-]+)\s+(?:SYSTEM|PUBLIC)\s`)
)

// charset reads the encodings that need no table.
func charset(name string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(name) {
	case "us-ascii", "ascii", "utf8":
		return in, nil
	case "iso-8859-1", "latin1", "latin-1":
		data, err := io.ReadAll(in)
		runes := make([]rune, len(data))
		for i, b := range data {
			runes[i] = rune(b)
		}
		return strings.NewReader(string(runes)), err
	}
	return nil, &charsetError{name}
}

type charsetError struct{ name string }

func (e *charsetError) Error() string { return "unknown encoding: " + e.name }

// values are the elements that end with a value.
var values = set("nil boolean i1 i2 i4 i8 int biginteger double float bigdecimal string name array struct base64 dateTime.iso8601 value params fault methodName")

func (r *xmlReader) start(tag string) error {
	if tag == "array" || tag == "struct" {
		r.marks = append(r.marks, len(r.stack))
	}
	r.text.Reset()
	if r.isValue && !values[tag] {
		return fail(classResponse, `ResponseError("unknown tag %s")`, repr(tag))
	}
	r.isValue = tag == "value"
	return nil
}

func (r *xmlReader) end(tag string) error {
	text := r.text.String()
	switch tag {
	case "params", "fault":
		r.kind = tag
		return nil
	case "methodName":
		r.method, r.named, r.kind = text, true, tag
		return nil
	case "value":
		if r.isValue {
			r.stack, r.isValue = append(r.stack, text), false
		}
		return nil
	case "array", "struct":
		return r.collect(tag)
	}
	if !values[tag] {
		return nil
	}
	v, err := r.scalar(tag, text)
	r.stack, r.isValue = append(r.stack, v), false
	return err
}

// collect makes a list or an object of the values since it began.
func (r *xmlReader) collect(tag string) error {
	mark := r.marks[len(r.marks)-1]
	r.marks = r.marks[:len(r.marks)-1]
	items := slices.Clone(r.stack[min(mark, len(r.stack)):])
	r.stack, r.isValue = r.stack[:min(mark, len(r.stack))], false
	if tag == "array" {
		if items == nil {
			items = []any{}
		}
		r.stack = append(r.stack, items)
		return nil
	}
	object := make(map[string]any, len(items)/2)
	for i := 0; i < len(items); i += 2 {
		if i+1 == len(items) {
			return fail(classIndex, "list index out of range")
		}
		switch key := items[i].(type) {
		case []any, map[string]any:
			return fail(classType, "unhashable type: '%s'", typeName(key))
		default:
			object[str(key)] = items[i+1]
		}
	}
	r.stack = append(r.stack, object)
	return nil
}

// scalar is the value of an element without others.
func (r *xmlReader) scalar(tag, text string) (any, error) {
	switch tag {
	case "nil":
		return nil, nil
	case "boolean":
		if text != "0" && text != "1" {
			return nil, fail(classType, "bad boolean value")
		}
		return text == "1", nil
	case "i1", "i2", "i4", "i8", "int", "biginteger":
		return pythonInt(text)
	case "double", "float", "bigdecimal":
		return pythonFloat(text)
	case "base64":
		return decodeLoosely(text), nil
	case "dateTime.iso8601":
		return r.moment(text)
	}
	return text, nil
}

// moment is a date with a time, which the database takes as a text. Older versions do not look at it.
func (r *xmlReader) moment(text string) (any, error) {
	at, err := time.Parse("20060102T15:04:05", strings.TrimSpace(text))
	switch {
	case err == nil:
		return at.Format(time.DateTime), nil
	case r.does(odoofacts.XMLOwnEnvelope):
		return nil, fail(classValue, "time data %s does not match format '%%Y%%m%%dT%%H:%%M:%%S'", quote(text))
	}
	return strings.TrimSpace(text), nil
}

var digits = regexp.MustCompile(`^[+-]?\d+(_\d+)*$`)

// pythonInt is Python's int of a text. What is beyond 64 bits is a number all the same.
func pythonInt(text string) (any, error) {
	trimmed := strings.TrimSpace(text)
	if !digits.MatchString(trimmed) {
		return nil, fail(classValue, "invalid literal for int() with base 10: %s", quote(text))
	}
	plain := strings.ReplaceAll(trimmed, "_", "")
	if n, err := strconv.ParseInt(plain, 10, 64); err == nil {
		return n, nil
	}
	f, _ := strconv.ParseFloat(plain, 64)
	return f, nil
}

// pythonFloat is Python's float of a text.
func pythonFloat(text string) (any, error) {
	trimmed := strings.TrimSpace(text)
	if f, err := strconv.ParseFloat(trimmed, 64); (err == nil || math.IsInf(f, 0)) && !strings.ContainsAny(trimmed, "xXpP") {
		return f, nil
	}
	return nil, fail(classValue, "could not convert string to float: %s", quote(text))
}

// decodeLoosely leaves out what is no base64, as Python does.
func decodeLoosely(text string) xmlBinary {
	kept := strings.Map(func(r rune) rune {
		if r < 0x80 && strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", r) {
			return r
		}
		return -1
	}, text)
	data, _ := base64.RawStdEncoding.DecodeString(kept)
	return xmlBinary(data)
}
