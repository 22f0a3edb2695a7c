package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/describe"
	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/internal/spelling"
	orm "github.com/odoogen/odoogen/runtime"
)

const getHelp = `get shows records of the server, for a quick look. It only reads.

--where is a condition, FIELD OPERATOR VALUE, with the operators of Odoo's domains. If it is repeated, records must
match all conditions. The value is JSON, or else a string. Lists are JSON: 'state in ["draft","sent"]'. A domain in
JSON works too: '["|", ["name", "ilike", "deco"], ["ref", "=", "C-17"]]'.

Without --fields it shows the display name of each record. Files are shown by their size. Archived records are left
out, as Odoo does, unless --archived is given.`

const getExample = `  odoogen get sale.order --where 'state = sale' --where 'amount_total > 1000' --fields name,partner_id,amount_total
  odoogen get res.partner 17 18 --fields name,email --json
  odoogen get res.partner --where 'email ilike @example.com' --order 'create_date desc' --limit 5`

// getter implements the command get.
type getter struct {
	connection
	configFile     string
	where, fields  []string
	order          string
	limit          int
	archived, json bool
}

func newGet() *cobra.Command {
	g := getter{}
	cmd := &cobra.Command{
		Use:     "get MODEL [ID...]",
		Short:   "Show records of the server",
		Long:    getHelp,
		Example: getExample,
		Args:    g.check,
		RunE:    g.run,
	}
	g.flags(cmd.Flags())
	configFlag(cmd, &g.configFile)
	f := cmd.Flags()
	f.StringArrayVarP(&g.where, "where", "w", nil, "a condition: 'state = sale', 'amount_total > 1000', or a domain in JSON")
	f.StringSliceVarP(&g.fields, "fields", "f", []string{"display_name"}, "the fields to show; the id is always shown")
	f.StringVar(&g.order, "order", "", "the order, such as 'date_order desc, id' (default: the order of the model)")
	f.IntVar(&g.limit, "limit", 20, "the maximum number of records")
	f.BoolVar(&g.archived, "archived", false, "include archived records")
	f.BoolVar(&g.json, "json", false, "write JSON, with values as the server sends them")
	return cmd
}

func (g *getter) check(cmd *cobra.Command, args []string) error {
	switch f := cmd.Flags(); {
	case len(args) == 0:
		return usageError{fmt.Errorf("want a model, such as sale.order; see %s --help", cmd.CommandPath())}
	case g.limit < 1:
		return usageError{fmt.Errorf("--limit %d: want at least 1", g.limit)}
	case len(args) > 1:
		return refuseFlags(f, "beside IDs", "where", "limit", "archived")
	}
	return nil
}

func (g *getter) run(cmd *cobra.Command, args []string) error {
	domain, err := g.domain(args[1:])
	if err != nil {
		return usageError{err}
	}
	config, err := generator.ReadConfig(g.configFile)
	if err != nil {
		return err
	}
	if err := g.complete(config); err != nil {
		return err
	}
	ctx := cmd.Context()
	c, err := g.dial(ctx)
	if err != nil {
		return err
	}
	model := c.Model(args[0])
	fields, err := g.describe(ctx, model)
	if err != nil {
		return err
	}
	limit := g.limit
	if len(args) > 1 {
		limit = len(args) - 1
	}
	rows, err := g.read(ctx, model, domain, limit+1, len(args) > 1)
	if err != nil {
		return err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		fmt.Fprintf(cmd.ErrOrStderr(), "odoogen: there are more: these are the first %d (--limit)\n", limit)
	}
	if err := missing(args, rows); err != nil {
		return err
	}
	return g.write(cmd.OutOrStdout(), fields, rows)
}

// missing returns an error if a record that was requested by its ID is not in the response.
func missing(args []string, rows []map[string]json.RawMessage) error {
	for _, id := range args[1:] {
		if !slices.ContainsFunc(rows, func(r map[string]json.RawMessage) bool { return string(r["id"]) == id }) {
			return fmt.Errorf("%s has no record %s, or none that this user is allowed to read", args[0], id)
		}
	}
	return nil
}

// domain returns the condition on the records.
func (g *getter) domain(ids []string) (any, error) {
	terms := []any{}
	for _, text := range ids {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id < 1 || strconv.FormatInt(id, 10) != text {
			return nil, fmt.Errorf("%q is not the ID of a record", text)
		}
	}
	if len(ids) > 0 {
		list := json.RawMessage("[" + strings.Join(ids, ",") + "]")
		return append(terms, []any{"id", "in", list}), nil
	}
	for _, text := range g.where {
		parsed, err := condition(text)
		if err != nil {
			return nil, fmt.Errorf("--where %s: %w", text, err)
		}
		terms = append(terms, parsed...)
	}
	return terms, nil
}

