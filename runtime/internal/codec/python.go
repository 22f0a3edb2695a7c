package codec

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ParsePython reads what Python's ast.literal_eval reads: None, True, False, numbers, texts, lists, tuples and
// dictionaries with texts for keys. Contexts of actions that are stored in the database are such texts.
func ParsePython(source string) (any, error) {
	p := &literal{rest: source}
	v, err := p.value(0)
	if p.space(); err != nil || p.rest != "" {
		return nil, errLiteral
	}
	return v, nil
}

type literal struct{ rest string }

var errLiteral = errors.New("not a literal of plain values")

func (p *literal) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// take reports whether a sign comes next, and passes it.
func (p *literal) take(sign string) bool {
	p.space()
	rest, ok := strings.CutPrefix(p.rest, sign)
	p.rest = rest
	return ok
}

func (p *literal) value(depth int) (any, error) {
	if depth > MaxDepth {
		return nil, errLiteral
	}
	switch {
	case p.take("{"):
		return p.dict(depth)
	case p.take("["):
		return p.list("]", depth)
	case p.take("("):
		return p.list(")", depth)
	case strings.HasPrefix(p.rest, `'`), strings.HasPrefix(p.rest, `"`):
		return p.text()
	}
	end := strings.IndexFunc(p.rest, func(r rune) bool { return strings.ContainsRune(",:]}) \t\r\n", r) })
	if end < 0 {
		end = len(p.rest)
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	switch word {
	case "None":
		return nil, nil
	case "True", "False":
		return word == "True", nil
	}
	if n, err := strconv.ParseInt(word, 10, 64); err == nil {
		return n, nil
	}
	if f, err := strconv.ParseFloat(word, 64); err == nil && strings.ContainsAny(word, ".e") {
		return f, nil
	}
	return nil, errLiteral // a name, a sum, a call
}

func (p *literal) list(closing string, depth int) ([]any, error) {
	out := []any{}
	for !p.take(closing) {
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
		if !p.take(",") && !strings.HasPrefix(p.rest, closing) {
			return nil, errLiteral
		}
	}
	return out, nil
}

func (p *literal) dict(depth int) (map[string]any, error) {
	out := map[string]any{}
	for !p.take("}") {
		key, err := p.value(depth + 1)
		name, ok := key.(string)
		if err != nil || !ok || !p.take(":") {
			return nil, errLiteral
		}
		if out[name], err = p.value(depth + 1); err != nil {
			return nil, err
		}
		if !p.take(",") && !strings.HasPrefix(p.rest, "}") {
			return nil, errLiteral
		}
	}
	return out, nil
}

// text reads a string with its ordinary escapes.
func (p *literal) text() (string, error) {
	quote := rune(p.rest[0])
	var b strings.Builder
	for rest := p.rest[1:]; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		switch r {
		case quote:
			p.rest = rest[size:]
			return b.String(), nil
		case '\\':
			c, _, tail, err := strconv.UnquoteChar(rest, byte(quote))
			if err != nil {
				return "", errLiteral
			}
			b.WriteRune(c)
			rest = tail
		default:
			b.WriteRune(r)
			rest = rest[size:]
		}
	}
	return "", errLiteral
}

// Truth reads a value of JSON as Python would, where False, "False" and "0" in a text are no more true than false is.
func Truth(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case float64:
		return v != 0
	case string:
		return v != "" && v != "False" && v != "false" && v != "0"
	}
	return true
}
