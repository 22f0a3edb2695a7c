package tape

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// widest is how long a line with a whole value is at most.
const widest = 120

// memberOrder puts the members of calls and of the file in the order in which people read them; the others follow by name.
var memberOrder = []string{"recording", "server", "database", "protocol", "as", "call", "args", "kwargs", "status", "header", "session", "answer"}

// layout is JSON for people and their diffs: a value that fits is on one line, others have a line for each member.
func layout(v any) []byte {
	var b bytes.Buffer
	lay(&b, v, 0)
	b.WriteByte('\n')
	return b.Bytes()
}

func lay(b *bytes.Buffer, v any, depth int) {
	whole, err := compact(v)
	if err != nil {
		panic(err) // it was decoded from JSON
	}
	switch v := v.(type) {
	case map[string]any:
		if _, isCall := v["call"]; len(v) > 0 && (depth == 0 || isCall || depth+len(whole) > widest) {
			layMembers(b, v, depth)
			return
		}
	case []any:
		if depth+len(whole) > widest && len(v) > 0 {
			layElements(b, v, depth)
			return
		}
	}
	b.Write(whole)
}

func layMembers(b *bytes.Buffer, v map[string]any, depth int) {
	keys := slices.SortedFunc(maps.Keys(v), func(x, y string) int { return cmp.Or(cmp.Compare(rank(x), rank(y)), cmp.Compare(x, y)) })
	open := byte('{')
	for _, key := range keys {
		line(b, open, depth+1)
		name, _ := json.Marshal(key) //nolint:errchkjson // a string
		b.Write(name)
		b.WriteString(": ")
		lay(b, v[key], depth+1)
		open = ','
	}
	line(b, 0, depth)
	b.WriteByte('}')
}

func layElements(b *bytes.Buffer, v []any, depth int) {
	open := byte('[')
	for _, element := range v {
		line(b, open, depth+1)
		lay(b, element, depth+1)
		open = ','
	}
	line(b, 0, depth)
	b.WriteByte(']')
}

// line ends a line with a sign, unless it is 0, and indents the next.
func line(b *bytes.Buffer, sign byte, depth int) {
	if sign != 0 {
		b.WriteByte(sign)
	}
	b.WriteString("\n" + strings.Repeat(" ", depth))
}

func rank(key string) int {
	if i := slices.Index(memberOrder, key); i >= 0 {
		return i
	}
	return len(memberOrder)
}
