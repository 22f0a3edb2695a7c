package differential

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// operation is a call: a line of text, see the package.
type operation struct {
	text string
}

// operations are those of a version, in order.
func operations(version int) []operation {
	test := "test_new_api."
	if version >= 19 {
		test = "test_orm."
	}
	var out []operation
	for _, line := range slices.Concat(seeds(), generated(version), handPicked()) {
		line = strings.TrimSpace(line)
		only, rest, limited := strings.Cut(line, "|")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case limited && len(only) == 2 && only != fmt.Sprint(version):
			continue
		case limited && len(only) == 2:
			line = strings.TrimSpace(rest)
		}
		out = append(out, operation{strings.ReplaceAll(line, "{test}.", test)})
	}
	return out
}

var (
	assignment = regexp.MustCompile(`^(\w+) = (.*)$`)
	reference  = regexp.MustCompile(`@\w+`)
)

// call is what an operation results in on one side, where the names are replaced by the ids of that side.
type call struct {
	as, model, method string
	args              []any
	kwargs            map[string]any
}

func (o operation) call(ids map[string]string) (call, error) {
	c, text := call{kwargs: map[string]any{}}, o.text
	if found := assignment.FindStringSubmatch(text); found != nil {
		c.as, text = found[1], found[2]
	}
	text = reference.ReplaceAllStringFunc(text, func(name string) string {
		if id, known := ids[name[1:]]; known {
			return id
		}
		return "null" // made by an operation that failed
	})
	words := strings.SplitN(text, " ", 3)
	if len(words) != 3 {
		return c, fmt.Errorf("%s: want a model, a method and arguments", o.text)
	}
	c.model, c.method = words[0], words[1]
	d := json.NewDecoder(strings.NewReader(words[2]))
	d.UseNumber()
	if err := d.Decode(&c.args); err != nil {
		return c, fmt.Errorf("%s: %w", o.text, err)
	}
	if d.More() {
		if err := d.Decode(&c.kwargs); err != nil {
			return c, fmt.Errorf("%s: %w", o.text, err)
		}
	}
	return c, nil
}

// madeID is the id that a create, copy or name_create answers: alone, first in a list or a pair.
func madeID(answer json.RawMessage) string {
	var list []json.RawMessage
	if json.Unmarshal(answer, &list) == nil && len(list) > 0 {
		return string(list[0])
	}
	return string(answer)
}
