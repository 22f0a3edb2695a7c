package generator

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

var signature = regexp.MustCompile(`^\s*(@(?:api\.)?model\s+)?(?:def\s+)?([A-Za-z][A-Za-z0-9_]*)\s*\((.*)\)\s*(?:->\s*([^:]+?))?\s*:?\s*$`)

// parseSignature reads a method as Python declares it: with or without def and self, after @api.model if it is called on
// the model.
func parseSignature(text string) (snapshot.Method, error) {
	parts := signature.FindStringSubmatch(strings.Join(strings.Fields(text), " "))
	if parts == nil {
		return snapshot.Method{}, errors.New("want a name, and arguments in parentheses")
	}
	m := snapshot.Method{Name: parts[2], Source: snapshot.SourceConfig, OfModel: parts[1] != "", Returns: parts[4]}
	arguments, err := splitArguments(parts[3])
	if err != nil {
		return m, err
	}
	kind := snapshot.PositionalOrKeyword
	for i, a := range arguments {
		switch {
		case i == 0 && (a == "self" || a == "cls"):
		case a == "/":
			for j := range m.Params {
				m.Params[j].Kind = snapshot.PositionalOnly
			}
		case a == "*" && kind == snapshot.KeywordOnly:
			return m, errors.New("it has two *")
		case a == "*":
			kind = snapshot.KeywordOnly
		default:
			p, err := parseParam(a, kind)
			if err != nil {
				return m, err
			}
			if m.Params = append(m.Params, p); p.Kind == snapshot.VarPositional {
				kind = snapshot.KeywordOnly
			}
		}
	}
	return m, m.Check()
}

var param = regexp.MustCompile(`^(\*{0,2})([A-Za-z_][A-Za-z0-9_]*) ?(?:: ?([^=]+?))? ?(?:= ?(.+))?$`)

func parseParam(text string, kind snapshot.ParamKind) (snapshot.Param, error) {
	parts := param.FindStringSubmatch(text)
	if parts == nil {
		return snapshot.Param{}, fmt.Errorf("%q is no argument", text)
	}
	p := snapshot.Param{Name: parts[2], Kind: kind, Annotation: parts[3], Optional: parts[4] != "", Default: defaultValue(parts[4])}
	switch parts[1] {
	case "*":
		p.Kind = snapshot.VarPositional
	case "**":
		p.Kind = snapshot.VarKeyword
	}
	return p, nil
}

// splitArguments cuts at the commas that are not within brackets or texts.
func splitArguments(text string) (out []string, err error) {
	depth, start := 0, 0
	var quote rune
	for i, r := range text + "," {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			quote = r
		case strings.ContainsRune("([{", r):
			depth++
		case strings.ContainsRune(")]}", r):
			depth--
		case r == ',' && depth == 0:
			if a := strings.TrimSpace(text[start:i]); a != "" {
				out = append(out, a)
			}
			start = i + 1
		}
	}
	if depth != 0 || quote != 0 {
		return nil, errors.New("a bracket or a quote is not closed")
	}
	return out, nil
}

// defaultValue is a default of Python's in JSON, if it is a simple one.
func defaultValue(python string) json.RawMessage {
	switch python {
	case "None":
		return json.RawMessage("null")
	case "True", "False":
		return json.RawMessage(strings.ToLower(python))
	}
	if inner, ok := strings.CutPrefix(python, "'"); ok {
		python = strconv.Quote(strings.TrimSuffix(inner, "'"))
	}
	if json.Valid([]byte(python)) {
		return json.RawMessage(python)
	}
	return nil
}
