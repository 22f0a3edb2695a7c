package odootest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

type fieldKey struct{ model, field string }

// LeaveOut makes search_read leave fields of a model out of its rows, as code of a module can, and as Odoo 17 and 18 do with
// the fields in_group_… and sel_groups_… of res.users, which need no option. The method read gives them.
func LeaveOut(model string, fields ...string) Option {
	return func(s *Server) {
		for _, f := range fields {
			s.store.leftOut = append(s.store.leftOut, fieldKey{model, f})
		}
	}
}

// checkLeftOut refuses a [LeaveOut] of what the snapshot does not have.
func (s *store) checkLeftOut() error {
	for _, key := range s.leftOut {
		if m := s.models[key.model]; m == nil || !m.has(key.field) {
			return fmt.Errorf("odootest: LeaveOut: the snapshot has no field %s.%s", key.model, key.field)
		}
	}
	return nil
}

// inSearchRead returns the fields that search_read gives of those asked for.
func (t *tx) inSearchRead(m *model, fields []*field) []*field {
	isGroup := func(f *field) bool {
		return strings.HasPrefix(f.Name, "in_group_") || strings.HasPrefix(f.Name, "sel_groups_")
	}
	overridden := m.name == "res.users" && t.does(odoofacts.GroupFieldsUnread)
	return slices.DeleteFunc(slices.Clone(fields), func(f *field) bool {
		return overridden && isGroup(f) || slices.Contains(t.leftOut, fieldKey{m.name, f.Name})
	})
}
