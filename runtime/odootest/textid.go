package odootest

import (
	"slices"
	"strconv"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// A few views of the database have string IDs. The records are kept by number; on the wire their ids are strings of digits.

// textTargets are the models with string IDs that the snapshot names and does not describe: relations lead to them. A pull
// of the same models reads the id of one record of each.
func textTargets(s *snapshot.Schema) []snapshot.Model {
	var out []snapshot.Model
	for _, name := range s.TextIDs {
		if !slices.ContainsFunc(s.Models, func(m snapshot.Model) bool { return m.Name == name }) {
			out = append(out, snapshot.Model{Name: name, Kind: snapshot.View, Fields: []snapshot.Field{displayNameField, idField}})
		}
	}
	return out
}

// fillTextIDs gives each model with string IDs one record, so that a client sees what its ids are.
func (s *store) fillTextIDs(schema *snapshot.Schema) {
	for _, name := range schema.TextIDs {
		if m := s.models[name]; !m.unseen {
			s.insert(m, 1, map[string]any{"name": "1"})
		}
	}
}

// wireID is an id as the model sends it. The model is nil if the snapshot does not have it.
func (m *model) wireID(id int64) any {
	if m != nil && m.textIDs {
		return strconv.FormatInt(id, 10)
	}
	return id
}

// wireIDs are ids as the model sends them.
func (m *model) wireIDs(ids []int64) any {
	if !m.textIDs {
		return ids
	}
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = m.wireID(id)
	}
	return out
}

// numbered replaces string IDs by the numbers that the records are kept by; a string that is no number is no record's id.
func (m *model) numbered(v any) any {
	switch v := v.(type) {
	case string:
		if n, err := strconv.ParseInt(v, 10, 64); m.textIDs && err == nil {
			return n
		}
		if m.textIDs {
			return int64(0)
		}
	case []any:
		if !m.textIDs {
			return v
		}
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = m.numbered(e)
		}
		return out
	}
	return v
}

// recordIDs are the ids that a method is called on: a list, one id, or false for none.
func (m *model) recordIDs(v any) ([]int64, error) { return recordIDs(m.numbered(v)) }
