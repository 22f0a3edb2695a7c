package odootest

import (
	"fmt"
	"slices"
)

// uniqueKey is a unique constraint.
type uniqueKey struct {
	model, message string
	fields         []string
}

// Unique makes the server refuse a second record with the same values in all of the fields, as the unique constraint of a module
// does, with the message of the constraint. Records of which one of the fields is unset are not compared, as in PostgreSQL. The
// fields must be stored, and of the model itself.
//
//	odootest.Unique("res.partner", "The reference must be unique.", "ref")
func Unique(model, message string, fields ...string) Option {
	return func(s *Server) { s.store.unique = append(s.store.unique, uniqueKey{model, message, fields}) }
}

// checkUniqueKeys refuses a [Unique] that has no effect.
func (s *store) checkUniqueKeys() error {
	for _, key := range s.unique {
		if len(key.fields) == 0 {
			return fmt.Errorf("odootest: Unique: no fields of %s", key.model)
		}
		m := s.models[key.model]
		for _, name := range key.fields {
			switch {
			case m == nil || !m.has(name):
				return fmt.Errorf("odootest: Unique: the snapshot has no field %s.%s", key.model, name)
			case m.fields[name].Related != "" || m.fields[name].Type == "one2many" || m.fields[name].Type == "many2many":
				return fmt.Errorf("odootest: Unique: %s.%s has no column in the database", key.model, name)
			}
		}
	}
	return nil
}

// checkUnique refuses records of which another one has the values that a unique constraint is about.
func (t *tx) checkUnique(m *model, records []*record) error {
	for _, key := range t.unique {
		if key.model != m.name {
			continue
		}
		for _, r := range records {
			values := t.valuesOf(m, r, key.fields)
			if values == nil {
				continue
			}
			for _, other := range t.tables[m].records {
				if other != r && slices.Equal(values, t.valuesOf(m, other, key.fields)) {
					return fail(classValidation, "The operation cannot be completed: %s", key.message)
				}
			}
		}
	}
	return nil
}

// valuesOf are the values of fields; nil if one of them is unset.
func (t *tx) valuesOf(m *model, r *record, fields []string) []string {
	out := make([]string, len(fields))
	for i, name := range fields {
		v := t.raw(m, r, m.fields[name])
		if v == nil {
			return nil
		}
		out[i] = fmt.Sprint(v)
	}
	return out
}
