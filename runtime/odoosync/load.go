package odoosync

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
)

// This file speaks to Odoo's load, which takes a table of texts and writes all of its rows or none.

type table struct {
	header []string
	rows   [][]string
}

// table begins a table of fields of which a column identifies the records.
func (j *job) table(identity string, names []string) *table {
	t := &table{header: []string{identity}}
	for _, name := range names {
		t.header = append(t.header, j.column(name))
	}
	return t
}

// loadTypes are the types of fields whose texts load reads in one way only.
var loadTypes = []string{"char", "text", typeHTML, "integer", typeFloat, typeMonetary, "boolean", "date", "datetime", typeMany2one, typeMany2many}

// loadable are the fields of values that load can set to them.
func (j *job) loadable(values map[string]json.RawMessage) []string {
	names := sortedKeys(values)
	return slices.DeleteFunc(names, func(name string) bool {
		switch f := j.fields[name]; f.Type {
		case "selection":
			return !plainChoice(f.Selection, text(values[name]))
		case typeMany2many:
			c, err := commandsOf(values[name])
			return err != nil || !c.whole
		default:
			return !slices.Contains(loadTypes, f.Type)
		}
	})
}

// plainChoice reports whether load reads a text as the choice with this value: it takes the first choice that has the text as
// its value or, in any case, as its label.
func plainChoice(choices orm.Labels, value string) bool {
	for _, c := range choices {
		if c[0] == value {
			return true
		}
		if strings.EqualFold(c[1], value) || strings.EqualFold(c[0], value) {
			return false
		}
	}
	return value == ""
}

// column is the header of a field.
func (j *job) column(name string) string {
	switch j.fields[name].Type {
	case typeMany2one, typeMany2many:
		return name + "/.id"
	}
	return name
}

// cells are values as texts.
func (j *job) cells(values map[string]json.RawMessage, names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = cell(j.fields[name].Type, values[name])
	}
	return out
}

func cell(fieldType string, raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	switch {
	case fieldType == "boolean":
		return map[bool]string{true: "1", false: "0"}[string(raw) == "true"]
	case fieldType == typeMany2many:
		c, _ := commandsOf(raw) // loadable has looked
		ids := make([]string, 0, len(c.linked))
		for id := range c.linked {
			ids = append(ids, strconv.FormatInt(id, 10))
		}
		slices.Sort(ids)
		return strings.Join(ids, ",")
	case string(raw) == "false", string(raw) == "null":
		return ""
	case raw[0] == '"':
		return text(raw)
	}
	return string(raw)
}

// loadRefusal is what load answers in place of IDs. Odoo has rolled the load back.
type loadRefusal struct{ messages []string }

func (e *loadRefusal) Error() string { return strings.Join(e.messages, "; ") }

func (j *job) load(t *table) ([]int64, error) {
	var raw json.RawMessage
	err := j.model.Call(j.ctx, "load", nil, orm.Args{"fields": t.header, "data": t.rows}, &raw, orm.TimeZone("UTC"))
	if err != nil {
		return nil, err
	}
	var answer struct {
		IDs      json.RawMessage
		Messages []struct{ Type, Message string }
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	refusal := &loadRefusal{}
	for _, m := range answer.Messages {
		if m.Type != "warning" {
			refusal.messages = append(refusal.messages, strings.TrimSpace(m.Message))
		}
	}
	var ids []int64
	if json.Unmarshal(answer.IDs, &ids) != nil || len(refusal.messages) > 0 {
		return nil, refusal
	}
	if len(ids) != len(t.rows) {
		return nil, fmt.Errorf("load of %d records: the response has %d IDs", len(t.rows), len(ids))
	}
	return ids, nil
}
