package odootest

import (
	"fmt"
	"strconv"
	"strings"
)

// signature is how a Python method takes its arguments.
type signature struct {
	name   string // as Python prints it: "BaseModel.search()"
	self   bool   // Python counts the record set that the method is called on
	params []param
}

type param struct {
	name     string
	optional bool
}

func needed(names ...string) []param   { return params(names, false) }
func optional(names ...string) []param { return params(names, true) }

func params(names []string, optional bool) []param {
	out := make([]param, len(names))
	for i, name := range names {
		out[i] = param{name, optional}
	}
	return out
}

// arguments are those of one call, by the names of their parameters.
type arguments struct {
	ids    []int64
	named  map[string]any
	params []param
}

// domain is that of a method that can do without one.
func (a arguments) domain() any {
	if domain := a.named["domain"]; domain != nil {
		return domain
	}
	return []any{}
}

func (a arguments) int(name string) int {
	if text, ok := a.named[name].(string); ok {
		n, _ := strconv.Atoi(text)
		return n
	}
	n, _ := number(a.named[name])
	return int(n)
}

func (a arguments) text(name string) string {
	if !truthy(a.named[name]) {
		return ""
	}
	return str(a.named[name])
}

// first is the argument of the first parameter, whose name differs between versions.
func (a arguments) first() any { return a.named[a.params[0].name] }

// bind gives the arguments their names, or fails as Python does.
func (s signature) bind(args []any, kwargs map[string]any) (arguments, error) {
	a := arguments{named: map[string]any{}, params: s.params}
	if len(args) > len(s.params) {
		return a, s.tooMany(len(args))
	}
	for i, v := range args {
		a.named[s.params[i].name] = v
	}
	for name, v := range kwargs {
		switch _, twice := a.named[name]; {
		case !s.knows(name):
			return a, fail(classType, "%s got an unexpected keyword argument '%s'", s.name, name)
		case twice:
			return a, fail(classType, "%s got multiple values for argument '%s'", s.name, name)
		}
		a.named[name] = v
	}
	return a, s.complete(a)
}

func (s signature) knows(name string) bool {
	for _, p := range s.params {
		if p.name == name {
			return true
		}
	}
	return false
}

// complete checks that every argument is there that must be.
func (s signature) complete(a arguments) error {
	var lost []string
	for _, p := range s.params {
		if _, given := a.named[p.name]; !given && !p.optional {
			lost = append(lost, "'"+p.name+"'")
		}
	}
	switch len(lost) {
	case 0:
		return nil
	case 1:
		return fail(classType, "%s missing 1 required positional argument: %s", s.name, lost[0])
	case 2:
		return fail(classType, "%s missing 2 required positional arguments: %s and %s", s.name, lost[0], lost[1])
	}
	last := len(lost) - 1
	return fail(classType, "%s missing %d required positional arguments: %s, and %s", s.name, len(lost), strings.Join(lost[:last], ", "), lost[last])
}

func (s signature) tooMany(given int) error {
	least, most := 0, len(s.params)
	for _, p := range s.params {
		if !p.optional {
			least++
		}
	}
	if s.self {
		least, most, given = least+1, most+1, given+1
	}
	takes := fmt.Sprint(most)
	if least < most {
		takes = fmt.Sprintf("from %d to %d", least, most)
	}
	plural, were := "s", "were"
	if most == 1 && least == most {
		plural = ""
	}
	if given == 1 {
		were = "was"
	}
	return fail(classType, "%s takes %s positional argument%s but %d %s given", s.name, takes, plural, given, were)
}
