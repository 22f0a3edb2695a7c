package diff

import (
	"github.com/odoogen/odoogen/introspect"
)

// Compare lists what changed from one snapshot to another.
func Compare(before, after *introspect.Schema) *Report {
	r := &Report{Old: side(before), New: side(after)}
	old := byName(before.Models, func(m introspect.Model) string { return m.Name })
	for _, m := range after.Models {
		if o, ok := old[m.Name]; ok {
			r.compareFields(o, m)
		}
	}
	return r
}

func side(s *introspect.Schema) Side {
	return Side{Series: s.Server.Series, Version: s.Server.Version, Models: len(s.Models), Fields: s.FieldCount()}
}

func byName[T any](all []T, name func(T) string) map[string]T {
	m := make(map[string]T, len(all))
	for _, t := range all {
		m[name(t)] = t
	}
	return m
}

func (r *Report) compareFields(old, new introspect.Model) {
	fields := byName(new.Fields, func(f introspect.Field) string { return f.Name })
	for _, f := range old.Fields {
		if _, ok := fields[f.Name]; !ok {
			r.Changes = append(r.Changes, Change{Subject: Field, Action: Removed, Model: Names{old.Name, new.Name},
				Field: Names{Old: f.Name}, Label: f.Label, Class: Class{Readers: true, Writers: true}, Reason: "The field is gone."})
		}
	}
}
