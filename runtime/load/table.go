package load

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// table is what load takes: a header of fields, and rows of texts.
type table struct {
	header   []string
	rows     [][]string
	first    int // the index of the first row among those of the load
	hasTimes bool
	names    map[string]string // on the server, of fields whose names depend on it
}

// batch is the part of the table that begins at a row and has at most size of them.
func (t *table) batch(from, size int) *table {
	part := *t
	part.rows, part.first = t.rows[from:min(from+size, len(t.rows))], from
	return &part
}

const columnXMLID = "id"

func newTable[V any](rows []Row[V], names map[string]string) (*table, error) {
	t := &table{names: names}
	seen := map[string]int{}
	for i, row := range rows {
		if other, twice := seen[row.XMLID]; twice && row.XMLID != "" {
			return nil, fmt.Errorf("the rows %d and %d have the same external ID %s", other, i, row.XMLID)
		}
		seen[row.XMLID] = i
		if err := t.add(row.XMLID, reflect.ValueOf(row.Values)); err != nil {
			return nil, fmt.Errorf("row %d: %w", i, err)
		}
	}
	return t, nil
}

// add adds the values of a row, whose fields must be those of the first one.
func (t *table) add(xmlID string, values reflect.Value) error {
	for values.Kind() == reflect.Pointer {
		values = values.Elem()
	}
	if !values.IsValid() {
		return errors.New("no values")
	}
	p, err := codec.PlanOf(values.Type())
	if err != nil {
		return err
	}
	header, cells := []string{columnXMLID}, map[string]string{columnXMLID: xmlID}
	for _, f := range p.Fields {
		value := values.FieldByIndex(f.Index)
		if codec.IsAbsent(value) {
			continue
		}
		name := cmp.Or(t.names[f.Name], f.Name)
		cell, err := t.cell(name, value)
		if err != nil {
			return fmt.Errorf("field %s: %w", name, err)
		}
		column := headerOf(name, value.Type())
		header, cells[column] = append(header, column), cell
	}
	if t.header == nil {
		t.header = header
	}
	row := make([]string, len(t.header))
	for i, column := range t.header {
		cell, ok := cells[column]
		if !ok {
			return fmt.Errorf("the field %s is not in this row, but in the first one: %s", fieldOf(column), rowsDiffer)
		}
		row[i] = cell
	}
	for _, column := range header {
		if !slices.Contains(t.header, column) {
			return fmt.Errorf("the field %s is in this row, but not in the first one: %s", fieldOf(column), rowsDiffer)
		}
	}
	t.rows = append(t.rows, row)
	return nil
}

const rowsDiffer = "a load is a table, so set the field in every row or load these rows apart"

// fieldOf is the field of a header: partner_id of partner_id/.id.
func fieldOf(header string) string {
	field, _, _ := strings.Cut(header, "/")
	return field
}

// headerOf is the header of a field: that of a relation says that its cells are IDs.
func headerOf(name string, t reflect.Type) string {
	t = codec.Plain(t)
	if (codec.Is(t, "ID") || codec.Is(t, "Ref") || codec.IsCommands(t)) && !strings.Contains(name, "/") {
		return name + "/.id"
	}
	return name
}

// wholeSet gives the IDs of a relation to many, separated by commas: load takes a whole set and no other commands.
func wholeSet(b []byte) (string, error) {
	var commands [][]json.RawMessage
	if err := json.Unmarshal(b, &commands); err != nil {
		return "", err
	}
	var ids []json.Number
	for _, c := range commands {
		switch {
		case string(c[0]) == strconv.Itoa(codec.CommandClear):
			ids = nil
		case string(c[0]) == strconv.Itoa(codec.CommandSet) && len(c) == 3:
			ids = nil
			if err := json.Unmarshal(c[2], &ids); err != nil {
				return "", err
			}
		default:
			return "", errors.New("load takes the whole set of a many2many, Replace or RemoveAll: write other commands afterwards")
		}
	}
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return strings.Join(texts, ","), nil
}

// cell is a value as a text: what a write would send, without its quotes.
func (t *table) cell(name string, v reflect.Value) (string, error) {
	typ := codec.Plain(v.Type())
	switch {
	case name == columnXMLID || name == ".id":
		return "", errors.New("the XMLID of the row names the record")
	case typ == reflect.TypeFor[time.Time]():
		t.hasTimes = true
	}
	b, err := codec.Append(nil, v.Interface())
	if err != nil {
		return "", err
	}
	if codec.IsCommands(typ) {
		return wholeSet(b)
	}
	return textOf(bytes.TrimSpace(b), typ)
}

func textOf(b []byte, typ reflect.Type) (string, error) {
	switch {
	case typ == reflect.TypeFor[json.RawMessage]():
		return strings.TrimPrefix(string(b), "false"), nil
	case string(b) == "true":
		return "1", nil
	case string(b) == "false" && typ.Kind() == reflect.Bool:
		return "0", nil
	case string(b) == "false" || string(b) == "null":
		return "", nil
	case b[0] == '"':
		var text string
		err := json.Unmarshal(b, &text)
		return text, err
	case b[0] == '[' || b[0] == '{':
		return "", fmt.Errorf("load takes no %s", typ)
	}
	return string(b), nil
}

// message reads a message, whose shape depends on where in Odoo it comes from.
func (t *table) message(m map[string]any) Message {
	out := Message{Row: -1, Warning: m["type"] == "warning"}
	out.Message, _ = m["message"].(string)
	field, _ := m["field"].(string)
	out.Field = fieldOf(field)
	rows, _ := m["rows"].(map[string]any)
	if from, ok := rows["from"].(float64); ok && int(from) < len(t.rows) && from >= 0 {
		out.Row = t.first + int(from)
		out.XMLID = t.rows[int(from)][0]
	}
	return out
}
