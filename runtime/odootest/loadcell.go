package odootest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// cell is the value of a text in a column of load. What can't be read is noted, and false.
func (l *loading) cell(f *field, part, cell string) any {
	if cell == "" {
		return false
	}
	switch f.Type {
	case "boolean":
		return l.boolCell(f, cell)
	case "selection":
		return l.choiceCell(f, cell)
	case "integer", "float", "monetary":
		return l.numberCell(f, cell)
	case "date", "datetime":
		return l.momentCell(f, cell)
	case "many2one":
		id := l.targetCell(f, part, cell)
		if id == 0 {
			return false
		}
		return id
	case "many2many", "one2many":
		var ids []any
		for name := range strings.SplitSeq(cell, ",") {
			ids = append(ids, l.targetCell(f, part, name))
		}
		return []any{[]any{int64(commandSet), int64(0), ids}}
	}
	return cell
}

// refuse notes an error of a cell.
func (l *loading) refuse(f *field, more any, format string, args ...any) any {
	l.failed = true
	l.say("error", f, fmt.Sprintf(format, args...), more)
	return false
}

func (l *loading) boolCell(f *field, cell string) any {
	const help = "Use '1' for yes and '0' for no"
	switch {
	case slices.Contains([]string{"1", "true", "yes"}, strings.ToLower(cell)):
		return true
	case slices.Contains([]string{"0", "false", "no"}, strings.ToLower(cell)):
		return false
	case l.does(odoofacts.ImportFieldName):
		return l.refuse(f, help, "Unknown value '%s' for boolean field '%s'", cell, f.Label)
	}
	l.say("warning", f, fmt.Sprintf("Unknown value '%s' for boolean field '%s', assuming 'yes'", cell, f.Label), help)
	return true
}

func (l *loading) choiceCell(f *field, cell string) any {
	labels := []any{}
	for _, c := range f.Selection {
		if strings.EqualFold(c.Label, cell) || c.Value == cell {
			return c.Value
		}
		labels = append(labels, c.Label)
	}
	return l.refuse(f, labels, "Value '%s' not found in selection field '%s'", cell, f.Label)
}

func (l *loading) numberCell(f *field, cell string) any {
	if f.Type == "integer" {
		if n, err := strconv.ParseInt(strings.TrimSpace(cell), 10, 64); err == nil {
			return n
		}
		return l.refuse(f, nil, "'%s' does not seem to be an integer for field '%s'", cell, f.Label)
	}
	if n, err := strconv.ParseFloat(strings.TrimSpace(cell), 64); err == nil {
		return n
	}
	return l.refuse(f, nil, "'%s' does not seem to be a number for field '%s'", cell, f.Label)
}

// momentCell reads a datetime in the time zone of the user.
func (l *loading) momentCell(f *field, cell string) any {
	if f.Type == "date" {
		if day, err := toDate(cell); err == nil {
			return day
		}
		return l.refuse(f, "Use the format '2012-12-31'", "'%s' does not seem to be a valid date for field '%s'", cell, f.Label)
	}
	at, err := time.ParseInLocation(datetimeForm, cell, l.location())
	if err != nil {
		return l.refuse(f, "Use the format '2012-12-31 23:59:59'", "'%s' does not seem to be a valid datetime for field '%s'", cell, f.Label)
	}
	return at.UTC().Format(datetimeForm)
}

// targetCell is the id of a record given by its name, its external id ("id") or its id (".id"), or 0.
func (l *loading) targetCell(f *field, part, cell string) int64 {
	kind, more := "name", l.possibleValues(f.Relation)
	switch part {
	case "id":
		kind, more = "external id", l.possibleValues("ir.model.data")
		more["domain"] = []any{[]any{"model", "=", f.Relation}}
		if model, id := l.withXMLID(l.importedXMLID(cell)); id != 0 && model == f.Relation {
			return id
		}
	case ".id":
		kind = "database id"
		if id, err := strconv.ParseInt(cell, 10, 64); err == nil && (f.target == nil || l.get(f.target, id) != nil) {
			return id
		}
	default:
		if f.target == nil {
			break
		}
		found := l.withName(f.target, func(name any) bool { return name == cell })
		if len(found) > 0 {
			return found[0]
		}
	}
	l.refuse(f, more, "No matching record found for %s '%s' in field '%s'", kind, cell, f.Label)
	return 0
}

// possibleValues is the action that shows what a cell could be.
func (l *loading) possibleValues(model string) map[string]any {
	return map[string]any{
		"name": "Possible Values", "type": "ir.actions.act_window", "target": "new", "res_model": model,
		"view_mode": l.since(odoofacts.ListViews, "tree,form", "list,form"), "views": []any{[]any{false, "list"}, []any{false, "form"}},
		"context": map[string]any{"create": false}, "help": "See all possible values",
	}
}

// missingInRow is the message for a row without a value for a required field.
func (l *loading) missingInRow(m *model, f *field) error {
	if l.modern() {
		return fail(classValidation, "%s", strings.TrimPrefix(exception(l.missingValue(m, f)).Message, "The operation cannot be completed: "))
	}
	return fail(classValidation, "Missing required value for the field '%s' (%s)", f.Label, f.Name)
}
