package form

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Views say in Python when a field is readonly, and in which context its onchange runs. This file reads the part of Python that
// the views of Odoo use: literals, names, attributes, items, comparisons, and, or, not, if, sums, and calls of functions that
// the environment has. Anything else is an error, never a guess.

// expression is a Python expression that is ready to be evaluated.
type expression func(env map[string]any) (any, error)

// function is a function that an expression calls.
type function func(args []any) (any, error)

var errSyntax = errors.New("an expression that is not supported")

func parseExpression(source string) (expression, error) {
	p := &parser{rest: source}
	p.next()
	e := p.conditional(0)
	if p.failed || p.token != "" {
		return nil, fmt.Errorf("%w: %.100q", errSyntax, source)
	}
	return e, nil
}

type parser struct {
	rest   string
	token  string // "" at the end; a string literal begins with its quote
	text   string // of a string literal
	failed bool
}

func (p *parser) fail() expression {
	p.failed, p.token, p.rest = true, "", ""
	return func(map[string]any) (any, error) { return nil, errSyntax }
}

var signs = []string{"==", "!=", "<=", ">=", "//", "**", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", "+", "-", "*", "/", "%"}

// next moves to the next token.
func (p *parser) next() {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	p.token = ""
	switch {
	case p.rest == "":
		return
	case p.rest[0] == '\'' || p.rest[0] == '"':
		p.literal()
		return
	}
	if n := strings.IndexFunc(p.rest, func(r rune) bool { return !isWord(r) && r != '.' }); isDigit(p.rest[0]) {
		p.take(n)
		return
	}
	if n := strings.IndexFunc(p.rest, func(r rune) bool { return !isWord(r) }); n != 0 {
		p.take(n)
		return
	}
	for _, sign := range signs {
		if strings.HasPrefix(p.rest, sign) {
			p.take(len(sign))
			return
		}
	}
	p.fail()
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isWord(r rune) bool {
	return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

func (p *parser) take(n int) {
	if n < 0 {
		n = len(p.rest)
	}
	p.token, p.rest = p.rest[:n], p.rest[n:]
}

func (p *parser) literal() {
	end := 1
	for end < len(p.rest) && p.rest[end] != p.rest[0] {
		if p.rest[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(p.rest) {
		p.fail()
		return
	}
	value, err := codec.ParsePython(p.rest[:end+1])
	if err != nil {
		p.fail()
		return
	}
	p.text, _ = value.(string)
	p.take(end + 1)
}

func (p *parser) accept(token string) bool {
	if p.token != token {
		return false
	}
	p.next()
	return true
}

const deepest = 100

func (p *parser) conditional(depth int) expression {
	if depth > deepest {
		return p.fail()
	}
	then := p.alternatives(depth)
	if !p.accept("if") {
		return then
	}
	condition := p.alternatives(depth)
	if !p.accept("else") {
		return p.fail()
	}
	otherwise := p.conditional(depth + 1)
	return func(env map[string]any) (any, error) {
		v, err := condition(env)
		switch {
		case err != nil:
			return nil, err
		case truthy(v):
			return then(env)
		}
		return otherwise(env)
	}
}

func (p *parser) alternatives(depth int) expression {
	return p.chain(depth, "or", true, (*parser).conjunction)
}

func (p *parser) conjunction(depth int) expression {
	return p.chain(depth, "and", false, (*parser).negation)
}

// chain reads operands of "and" or "or": the first whose truth is decisive is the result.
func (p *parser) chain(depth int, word string, decisive bool, operand func(*parser, int) expression) expression {
	all := []expression{operand(p, depth)}
	for p.accept(word) {
		all = append(all, operand(p, depth))
	}
	if len(all) == 1 {
		return all[0]
	}
	return func(env map[string]any) (v any, err error) {
		for _, e := range all {
			if v, err = e(env); err != nil || truthy(v) == decisive {
				return v, err
			}
		}
		return v, nil
	}
}

func (p *parser) negation(depth int) expression {
	if depth > deepest {
		return p.fail()
	}
	if !p.accept("not") {
		return p.comparison(depth)
	}
	e := p.negation(depth + 1)
	return func(env map[string]any) (any, error) {
		v, err := e(env)
		return !truthy(v), err
	}
}

func (p *parser) comparison(depth int) expression {
	left := p.sum(depth)
	operator := p.operator()
	if operator == "" {
		return left
	}
	right := p.sum(depth)
	if p.operator() != "" {
		return p.fail() // a < b < c
	}
	return operation(left, right, func(a, b any) (any, error) { return compare(a, operator, b) })
}

// operation does something with two values.
func operation(left, right expression, apply func(a, b any) (any, error)) expression {
	return func(env map[string]any) (any, error) {
		a, err := left(env)
		if err != nil {
			return nil, err
		}
		b, err := right(env)
		if err != nil {
			return nil, err
		}
		return apply(a, b)
	}
}

// operator passes an operator of comparisons.
func (p *parser) operator() string {
	switch token := p.token; token {
	case "==", "!=", "<", ">", "<=", ">=", "in":
		p.next()
		return token
	case "not":
		if p.next(); p.accept("in") {
			return "not in"
		}
		p.fail()
	}
	return ""
}

func (p *parser) sum(depth int) expression {
	left := p.product(depth)
	for p.token == "+" || p.token == "-" {
		left = p.arithmetic(left, (*parser).product, depth)
	}
	return left
}

func (p *parser) product(depth int) expression {
	left := p.signed(depth)
	for p.token == "*" || p.token == "/" {
		left = p.arithmetic(left, (*parser).signed, depth)
	}
	return left
}

func (p *parser) arithmetic(left expression, operand func(*parser, int) expression, depth int) expression {
	sign := p.token
	p.next()
	return operation(left, operand(p, depth), func(a, b any) (any, error) { return calculate(a, sign, b) })
}

func (p *parser) signed(depth int) expression {
	if !p.accept("-") {
		return p.suffixes(p.atom(depth), depth)
	}
	return operation(constant(0.0), p.suffixes(p.atom(depth), depth), func(a, b any) (any, error) { return calculate(a, "-", b) })
}

func (p *parser) atom(depth int) expression {
	token := p.token
	if token == "" || depth > deepest {
		return p.fail()
	}
	switch token[0] {
	case '\'', '"':
		text := p.text
		p.next()
		return constant(text)
	case '(', '[':
		return p.list(depth)
	case '{':
		return p.dictionary(depth)
	}
	p.next()
	if isDigit(token[0]) {
		n, err := strconv.ParseFloat(token, 64)
		if err != nil {
			return p.fail()
		}
		return constant(n)
	}
	switch token {
	case "True", "true":
		return constant(true)
	case "False", "false":
		return constant(false)
	case "None":
		return constant(nil)
	}
	if !isWord(rune(token[0])) {
		return p.fail()
	}
	return func(env map[string]any) (any, error) {
		v, known := env[token]
		if !known {
			return nil, fmt.Errorf("it names %s, which the form does not have", token)
		}
		return v, nil
	}
}

func constant(v any) expression { return func(map[string]any) (any, error) { return v, nil } }

// list reads a list, a tuple, or an expression in parentheses.
func (p *parser) list(depth int) expression {
	parentheses := p.token == "("
	items, comma := p.items(depth)
	if parentheses && len(items) == 1 && !comma {
		return items[0]
	}
	return func(env map[string]any) (any, error) { return evaluated(items, env) }
}

// items reads expressions between brackets, and reports whether a comma follows the last one.
func (p *parser) items(depth int) (items []expression, comma bool) {
	closing := "]"
	if p.token == "(" {
		closing = ")"
	}
	p.next()
	for !p.failed && p.token != closing {
		items = append(items, p.conditional(depth+1))
		if comma = p.accept(","); !comma {
			break
		}
	}
	if !p.accept(closing) {
		p.fail()
	}
	return items, comma
}

func evaluated(items []expression, env map[string]any) ([]any, error) {
	out := make([]any, len(items))
	for i, e := range items {
		v, err := e(env)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

func (p *parser) dictionary(depth int) expression {
	p.next()
	var keys, values []expression
	for !p.failed && p.token != "}" {
		keys = append(keys, p.conditional(depth+1))
		if !p.accept(":") {
			return p.fail()
		}
		values = append(values, p.conditional(depth+1))
		if !p.accept(",") {
			break
		}
	}
	if !p.accept("}") {
		return p.fail()
	}
	return func(env map[string]any) (any, error) {
		out := map[string]any{}
		for i := range keys {
			key, err := keys[i](env)
			if err != nil {
				return nil, err
			}
			value, err := values[i](env)
			if err != nil {
				return nil, err
			}
			out[fmt.Sprint(key)] = value
		}
		return out, nil
	}
}

// suffixes reads what follows an atom: attributes, items and calls.
func (p *parser) suffixes(e expression, depth int) expression {
	for !p.failed {
		switch {
		case p.accept("."):
			e = attribute(e, p.token)
			p.next()
		case p.token == "(":
			items, _ := p.items(depth + 1)
			e = call(e, items)
		case p.accept("["):
			key := p.conditional(depth + 1)
			if !p.accept("]") {
				return p.fail()
			}
			e = item(e, key)
		default:
			return e
		}
	}
	return e
}
