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

--where is a condition, FIELD OPERATOR VALUE, with the operators of Odoo's domains; given several times, all
must hold. The value is JSON or, if it is none, a text. Lists are JSON: 'state in ["draft","sent"]'. A whole domain in
JSON works as well: '["|", ["name", "ilike", "deco"], ["ref", "=", "C-17"]]'.

Without --fields it shows the name of each record. Files are shown by their size. Archived records are left
out, as Odoo does, unless --archived is given.`

const getExample = `  odoogen get sale.order --where 'state = sale' --where 'amount_total > 1000' --fields name,partner_id,amount_total
  odoogen get res.partner 17 18 --fields name,email --json
  odoogen get res.partner --where 'email ilike @example.com' --order 'create_date desc' --limit 5`

// getter is the command get.
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
	f.StringVar(&g.order, "order", "", "the order, as in 'date_order desc, id' (default: that of the model)")
	f.IntVar(&g.limit, "limit", 20, "the most records to show")
	f.BoolVar(&g.archived, "archived", false, "archived records too")
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

// missing is an error if one of the records was asked for by its ID and is not there.
func missing(args []string, rows []map[string]json.RawMessage) error {
	for _, id := range args[1:] {
		if !slices.ContainsFunc(rows, func(r map[string]json.RawMessage) bool { return string(r["id"]) == id }) {
			return fmt.Errorf("%s has no record %s, or none that this user is allowed to read", args[0], id)
		}
	}
	return nil
}

// domain is the condition on the records.
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

// operators are those of Odoo's domains, such that none comes before one that it begins.
var operators = []string{"=ilike", "=like", "=?", "!=", "<=", ">=", "=", "<", ">", "not ilike", "not like", "not in", "ilike", "like", "in", "child_of", "parent_of"}

// condition parses one condition, or a domain in JSON.
func condition(text string) ([]any, error) {
	if strings.HasPrefix(strings.TrimSpace(text), "[") {
		var domain []any
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&domain); err != nil || d.More() {
			return nil, fmt.Errorf("not a domain in JSON: %w", cmp.Or(err, errors.New("there is text after it")))
		}
		return domain, nil
	}
	text = strings.TrimSpace(text)
	end := strings.IndexFunc(text, func(r rune) bool { return r == ' ' || strings.ContainsRune("=!<>", r) })
	if end < 1 {
		return nil, errors.New("want FIELD OPERATOR VALUE, as in 'state = sale'")
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

// valueOf is JSON, or else the text.
func valueOf(text string) any {
	if json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	return text
}

// describe asks about the fields to show. One that the model does not have is an error: Odoo 14 leaves it out in silence.
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
		return nil, fmt.Errorf("%s: the answer is no list of records: %w", model.Name(), err)
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

// longest is how many characters of a text a cell of the table has.
const longest = 60

// shown is a value in a table: the name of a many2one with its ID, nothing for what is not set.
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
