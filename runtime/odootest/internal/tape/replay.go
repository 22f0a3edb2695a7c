package tape

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/spelling"
)

// Take is the next answer that was recorded for a call. The error of a call that was not recorded shows the nearest one that was.
func (t *Tape) Take(c *Call) (*Entry, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	key, times := c.key(), 0
	for _, e := range t.entries {
		if e.key != key {
			continue
		}
		if times++; !e.taken {
			e.taken = true
			return e, nil
		}
	}
	if times > 0 {
		return nil, fmt.Errorf("%s was recorded %s, and is called once more: %s", c.Name, spelling.Count(times, "time"), summary(c))
	}
	return nil, t.notRecorded(c)
}

// Left are the calls that were recorded and not taken.
func (t *Tape) Left() (calls []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range t.entries {
		if !e.taken {
			calls = append(calls, summary(&e.Call))
		}
	}
	return calls
}

// Normalize changes the calls of a tape, before any was taken.
func (t *Tape) Normalize(change func(*Call)) {
	for _, e := range t.entries {
		change(&e.Call)
		e.key = e.Call.key()
	}
}

// longestSummary is how much of a call an error shows.
const longestSummary = 400

func summary(c *Call) string {
	data, err := compact(c)
	if err != nil {
		return c.Name
	}
	if len(data) > longestSummary {
		return strings.ToValidUTF8(string(data[:longestSummary]), "") + "…"
	}
	return string(data)
}

// notRecorded shows a call, the nearest one that was recorded, and how they differ.
func (t *Tape) notRecorded(c *Call) error {
	var nearest *Entry
	var least []string
	for _, e := range t.entries {
		if e.Name != c.Name {
			continue
		}
		if d := differences(&e.Call, c); nearest == nil || len(d) < len(least) {
			nearest, least = e, d
		}
	}
	if nearest == nil {
		names := map[string]bool{}
		for _, e := range t.entries {
			names[e.Name] = true
		}
		return fmt.Errorf("%s was not recorded: %s%s\nrecorded are: %s", c.Name, summary(c), spelling.Hint(c.Name, maps.Keys(names)),
			strings.Join(slices.Sorted(maps.Keys(names)), ", "))
	}
	state := ""
	if nearest.taken {
		state = " (which was answered before)"
	}
	return fmt.Errorf("the call was not recorded: %s\nthe nearest one that was%s: %s\ndifferences:\n  %s",
		summary(c), state, summary(&nearest.Call), strings.Join(firstFew(least), "\n  "))
}

// mostDifferences is how many differences an error lists.
const mostDifferences = 8

func firstFew(all []string) []string {
	if len(all) <= mostDifferences {
		return all
	}
	return append(slices.Clone(all[:mostDifferences]), fmt.Sprintf("and %d more", len(all)-mostDifferences))
}

// differences lists where two calls differ, a line for each value.
func differences(recorded, asked *Call) (lines []string) {
	for _, part := range []struct {
		name string
		a, b any
	}{
		{"protocol", recorded.Protocol, asked.Protocol},
		{"user", recorded.As, asked.As},
		{"args", list(recorded.Args), list(asked.Args)},
		{"kwargs", recorded.meantKwargs(), asked.meantKwargs()},
	} {
		lines = append(lines, compare(part.name, normal(part.a), normal(part.b))...)
	}
	return lines
}

// list is a list that is empty rather than nil.
func list(v []any) []any { return append([]any{}, v...) }

func compare(path string, a, b any) (lines []string) {
	listA, okA := a.([]any)
	listB, okB := b.([]any)
	if okA && okB && len(listA) == len(listB) {
		for i := range listA {
			lines = append(lines, compare(fmt.Sprintf("%s[%d]", path, i), listA[i], listB[i])...)
		}
		return lines
	}
	mapA, okA := a.(map[string]any)
	mapB, okB := b.(map[string]any)
	if okA && okB {
		return compareMembers(path, mapA, mapB)
	}
	if x, y := written(a), written(b); x != y {
		return []string{fmt.Sprintf("%s: recorded %s, called with %s", path, x, y)}
	}
	return nil
}

func compareMembers(path string, a, b map[string]any) (lines []string) {
	keys := map[string]bool{}
	for _, m := range []map[string]any{a, b} {
		for key := range m {
			keys[key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		at := path + "." + key
		x, hasX := a[key]
		y, hasY := b[key]
		switch {
		case hasX && hasY:
			lines = append(lines, compare(at, x, y)...)
		case hasX:
			lines = append(lines, fmt.Sprintf("%s: recorded %s, called without it", at, written(x)))
		default:
			lines = append(lines, fmt.Sprintf("%s: recorded without it, called with %s", at, written(y)))
		}
	}
	return lines
}

// longestValue is how much of a value a difference shows.
const longestValue = 120

func written(v any) string {
	data, err := compact(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	if len(data) > longestValue {
		return strings.ToValidUTF8(string(data[:longestValue]), "") + "…"
	}
	return string(data)
}

// Write answers a request with a recorded answer, at a server with the address.
func (r *Reader) Write(w http.ResponseWriter, req *Request, e *Entry, address, newSession string) error {
	body, err := bodyOf(req, e)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", typeJSON)
	for name, v := range e.Header {
		w.Header().Set(name, strings.ReplaceAll(v, serverAddress, address))
	}
	opened := ""
	if e.Session {
		opened = newSession
		http.SetCookie(w, &http.Cookie{Name: "session_id", Value: opened, Path: "/", HttpOnly: true})
	}
	r.learn(req, e.Answer, opened)
	status := e.Status
	if status == 0 {
		status = http.StatusOK
	}
	w.WriteHeader(status)
	_, err = w.Write(body)
	return err
}

// bodyOf is the body of a recorded answer.
func bodyOf(req *Request, e *Entry) ([]byte, error) {
	for _, member := range []string{"text", "base64", "json"} {
		v, ok := e.Answer[member]
		if !ok {
			continue
		}
		v = lengthen(v)
		switch member {
		case "text":
			return []byte(text(v)), nil
		case "base64":
			return base64.StdEncoding.DecodeString(text(v))
		}
		return compact(v)
	}
	if !req.enveloped() {
		return nil, fmt.Errorf("the recorded answer to %s has none of text, base64 and json", req.Name)
	}
	whole, _ := lengthen(maps.Clone(e.Answer)).(map[string]any)
	whole["jsonrpc"] = "2.0"
	if _, ok := whole["id"]; !ok {
		whole["id"] = req.id
	}
	return compact(whole)
}

// classNotRecorded is the class of the error that a call gets which is not recorded.
const classNotRecorded = "odootest.NotRecorded"

// Refuse answers a request with an error, in the form of its protocol.
func Refuse(w http.ResponseWriter, req *Request, message string) {
	failure := map[string]any{"name": classNotRecorded, "message": message, "arguments": []string{message}, "context": map[string]any{}, "debug": message}
	var answer any = failure
	switch {
	case req == nil || req.Protocol == plainHTTP:
		http.Error(w, message, http.StatusNotImplemented)
		return
	case req.enveloped():
		answer = map[string]any{
			"jsonrpc": "2.0", "id": req.id, "error": map[string]any{"code": 0, "message": "Odoo Server Error", "data": failure},
		}
	}
	data, err := compact(answer)
	if err != nil {
		panic(err) // texts and ids of JSON only
	}
	w.Header().Set("Content-Type", typeJSON)
	if !req.enveloped() {
		w.WriteHeader(http.StatusNotImplemented)
	}
	_, _ = w.Write(data)
}
