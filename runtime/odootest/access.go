package odootest

import (
	"fmt"
	"slices"
	"strings"
)

// access is what a user may do.
type access struct {
	rights map[string][]string // operations by model; nil: everything
	rules  []RecordRule
}

// anyModel is the name for all models that have no rights of their own.
const anyModel = "*"

// Rights lets a user do something with the records of a model, "*" for those that no other Rights name: read, write, create,
// unlink. A user without any Rights has full access; one with some has only these.
//
//	odootest.User("bot", "secret", odootest.Rights("*", "read"), odootest.Rights("sale.order", "read", "write", "create"))
func Rights(model string, operations ...string) UserOption {
	return func(u *user) {
		if u.access.rights == nil {
			u.access.rights = map[string][]string{}
		}
		u.access.rights[model] = append(u.access.rights[model], operations...)
	}
}

// RecordRule lets a user see and change only the records of a model that match a domain.
type RecordRule struct {
	Name       string // what Odoo 14 calls it in an error
	Model      string
	Operations []string // read, write, create, unlink; none is all of them
	Domain     []any    // in the form of the wire: []any{[]any{"user_id", "=", 2}}
}

// Rules are record rules for a user. All of them that are about an operation must match.
func Rules(rules ...RecordRule) UserOption {
	return func(u *user) { u.access.rules = append(u.access.rules, rules...) }
}

// checkUsers refuses rights and rules that could have no effect, and logins that are given twice.
func (s *Server) checkUsers() error {
	known := map[string]bool{}
	for _, u := range s.users {
		if known[u.login] {
			return fmt.Errorf("odootest: User: the login %q is given twice", u.login)
		}
		known[u.login] = true
		for model, given := range u.access.rights {
			if err := s.checkAccess("Rights", model, given); err != nil {
				return err
			}
		}
		for _, r := range u.access.rules {
			if err := s.checkAccess("Rules", r.Model, r.Operations); err != nil {
				return err
			}
		}
	}
	return nil
}

var allOperations = []string{"read", "write", "create", "unlink"}

func (s *Server) checkAccess(option, model string, given []string) error {
	if s.store.models[model] == nil && (model != anyModel || option != "Rights") {
		return fmt.Errorf("odootest: %s: the snapshot has no model %q", option, model)
	}
	for _, operation := range given {
		if !slices.Contains(allOperations, operation) {
			return fmt.Errorf("odootest: %s of %s: %q is none of %s", option, model, operation, strings.Join(allOperations, ", "))
		}
	}
	return nil
}

// mayDo reports whether the rights of the user allow an operation.
func (u *user) mayDo(model, operation string) bool {
	if u.super || u.access.rights == nil {
		return true
	}
	allowed, ok := u.access.rights[model]
	if !ok {
		allowed = u.access.rights[anyModel]
	}
	return slices.Contains(allowed, operation)
}

// mayDo reports whether the user may do something with records of a model: by the rights of the user, or, of a custom model that
// these do not name, by its own, if they are for everybody or all internal users.
func (t *tx) mayDo(m *model, operation string) bool {
	if _, named := t.user.access.rights[m.name]; !named && m.custom && t.granted(m, operation) {
		return true
	}
	return t.user.mayDo(m.name, operation)
}

func (t *tx) granted(m *model, operation string) bool {
	table := t.models[accessModel]
	return !table.unseen && slices.ContainsFunc(t.all(table), func(r *record) bool {
		listed, _ := r.values["model_id"].(int64)
		owner := t.get(t.models[modelsModel], listed)
		everybody := r.values["group_id"] == nil || r.values["group_id"] == internalUsers
		return everybody && owner != nil && owner.values["model"] == m.name && r.values["perm_"+operation] == true
	})
}

// rulesFor are the record rules for an operation.
func (u *user) rulesFor(model, operation string) []RecordRule {
	if u.super {
		return nil
	}
	var out []RecordRule
	for _, r := range u.access.rules {
		if r.Model == model && (len(r.Operations) == 0 || slices.Contains(r.Operations, operation)) {
			out = append(out, r)
		}
	}
	return out
}

// sudo is the same call with all rights.
func (t *tx) sudo() *tx {
	u := *t.user
	u.super = true
	all := *t
	all.user = &u
	return &all
}

// within is the condition that a record rule sets.
func (t *tx) within(m *model, r RecordRule) (predicate, error) {
	v, err := plain(r.Domain)
	if err != nil {
		return nil, err
	}
	all := t.sudo()
	all.context = map[string]any{"active_test": false}
	terms, err := all.terms(v)
	if err != nil {
		return nil, err
	}
	return all.compile(m, terms)
}

// permitted is the condition that all record rules for an operation set, and nil without any.
func (t *tx) permitted(m *model, operation string) (predicate, error) {
	var all []predicate
	for _, r := range t.user.rulesFor(m.name, operation) {
		p, err := t.within(m, r)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	if all == nil {
		return nil, nil
	}
	return func(r *record) bool {
		return !slices.ContainsFunc(all, func(p predicate) bool { return !p(r) })
	}, nil
}

// obey refuses an operation on records that a record rule keeps from the user.
func (t *tx) obey(m *model, operation string, records []*record) error {
	var kept []*record
	var by []string
	for _, rule := range t.user.rulesFor(m.name, operation) {
		p, err := t.within(m, rule)
		if err != nil {
			return err
		}
		refused := slices.DeleteFunc(slices.Clone(records), p)
		if len(refused) > 0 {
			kept, by = append(kept, refused...), append(by, "- "+rule.Name)
		}
	}
	if kept == nil {
		return nil
	}
	return t.ruledOut(m, operation, kept, by)
}

func (t *tx) ruledOut(m *model, operation string, records []*record, rules []string) error {
	if t.modern() {
		return fail(classAccess, "Uh-oh! Looks like you have stumbled upon some top-secret records.\n\n"+
			"Sorry, %s (id=%d) doesn't have '%s' access to:\n- %s (%s)\n\n"+
			"If you really, really need access, perhaps you can win over your friendly administrator with a batch of freshly baked cookies.",
			t.user.name, t.uid, operation, m.label, m.name)
	}
	names := make([]string, len(records))
	for i, r := range records {
		names[i] = fmt.Sprintf("%v (id=%d)", t.displayName(m, r), r.id)
	}
	return fail(classAccess, "Due to security restrictions, you are not allowed to %s '%s' (%s) records.\n\nRecords: %s\nUser: %s (id=%d)\n\n"+
		"This restriction is due to the following rules:\n%s\n\nContact your administrator to request access if necessary.",
		operationVerbs[operation], m.label, m.name, strings.Join(names, ", "), t.user.name, t.uid, strings.Join(rules, "\n"))
}
