package introspect

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

// Data is the records of some models, for the embedded Odoo.
type Data struct {
	Models  []ModelData // a model follows those that it refers to
	LeftOut []string    // relations that are not in the data, "res.country.currency_id", with the reason
}

// ModelData is the records of one model, in the order of their external IDs, parents first.
type ModelData struct {
	Model   string
	Records []map[string]any
}

// keepsSecrets are models whose records are, or hold, passwords, keys and tokens.
var keepsSecrets = []string{
	"res.users", "res.users.*", "ir.config_parameter", "ir.mail_server", "fetchmail.server", "ir.attachment", "ir.model.data",
	"auth.*", "auth_totp.*", "payment.*", "iap.*", "bus.*", "ir.logging", "ir.sessions", "base.automation", "ir.actions.*", "ir.cron",
}

// secretField matches the names of fields whose values are secret.
var secretField = regexp.MustCompile(`passw(or)?d|secret|token|api_?key|private_key|signature|signup`)

// PullData reads all records, archived ones included, of models of a snapshot: the values of their stored fields, except binaries,
// secrets and what differs from one database to the next. Many2ones and many2manys are external IDs; those to models that are not
// asked for are left out. It is an error if a model has more than limit records.
func PullData(ctx context.Context, c *orm.Client, schema *snapshot.Schema, models []string, limit int) (*Data, error) {
	p := &dataPull{
		c: c.With(orm.Context{"lang": "en_US", "active_test": false}), limit: limit,
		models: map[string]snapshot.Model{}, names: map[string]map[int64]string{},
	}
	if err := p.choose(schema, models); err != nil {
		return nil, err
	}
	rows := map[string][]map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(p.models)) {
		var err error
		if rows[name], err = p.read(ctx, name); err != nil {
			return nil, err
		}
	}
	data := &Data{}
	for _, name := range p.order() {
		data.Models = append(data.Models, ModelData{name, p.records(name, rows[name])})
	}
	data.LeftOut = slices.Sorted(slices.Values(p.leftOut))
	return data, nil
}

// dataPull is a pull of records under way.
type dataPull struct {
	c       *orm.Client
	limit   int
	models  map[string]snapshot.Model
	names   map[string]map[int64]string // external IDs by model and id
	done    []string                    // models whose relations can be kept
	leftOut []string
}

func (p *dataPull) choose(schema *snapshot.Schema, models []string) error {
	chosen, unmatched, err := snapshot.Match(schema.Models, models)
	if err != nil {
		return err
	}
	if len(unmatched) > 0 {
		return fmt.Errorf("data: the snapshot has no model %s%s: pull the model as well", unmatched[0], snapshot.Suggest(unmatched[0], schema.Models))
	}
	secret, _, err := snapshot.Match(chosen, keepsSecrets)
	if err != nil {
		return err
	}
	if len(secret) > 0 {
		return fmt.Errorf("data: the records of %s hold secrets or settings of one database: they are not pulled", secret[0].Name)
	}
	for _, m := range chosen {
		if m.Kind != "" && m.Kind != snapshot.Stored {
			return fmt.Errorf("data: %s has no records of its own: its kind is %s", m.Name, m.Kind)
		}
		p.models[m.Name] = m
	}
	return nil
}

// read reads the records of a model, and names them.
func (p *dataPull) read(ctx context.Context, name string) ([]map[string]any, error) {
	fields := []string{}
	for _, f := range p.models[name].Fields {
		if isData(f) {
			fields = append(fields, f.Name)
		}
	}
	var raw json.RawMessage
	args := orm.Args{"domain": []any{}, "fields": fields, "limit": p.limit + 1, "order": "id"}
	if err := p.c.Model(name).Call(ctx, "search_read", nil, args, &raw); err != nil {
		return nil, err
	}
	var rows []map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&rows); err != nil {
		return nil, fmt.Errorf("data: %s: %w", name, err)
	}
	if len(rows) > p.limit {
		return nil, fmt.Errorf("data: %s has more than %d records: raise the limit, or leave the model out", name, p.limit)
	}
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = idOf(row["id"])
	}
	known, err := xmlid.OfModel(ctx, p.c, name, ids)
	p.names[name] = map[int64]string{}
	for _, id := range ids {
		p.names[name][id] = firstName(known[id], name, id)
	}
	return rows, err
}

// firstName is the external ID of a record: the first one that a module gave or, as in Odoo's exports, one of the id.
func firstName(known []string, model string, id int64) string {
	slices.SortFunc(known, func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.Count(a, "__"), strings.Count(b, "__")), cmp.Compare(a, b))
	})
	if len(known) > 0 {
		return known[0]
	}
	return fmt.Sprintf("__export__.%s_%d", strings.ReplaceAll(model, ".", "_"), id)
}

func idOf(v any) int64 {
	n, _ := v.(json.Number)
	id, _ := n.Int64()
	return id
}

// isData reports whether the values of a field are data: stored, no binary, no secret, and not about the database that they are in.
func isData(f snapshot.Field) bool {
	switch f.Type {
	case "binary", "one2many", "reference", "many2one_reference", "properties", "properties_definition", "json", "serialized":
		return false
	}
	switch f.Name {
	case "id", "display_name", "create_uid", "create_date", "write_uid", "write_date", "__last_update", "parent_path":
		return false
	}
	return !f.Computed && f.Related == "" && !f.CompanyDependent && !secretField.MatchString(f.Name) &&
		!strings.HasPrefix(f.Name, "message_") && !strings.HasPrefix(f.Name, "activity_")
}

