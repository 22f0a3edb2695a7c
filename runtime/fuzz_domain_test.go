package orm

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// FuzzDomain builds a condition as the bytes say, writes it, and reads it back with a reader of Odoo's Polish notation that
// knows nothing of how it was written: the result must be the same.
func FuzzDomain(f *testing.F) {
	for _, seed := range []string{"", "a", "&|!", "&a|b!c", "!!!x", "&&&&", "|&a!b&cd", "?&ab", "??!a", "&*n", "|*n", "!*", "!n", "?n", "?*"} {
		f.Add(seed, "name", "v\"\\\n")
	}
	f.Fuzz(func(t *testing.T, program, field, value string) {
		if len(program) > 200 {
			return
		}
		b := &domainBuilder{program: program, field: field, value: value}
		built, want := b.next()
		written, err := codec.Append(nil, Domain[sale](built))
		// A field whose name depends on the server is refused: only the condition of a call has the name.
		if valid := utf8.ValidString(field) && utf8.ValidString(value) && !codec.Varies(field); err != nil {
			if valid {
				t.Fatalf("%s: %v", want, err)
			}
			return
		}
		var list []any
		if err := json.Unmarshal(written, &list); err != nil {
			t.Fatalf("%s is not JSON: %v", written, err)
		}
		got, err := readDomain(list)
		if err != nil || got != want {
			t.Fatalf("%s reads as %s, %v; want %s", written, got, err, want)
		}
	})
}

// domainBuilder builds a condition from a program, and says in words what it has built.
type domainBuilder struct{ program, field, value string }

func (b *domainBuilder) next() (Expr, string) {
	if b.program == "" {
		return Expr{}, "true"
	}
	op := b.program[0]
	b.program = b.program[1:]
	switch op {
	case '&', '|':
		x, left := b.next()
		y, right := b.next()
		if op == '&' {
			return and(x, y), junction("and", left, right, "true", "false")
		}
		return or(x, y), junction("or", left, right, "false", "true")
	case '!':
		x, text := b.next()
		return not(x), negation(text)
	case '?':
		x, text := b.next()
		switch text {
		case "true":
			return anyOf(b.field, "", x), leafText(b.field, "!=", false)
		case "false":
			return anyOf(b.field, "", x), "false"
		}
		return anyOf(b.field, "", x), fmt.Sprintf("(%q any %s)", b.field, text)
	case '*':
		return Expr{}, "true"
	case 'n':
		return never, "false"
	}
	value := b.value + string(rune('a'+op%26))
	return trustedLeaf(b.field, "=", value), leafText(b.field, "=", value)
}

func junction(word, left, right, neutral, decides string) string {
	switch {
	case left == decides || right == decides:
		return decides
	case left == neutral:
		return right
	case right == neutral:
		return left
	}
	return "(" + left + " " + word + " " + right + ")"
}

func negation(text string) string {
	switch text {
	case "true":
		return "false"
	case "false":
		return "true"
	}
	return "(not " + text + ")"
}

func leafText(field, operator string, value any) string {
	return fmt.Sprintf("(%q %s %#v)", field, operator, value)
}

// readDomain puts a domain in Odoo's notation into words.
func readDomain(list []any) (string, error) {
	if len(list) == 0 {
		return "true", nil
	}
	text, rest, err := readTerm(list)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("%d terms are left", len(rest))
	}
	return text, err
}

func readTerm(list []any) (text string, rest []any, err error) {
	if len(list) == 0 {
		return "", nil, errors.New("an operator lacks its operand")
	}
	switch head := list[0].(type) {
	case string:
		return readOperator(head, list[1:])
	case []any:
		text, err := readLeaf(head)
		return text, list[1:], err
	}
	return "", nil, fmt.Errorf("%v is no term", list[0])
}

func readOperator(sign string, list []any) (string, []any, error) {
	first, rest, err := readTerm(list)
	if err != nil {
		return "", nil, err
	}
	if sign == "!" {
		return "(not " + first + ")", rest, nil
	}
	word := map[string]string{"&": "and", "|": "or"}[sign]
	if word == "" {
		return "", nil, fmt.Errorf("%q is no operator", sign)
	}
	second, rest, err := readTerm(rest)
	return "(" + first + " " + word + " " + second + ")", rest, err
}

func readLeaf(leaf []any) (string, error) {
	if len(leaf) != 3 {
		return "", fmt.Errorf("a leaf of %d parts", len(leaf))
	}
	if leaf[0] == 0.0 && leaf[1] == "=" && leaf[2] == 1.0 {
		return "false", nil
	}
	field, ok := leaf[0].(string)
	if sub, isList := leaf[2].([]any); isList && leaf[1] == "any" && ok {
		text, err := readDomain(sub)
		return fmt.Sprintf("(%q any %s)", field, text), err
	}
	if !ok {
		return "", fmt.Errorf("%v is no field", leaf[0])
	}
	return leafText(field, strings.TrimSpace(fmt.Sprint(leaf[1])), leaf[2]), nil
}
