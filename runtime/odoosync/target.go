package odoosync

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/wire"
)

// Target is a relation of a row whose records are given by a key or an external ID: see [Find], [FindAll], [XMLID],
// [XMLIDs] and [Lines].
type Target struct {
	field string
	key   string            // a field of the target; "" for external IDs
	keys  []json.RawMessage // the values of the key, or the external IDs
	many  bool              // the records are the whole set of a relation to many
	lines *givenLines       // of Lines
	err   error
}

// Find is the record of a many2one that has a value in a field: the country with the code "BE". If there are none or
// several, it is an error of the row. A record that a later row creates is found, too.
func Find[M, T, K any](f orm.Rel[M, T], key orm.Field[T, K], value K) Target {
	return target(string(f), string(key), false, value)
}

// FindAll are the records of a many2many that have one of the values in a field, exactly one record for each value.
func FindAll[M, T, K any](f orm.Rel[M, T], key orm.Field[T, K], values ...K) Target {
	return target(string(f), string(key), true, values...)
}

// XMLID is the record of a many2one that has an external ID, "base.be".
func XMLID[M, T any](f orm.Rel[M, T], xmlID string) Target {
	return target(string(f), "", false, xmlID)
}

// XMLIDs are the records of a many2many that have the external IDs.
func XMLIDs[M, T any](f orm.Rel[M, T], xmlIDs ...string) Target {
	return target(string(f), "", true, xmlIDs...)
}

func target[K any](field, key string, many bool, values ...K) Target {
	t := Target{field: field, key: key, many: many}
	for _, v := range values {
		b, err := wire.Append(nil, v)
		t.keys, t.err = append(t.keys, canonical(b)), errors.Join(t.err, err)
	}
	return t
}

// errUnresolved is that of a target that is not there yet: another row may create it.
var errUnresolved = errors.New("no record has this value")

// targets finds the records of the targets of a batch: one search for each relation and key.
type targets map[targetKey]map[string][]int64

type targetKey struct{ field, key string }

func (j *job) findTargets(rows []*row) (targets, error) {
	wanted := map[targetKey]map[string]json.RawMessage{}
	for _, r := range rows {
		for _, t := range r.targets {
			if t.lines != nil {
				continue
			}
			k := targetKey{t.field, t.key}
			if wanted[k] == nil {
				wanted[k] = map[string]json.RawMessage{}
			}
			for _, v := range t.keys {
				wanted[k][string(v)] = v
			}
		}
	}
	out := targets{}
	for k, values := range wanted {
		found, err := j.findByKey(j.fields[k.field].Relation, k.key, values)
		if err != nil {
			return nil, fmt.Errorf("looking up the targets of %s: %w", k.field, err)
		}
		out[k] = found
	}
	return out, nil
}

// findByKey gives the IDs of the records of a model by the values of a field, or by external IDs.
func (j *job) findByKey(model, key string, values map[string]json.RawMessage) (map[string][]int64, error) {
	out := map[string][]int64{}
	known := j.knownBy(model, key)
	missing := map[string]json.RawMessage{}
	for text, v := range values {
		if id := known[text]; id != 0 {
			out[text] = []int64{id}
		} else {
			missing[text] = v
		}
	}
	search := j.searchByField
	if key == "" {
		search = j.searchByXMLID
	}
	found, err := search(model, key, missing)
	for text, ids := range found {
		if out[text] = ids; len(ids) == 1 {
			known[text] = ids[0]
		}
	}
	return out, err
}

// knownMost is the number of targets of one key that are remembered.
const knownMost = 50_000

// knownBy are the records of a model that were found by a key, by its values.
func (j *job) knownBy(model, key string) map[string]int64 {
	name := model + "." + key
	if j.known[name] == nil || len(j.known[name]) > knownMost && !j.settings.dryRun {
		j.known[name] = map[string]int64{}
	}
	return j.known[name]
}

func (j *job) searchByXMLID(model, _ string, values map[string]json.RawMessage) (map[string][]int64, error) {
	out := map[string][]int64{}
	if len(values) == 0 {
		return out, nil
	}
	found, err := j.xmlIDs(texts(values))
	for xmlID, ref := range found {
		if ref.Model == model {
			out[string(mustJSON(xmlID))] = []int64{ref.ID}
		}
	}
	return out, err
}

func (j *job) searchByField(model, key string, values map[string]json.RawMessage) (map[string][]int64, error) {
	out := map[string][]int64{}
	if len(values) == 0 {
		return out, nil
	}
	list := slices.Collect(maps.Values(values))
	records, err := j.searchRead(j.client.Model(model), [][]any{{key, "in", list}}, []string{key})
	for _, rec := range records {
		k := string(canonical(rec[key]))
		out[k] = append(out[k], rec.id())
	}
	return out, err
}

func texts(values map[string]json.RawMessage) []string {
	out := make([]string, 0, len(values))
	for _, v := range values {
		var s string
		if json.Unmarshal(v, &s) == nil {
			out = append(out, s)
		}
	}
	return out
}

// resolve sets the relations of a row to the IDs of its targets.
func (j *job) resolve(r *row, found targets) error {
	for _, t := range r.targets {
		if t.lines != nil {
			continue
		}
		if err := j.resolveOne(r, t, found[targetKey{t.field, t.key}]); err != nil {
			return &FieldError{t.field, err}
		}
	}
	return nil
}

func (j *job) resolveOne(r *row, t Target, found map[string][]int64) error {
	ids := make([]int64, len(t.keys))
	for i, k := range t.keys {
		switch list := found[string(k)]; len(list) {
		case 0:
			return fmt.Errorf("%s %s of %s: %w", keyName(t.key), k, j.fields[t.field].Relation, errUnresolved)
		case 1:
			ids[i] = list[0]
		default:
			return fmt.Errorf("%s %s of %s: %d records have it", keyName(t.key), k, j.fields[t.field].Relation, len(list))
		}
	}
	if t.many {
		r.values[t.field] = mustJSON([]any{[]any{codec.CommandSet, 0, ids}})
		return nil
	}
	r.values[t.field] = mustJSON(ids[0])
	return nil
}

func keyName(key string) string {
	if key == "" {
		return "external ID"
	}
	return key
}

// checkTargets refuses targets that no row of this model can have.
func (j *job) checkTargets(r *row) error {
	for _, t := range r.targets {
		f := j.fields[t.field]
		_, twice := r.values[t.field]
		switch {
		case t.err != nil:
			return &FieldError{t.field, t.err}
		case twice:
			return &FieldError{t.field, errors.New("set in Values and by a Target")}
		case t.lines != nil && f.Type != typeOne2many:
			return &FieldError{t.field, fmt.Errorf("is a %s: Lines is for a one2many", f.Type)}
		case t.lines != nil:
		case t.many != (f.Type == typeMany2many) || !t.many && f.Type != typeMany2one:
			return &FieldError{t.field, fmt.Errorf("is a %s: Find and XMLID are for a many2one, FindAll and XMLIDs for a many2many", f.Type)}
		}
	}
	return nil
}
