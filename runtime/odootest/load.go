package odootest

import (
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// load creates or changes records from a table of texts, by their external ids: all of them, or none if a row fails. A
// row that is empty but for the columns of a one2many ("order_line/name") goes on with the record before it.
func (t *tx) load(m *model, a arguments) (any, error) {
	table := importTable{rows: lists(a.named["data"])}
	for _, column := range texts(a.named["fields"]) {
		table.columns = append(table.columns, strings.Split(column, "/"))
	}
	if err := t.checkColumns(m, table); err != nil {
		return nil, err
	}
	before := len(*t.undo)
	made, messages, failed := []int64{}, []any{}, false
	for i, lines := range table.records(m) {
		l := &loading{tx: t, record: i, from: lines.first, to: lines.first + len(lines.rows) - 1}
		if id := l.load(m, lines); id != 0 {
			made = append(made, id)
		}
		messages, failed = append(messages, l.messages...), failed || l.failed
	}
	out := map[string]any{"ids": made, "messages": messages, "nextrow": int64(0)}
	if failed {
		t.rollbackTo(before)
		out["ids"] = false
	}
	return out, nil
}

// importTable is a table of texts with the paths of its columns.
type importTable struct {
	columns [][]string
	rows    []any
	first   int // the place of the first row in the whole table
}

// checkColumns refuses columns of fields that a model, or the model of a one2many, does not have.
func (t *tx) checkColumns(m *model, table importTable) error {
	for _, path := range table.columns {
		if err := t.checkColumn(m, path); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) checkColumn(m *model, path []string) error {
	name := path[0]
	if name == "id" || name == ".id" {
		return nil
	}
	f := m.fields[name]
	switch {
	case f != nil && f.Type == "one2many" && f.target != nil && len(path) > 1:
		return t.checkColumn(f.target, path[1:])
	case f != nil:
		return nil
	case t.does(odoofacts.LoadColumnValue):
		return fail(classValue, "Invalid field name %s", repr(name))
	}
	return fail(classKey, "%s", name)
}

func (table importTable) cell(row any, column int) string {
	cells := lists(row)
	if column >= len(cells) || !truthy(cells[column]) {
		return ""
	}
	return str(cells[column])
}

// records cuts the table into those of its records.
func (table importTable) records(m *model) []importTable {
	var out []importTable
	for i, row := range table.rows {
		own := slices.ContainsFunc(table.columns, func(path []string) bool {
			f := m.fields[path[0]]
			return f == nil || f.Type != "one2many" || len(path) == 1
		})
		begins := !own || i == 0
		for j, path := range table.columns {
			if f := m.fields[path[0]]; table.cell(row, j) != "" && (f == nil || f.Type != "one2many") {
				begins = true
			}
		}
		if begins {
			out = append(out, importTable{columns: table.columns, first: table.first + i})
		}
		last := &out[len(out)-1]
		last.rows = append(last.rows, row)
	}
	return out
}

// below is the table of the records of a one2many: the columns that begin with it, and the rows in which one is filled.
func (table importTable) below(name string) importTable {
	out := importTable{first: table.first}
	var columns []int
	for j, path := range table.columns {
		if path[0] == name && len(path) > 1 {
			columns, out.columns = append(columns, j), append(out.columns, path[1:])
		}
	}
	for _, row := range table.rows {
		cells, filled := make([]any, len(columns)), false
		for i, j := range columns {
			cells[i] = table.cell(row, j)
			filled = filled || cells[i] != ""
		}
		if filled {
			out.rows = append(out.rows, cells)
		}
	}
	return out
}

// loading is the load of one record.
type loading struct {
	*tx
	record, from, to int
	messages         []any
	failed           bool
}

// load makes or changes the record of its rows and gives its id, 0 if it can't.
func (l *loading) load(m *model, lines importTable) int64 {
	values, key, id := l.values(m, lines)
	if l.failed {
		return 0
	}
	if model, known := l.withXMLID(key); key != "" && known != 0 {
		if model != m.name {
			l.fail(nil, fail(classValidation, "For external id %s when trying to create/update a record of model %s found record of different model %s (%d)",
				key, m.name, model, l.dataRecord(key).id))
			return 0
		}
		id = known
	}
	if id != 0 {
		if err := l.write(m, []int64{id}, values); err != nil {
			l.fail(nil, err)
			return 0
		}
		return id
	}
	return l.loadNew(m, key, values)
}

func (l *loading) loadNew(m *model, key string, values map[string]any) int64 {
	for _, f := range m.sorted() {
		if f.mustBeGiven(m) && unset(values[f.Name]) {
			l.fail(f, l.missingInRow(m, f))
			return 0
		}
	}
	id, err := l.create(m, values)
	if err != nil {
		l.fail(nil, err)
		return 0
	}
	if key != "" {
		l.nameRecord(key, m.name, id)
	}
	return id
}

// values converts the first row, and the rows of one2manys. The id is that of a column ".id".
func (l *loading) values(m *model, lines importTable) (values map[string]any, key string, id int64) {
	values = map[string]any{}
	for j, path := range lines.columns {
		name, cell := path[0], lines.cell(lines.rows[0], j)
		switch f := m.fields[name]; {
		case name == "id" && len(path) == 1:
			key = l.importedXMLID(cell)
		case name == ".id":
			if found, err := l.toInt(cell); err == nil && cell != "" {
				id, _ = found.(int64)
			}
		case f.Type == "one2many" && len(path) > 1:
			if _, done := values[name]; !done {
				values[name] = l.parts(f, lines.below(name))
			}
		default:
			values[name] = l.cell(f, strings.Join(path[1:], "/"), cell)
		}
	}
	return values, key, id
}

// parts are the commands that make or change the records of a one2many.
func (l *loading) parts(f *field, lines importTable) any {
	if f.target == nil {
		return []any{}
	}
	commands := []any{}
	for _, part := range lines.records(f.target) {
		values, key, id := l.values(f.target, part)
		if _, known := l.withXMLID(key); key != "" && known != 0 {
			id = known
		}
		if id != 0 {
			commands = append(commands, []any{int64(commandLink), id}, []any{int64(commandUpdate), id, values})
			continue
		}
		commands = append(commands, []any{int64(commandCreate), int64(0), values})
	}
	return commands
}

// importedXMLID is an external id with its module, which for an import is __import__ unless it says.
func (t *tx) importedXMLID(name string) string {
	if name == "" || strings.Contains(name, ".") {
		return name
	}
	return "__import__." + name
}

// fail notes why the record can't be loaded; the error may be about a field.
func (l *loading) fail(f *field, err error) {
	l.failed = true
	l.say("error", f, exception(err).Message, nil)
}

func (l *loading) say(kind string, f *field, text string, more any) {
	message := map[string]any{
		"type": kind, "message": text, "record": int64(l.record), "rows": map[string]any{"from": int64(l.from), "to": int64(l.to)},
	}
	if f != nil {
		message["field"] = f.Name
		if l.does(odoofacts.ImportFieldName) && (more != nil || strings.HasPrefix(text, "'")) {
			message["field_name"] = f.Label
		}
	}
	if more != nil {
		message["moreinfo"] = more
	}
	l.messages = append(l.messages, message)
}

func texts(v any) []string {
	var out []string
	for _, item := range lists(v) {
		out = append(out, str(item))
	}
	return out
}

func lists(v any) []any {
	list, _ := v.([]any)
	return list
}