// order puts a model behind those that it refers to. A relation that closes a circle of models is left out.
func (p *dataPull) order() []string {
	state := map[string]int{} // 1 under way, 2 done
	var order []string
	var visit func(name string)
	visit = func(name string) {
		state[name] = 1
		for _, f := range p.models[name].Fields {
			if _, asked := p.models[f.Relation]; asked && isData(f) && f.Relation != name && state[f.Relation] == 0 {
				visit(f.Relation)
			}
		}
		state[name] = 2
		order = append(order, name)
	}
	for _, name := range slices.Sorted(maps.Keys(p.models)) {
		if state[name] == 0 {
			visit(name)
		}
	}
	return order
}

// records are the records of a model, whose targets have been written before.
func (p *dataPull) records(name string, rows []map[string]any) []map[string]any {
	m := p.models[name]
	kept := p.kept(m)
	byName := map[string]map[string]any{}
	for _, row := range rows {
		record := map[string]any{"id": p.names[name][idOf(row["id"])]}
		for _, f := range kept {
			p.set(record, f, row[f.Name])
		}
		byName[p.names[name][idOf(row["id"])]] = record
	}
	p.done = append(p.done, name)
	return parentsFirst(byName, selfRelations(m, kept))
}

// kept are the fields of a model that are written; the relations that are not are noted.
func (p *dataPull) kept(m snapshot.Model) (kept []snapshot.Field) {
	for _, f := range m.Fields {
		switch {
		case !isData(f):
		case f.Relation == "", slices.Contains(p.done, f.Relation), f.Relation == m.Name && f.Type == "many2one":
			kept = append(kept, f)
		case p.hasOtherSide(m.Name, f):
		default:
			reason := f.Relation + " is not in the data"
			if _, asked := p.models[f.Relation]; asked {
				reason = "the models refer to each other"
			}
			p.leftOut = append(p.leftOut, m.Name+"."+f.Name+": "+reason)
		}
	}
	return kept
}

// hasOtherSide reports that the records of the target have the relation as well, and follow.
func (p *dataPull) hasOtherSide(model string, f snapshot.Field) bool {
	return f.Table != "" && slices.ContainsFunc(p.models[f.Relation].Fields, func(other snapshot.Field) bool {
		return other.Table == f.Table && other.Relation == model
	})
}

func selfRelations(m snapshot.Model, kept []snapshot.Field) (columns []string) {
	for _, f := range kept {
		if f.Relation == m.Name {
			columns = append(columns, f.Name+"/id")
		}
	}
	return columns
}

// set sets the value of a field in a record, unless there is none.
func (p *dataPull) set(record map[string]any, f snapshot.Field, v any) {
	switch names := p.names[f.Relation]; {
	case f.Type == "many2one":
		if pair, ok := v.([]any); ok && len(pair) == 2 && names[idOf(pair[0])] != "" {
			record[f.Name+"/id"] = names[idOf(pair[0])]
		}
	case f.Type == "many2many":
		targets := []string{}
		ids, _ := v.([]any)
		for _, id := range ids {
			if name := names[idOf(id)]; name != "" {
				targets = append(targets, name)
			}
		}
		if slices.Sort(targets); len(targets) > 0 {
			record[f.Name+"/id"] = targets
		}
	case v != false || f.Type == "boolean":
		record[f.Name] = v
	}
}

// parentsFirst orders records by their external IDs, and a record behind those that it refers to.
func parentsFirst(records map[string]map[string]any, columns []string) []map[string]any {
	seen := map[string]bool{}
	var out []map[string]any
	var visit func(name string)
	visit = func(name string) {
		if seen[name] || records[name] == nil {
			return
		}
		seen[name] = true
		for _, column := range columns {
			parent, _ := records[name][column].(string)
			visit(parent)
		}
		out = append(out, records[name])
	}
	for _, name := range slices.Sorted(maps.Keys(records)) {
		visit(name)
	}
	return out
}

// Encode is the data as JSON that odootest.SeedJSON reads, with a line for each record.
func (d *Data) Encode() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("{")
	for i, m := range d.Models {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n%q: [", m.Model)
		for j, record := range m.Records {
			if j > 0 {
				b.WriteString(",")
			}
			line, err := encodeRecord(record)
			if err != nil {
				return nil, err
			}
			b.WriteString("\n  ")
			b.Write(line)
		}
		b.WriteString("]")
	}
	b.WriteString("\n}\n")
	return b.Bytes(), nil
}

// encodeRecord is a record on one line, with its external ID first.
func encodeRecord(record map[string]any) ([]byte, error) {
	var b bytes.Buffer
	sign := "{"
	for _, key := range append([]string{"id"}, slices.Sorted(maps.Keys(record))...) {
		if key == "id" && sign != "{" {
			continue
		}
		value, err := encodeValue(record[key])
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s%q: %s", sign, key, value)
		sign = ", "
	}
	b.WriteString("}")
	return b.Bytes(), nil
}

// encodeValue is JSON without escapes for HTML.
func encodeValue(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}
