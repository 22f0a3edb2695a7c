package orm

import (
	"bytes"
	"cmp"
	"context"
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

// LoadRow is a record to be created or changed by [Load].
type LoadRow[V any] struct {
	// XMLID is the external id of the record, "module.name"; Odoo puts "__import__." before one without a module. A
	// record that has it is changed, otherwise one is created and given it. "" creates a record without one.
	XMLID  string
	Values V
}

// LoadResult is what a [Load] has done.
type LoadResult[M any] struct {
	IDs      []ID[M]       // of the records, in the order of the rows
	Warnings []LoadMessage // what Odoo had to remark
}

// LoadMessage is what Odoo says of a row that is loaded.
type LoadMessage struct {
	Row     int    // the index of the row, from 0; -1 if the message is about none
	XMLID   string // of the row
	Field   string // the field, "" if the message is about none or about the record as a whole
	Message string // in the language of the user
	Warning bool   // the row is loaded all the same
}

// LoadError tells why nothing was loaded. It is [ErrValidation] for errors.Is.
type LoadError struct {
	Model    string
	Messages []LoadMessage // the errors of all rows, as far as Odoo goes: after ten it may stop; and the warnings
	Loaded   int           // the number of rows that the calls before this one have loaded, with [Batch]
}

// Error tells the number of messages and the first error.
func (e *LoadError) Error() string {
	first, n := LoadMessage{}, 0
	for _, m := range e.Messages {
		if m.Warning {
			continue
		}
		if n++; n == 1 {
			first = m
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "orm: %s.load: nothing is loaded", e.Model)
	if e.Loaded > 0 {
		fmt.Fprintf(&b, " after the first %d rows", e.Loaded)
	}
	if n == 0 {
		return b.String()
	}
	errorWord := "errors"
	if n == 1 {
		errorWord = "error"
	}
	fmt.Fprintf(&b, ", %d %s: ", n, errorWord)
	if first.Row >= 0 {
		fmt.Fprintf(&b, "row %d: ", first.Row)
	}
	if first.Field != "" {
		b.WriteString("field " + first.Field + ": ")
	}
	b.WriteString(strings.TrimSpace(first.Message))
	return b.String()
}

// Unwrap gives [ErrValidation].
func (e *LoadError) Unwrap() error { return ErrValidation }

// Load creates or changes records by their external ids, in one call: all of them or none. Done again with the same
// external ids it has the same result, so that it can be given [Idempotent] if every row has one. An error of a row is a
// [*LoadError], which names row and field. With [Batch] it takes several calls; if one fails, the ids are those of the
// rows that the calls before it have loaded.
//
// The rows are a table: every row must give the same fields, and [Clear] or an empty value empties one. Of a many2many,
// [Replace] and [RemoveAll] give the whole set. Other commands, one2manys and the records of a relation cannot be loaded:
// write them afterwards. One row that Odoo refuses makes the whole call, or with [Batch] its batch, do nothing; the package
// odoosync writes the other rows.
//
// Odoo's load takes texts, and looks at more than it is given: a text for a selection may be a label as well as a
// value, from Odoo 19 on in any case; the target of a many2one must not be archived in Odoo 14. Datetimes are read in
// the time zone of the user: a load that has any runs under the time zone UTC.
func Load[V Values[M], M any](ctx context.Context, c *Client, rows []LoadRow[V], opts ...BatchOption) (LoadResult[M], error) {
	var done LoadResult[M]
	var err error
	done.Warnings, err = modelOf[M](c).Load(ctx, &done.IDs, rows, opts...)
	return done, err
}

// Load creates or changes records by their external ids, as the function [Load] does. rows is a slice of [LoadRow] of
// any struct with odoo tags; dest points to a slice of ids, which is set to those of the records. Besides the name of a
// field, a tag may be "partner_id/id" for a text that is the external id of the target of a many2one, and
// "partner_id/.id" for a number that is its id; of an [ID] or a [Ref] the latter is understood.
func (m Model) Load(ctx context.Context, dest, rows any, opts ...BatchOption) ([]LoadMessage, error) {
	out, err := pointedTo(dest, reflect.Slice)
	if err = errors.Join(m.err, err); err != nil {
		return nil, err
	}
	out.SetZero()
	list := reflect.ValueOf(rows)
	if list.Kind() != reflect.Slice || !codec.Is(list.Type().Elem(), "LoadRow") {
		return nil, fmt.Errorf("orm: %s.load: want a slice of LoadRow, got %T", m.name, rows)
	}
	if list.Len() == 0 {
		return nil, nil
	}
	for i := range list.Len() {
		if err := checkWrite(m.version(), m.name, list.Index(i).FieldByName("Values").Interface()); err != nil {
			return nil, err
		}
	}
	names, err := m.loadNames(ctx, list)
	if err != nil {
		return nil, err
	}
	t, err := newLoadTable(list, names)
	if err != nil {
		return nil, fmt.Errorf("orm: %s.load: %w", m.name, err)
	}
	o := collect(opts)
	if t.hasTimes {
		o.context = o.context.with(Context{"tz": "UTC"})
	}
	var warnings []LoadMessage
	for from, size := 0, orAll(o.batch, len(t.rows)); from < len(t.rows); from += size {
		ids := reflect.New(out.Type())
		messages, err := m.loadRows(ctx, t.batch(from, size), ids, o)
		if err != nil {
			return warnings, err
		}
		warnings = append(warnings, messages...)
		out.Set(reflect.AppendSlice(out, ids.Elem()))
	}
	return warnings, nil
}

// loadNames are the names on the server of the fields that rows give and whose names depend on it.
func (m Model) loadNames(ctx context.Context, list reflect.Value) (map[string]string, error) {
	var fields []string
	for i := range list.Len() {
		values := reflect.Indirect(element(list.Index(i).FieldByName("Values")))
		if !values.IsValid() {
			continue // an error of the table
		}
		if p := codec.PlanToWrite(values.Type()); p != nil {
			fields = append(fields, p.Varying(values)...)
		}
	}
	if len(fields) == 0 {
		return nil, nil
	}
	slices.Sort(fields)
	fields = slices.Compact(fields)
	names, err := m.c.names(ctx, m.name, fields...)
	for _, field := range fields {
		if err == nil && names[field] == "" {
			err = m.c.lacks(m.name, field)
		}
	}
	return names, err
}

// loadRows loads a table in one call and sets the slice of ids that ids points to.
func (m Model) loadRows(ctx context.Context, t *loadTable, ids reflect.Value, o callOptions) ([]LoadMessage, error) {
	var raw json.RawMessage
	if err := m.call(ctx, &call{method: "load", args: []arg{{"fields", t.header}, {"data", t.rows}}}, o, &raw); err != nil {
		return nil, err
	}
	return m.loaded(raw, t, ids)
}

// loaded takes the answer of a load apart.
func (m Model) loaded(raw json.RawMessage, t *loadTable, ids reflect.Value) ([]LoadMessage, error) {
	var answer struct {
		IDs      json.RawMessage  `json:"ids"`
		Messages []map[string]any `json:"messages"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, &DecodeError{Model: m.name, done: true, Reason: err.Error()}
	}
	messages := make([]LoadMessage, len(answer.Messages))
	failed := false
	for i, message := range answer.Messages {
		messages[i] = t.message(message)
		failed = failed || !messages[i].Warning
	}
	if failed || codec.NewScanner(answer.IDs).Null() {
		return nil, &LoadError{m.name, messages, t.first}
	}
	if err := decodeInto(answer.IDs, m.name, ids.Interface()); err != nil {
		return nil, afterRun(err, false)
	}
	if n := ids.Elem().Len(); n != len(t.rows) {
		return nil, &DecodeError{Model: m.name, done: true, Reason: fmt.Sprintf("load of %d records answered with %d ids", len(t.rows), n)}
	}
	return messages, nil
}

// loadTable is what load takes: a header of fields, and rows of texts.
type loadTable struct {
	header   []string
	rows     [][]string
	first    int // the index of the first row among those of the load
	hasTimes bool
	names    map[string]string // on the server, of fields whose names depend on it
}

// batch is the part of the table that begins at a row and has at most size of them.
func (t *loadTable) batch(from, size int) *loadTable {
	part := *t
	part.rows, part.first = t.rows[from:min(from+size, len(t.rows))], from
	return &part
}

const columnXMLID = "id"

func newLoadTable(list reflect.Value, names map[string]string) (*loadTable, error) {
	t := &loadTable{names: names}
	seen := map[string]int{}
	for i := range list.Len() {
		row := list.Index(i)
		xmlID, values := row.Field(0).String(), row.Field(1)
		if other, twice := seen[xmlID]; twice && xmlID != "" {
			return nil, fmt.Errorf("the rows %d and %d have the same external id %s", other, i, xmlID)
		}
		seen[xmlID] = i
		if err := t.add(xmlID, values); err != nil {
			return nil, fmt.Errorf("row %d: %w", i, err)
		}
	}
	return t, nil
}

// add adds the values of a row, whose fields must be those of the first one.
func (t *loadTable) add(xmlID string, values reflect.Value) error {
	for values.Kind() == reflect.Pointer || values.Kind() == reflect.Interface {
		if values.IsNil() {
			return errors.New("no values")
		}
		values = values.Elem()
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
		column := loadHeader(name, value.Type())
		header, cells[column] = append(header, column), cell
	}
	if t.header == nil {
		t.header = header
	}
	row := make([]string, len(t.header))
	for i, column := range t.header {
		cell, ok := cells[column]
		if !ok {
			return fmt.Errorf("the field %s is not in this row, but in the first one: %s", loadField(column), rowsDiffer)
		}
		row[i] = cell
	}
	for _, column := range header {
		if !slices.Contains(t.header, column) {
			return fmt.Errorf("the field %s is in this row, but not in the first one: %s", loadField(column), rowsDiffer)
		}
	}
	t.rows = append(t.rows, row)
	return nil
}

const rowsDiffer = "a load is a table, so set the field in every row or load these rows apart"

// loadField is the field of a header: partner_id of partner_id/.id.
func loadField(header string) string {
	field, _, _ := strings.Cut(header, "/")
	return field
}

// loadHeader is the header of a field: that of a relation says that its cells are IDs.
func loadHeader(name string, t reflect.Type) string {
	t = codec.Plain(t)
	if (codec.Is(t, "ID") || codec.Is(t, "Ref") || isCommands(t)) && !strings.Contains(name, "/") {
		return name + "/.id"
	}
	return name
}

// loadSet gives the IDs of a relation to many, separated by commas: load takes a whole set and no other commands.
func loadSet(b []byte) (string, error) {
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
func (t *loadTable) cell(name string, v reflect.Value) (string, error) {
	typ := codec.Plain(v.Type())
	switch {
	case name == columnXMLID || name == ".id":
		return "", errors.New("a row is told by the XMLID of the LoadRow")
	case typ == reflect.TypeFor[time.Time]():
		t.hasTimes = true
	}
	b, err := codec.Append(nil, v.Interface())
	if err != nil {
		return "", err
	}
	if isCommands(typ) {
		return loadSet(b)
	}
	return loadText(bytes.TrimSpace(b), typ)
}

func loadText(b []byte, typ reflect.Type) (string, error) {
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
func (t *loadTable) message(m map[string]any) LoadMessage {
	out := LoadMessage{Row: -1, Warning: m["type"] == "warning"}
	out.Message, _ = m["message"].(string)
	field, _ := m["field"].(string)
	out.Field = loadField(field)
	rows, _ := m["rows"].(map[string]any)
	if from, ok := rows["from"].(float64); ok && int(from) < len(t.rows) && from >= 0 {
		out.Row = t.first + int(from)
		out.XMLID = t.rows[int(from)][0]
	}
	return out
}