// operators are the operators of Odoo's domains. An operator comes after longer ones that start with it.
var operators = []string{"=ilike", "=like", "=?", "!=", "<=", ">=", "=", "<", ">", "not ilike", "not like", "not in", "ilike", "like", "in", "child_of", "parent_of"}

// condition parses one condition, or a domain in JSON.
func condition(text string) ([]any, error) {
	if strings.HasPrefix(strings.TrimSpace(text), "[") {
		var domain []any
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&domain); err != nil || d.More() {
			return nil, fmt.Errorf("not a domain in JSON: %w", cmp.Or(err, errors.New("unexpected text after it")))
		}
		return domain, nil
	}
	text = strings.TrimSpace(text)
	end := strings.IndexFunc(text, func(r rune) bool { return r == ' ' || strings.ContainsRune("=!<>", r) })
	if end < 1 {
		return nil, errors.New("want FIELD OPERATOR VALUE, such as 'state = sale'")
	}
	field, rest := text[:end], strings.TrimSpace(text[end:])
	for _, op := range operators {
		value, ok := strings.CutPrefix(rest, op)
		isWord := op[len(op)-1] >= 'a'
		if !ok || isWord && value != "" && value[0] != ' ' {
			continue
		}
		return []any{[]any{field, op, valueOf(strings.TrimSpace(value))}}, nil
	}
	return nil, fmt.Errorf("no operator after %s: want one of %s", field, strings.Join(operators, ", "))
}

// valueOf parses JSON, and treats any other text as a string.
func valueOf(text string) any {
	if json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	return text
}

// describe reads the attributes of the fields to show. A field that the model does not have is an error: Odoo 14 would leave
// it out silently.
func (g *getter) describe(ctx context.Context, model orm.Model) (map[string]orm.FieldInfo, error) {
	fields, err := model.FieldsGet(ctx, nil)
	if err != nil {
		return nil, err
	}
	for _, name := range g.fields {
		if _, ok := fields[name]; !ok {
			return nil, fmt.Errorf("%s has no field %s%s", model.Name(), name, spelling.Hint(name, maps.Keys(fields)))
		}
	}
	return fields, nil
}

func (g *getter) read(ctx context.Context, model orm.Model, domain any, limit int, archived bool) (rows []map[string]json.RawMessage, err error) {
	args := orm.Args{"domain": domain, "fields": g.fields, "limit": limit}
	if g.order != "" {
		args["order"] = g.order
	}
	contexts := []orm.WriteOption{orm.BinSize()}
	if g.archived || archived {
		contexts = append(contexts, orm.Archived())
	}
	var raw json.RawMessage
	if err := model.Call(ctx, "search_read", nil, args, &raw, contexts...); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &rows); err != nil {
		return nil, fmt.Errorf("%s: the response is not a list of records: %w", model.Name(), err)
	}
	return rows, nil
}

func (g *getter) columns() []string {
	return append([]string{"id"}, slices.DeleteFunc(slices.Clone(g.fields), func(name string) bool { return name == "id" })...)
}

func (g *getter) write(out io.Writer, fields map[string]orm.FieldInfo, rows []map[string]json.RawMessage) error {
	if g.json {
		return writeJSON(out, rows)
	}
	columns := g.columns()
	table := [][]string{columns}
	for _, row := range rows {
		cells := make([]string, len(columns))
		for i, name := range columns {
			cells[i] = shown(fields[name], row[name])
		}
		table = append(table, cells)
	}
	return wholeLines(out, func(w io.Writer) error { return describe.WriteTable(w, table) })
}

// longest is the maximum number of characters in a cell of the table.
const longest = 60

// shown formats a value for the table: a many2one as its name and ID, an unset value as nothing.
func shown(field orm.FieldInfo, raw json.RawMessage) string {
	var pair [2]json.RawMessage
	var text string
	switch {
	case field.Type == "boolean":
		return string(raw)
	case string(raw) == "false", string(raw) == "null":
		return ""
	case field.Type == "many2one" && json.Unmarshal(raw, &pair) == nil && json.Unmarshal(pair[1], &text) == nil:
		return fmt.Sprintf("%s (%s)", shortened(text), pair[0])
	case json.Unmarshal(raw, &text) == nil:
		return shortened(text)
	}
	return shortened(string(raw))
}

func shortened(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest-1]) + "…"
	}
	return text
}
