package introspect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/access"
)

// Odoo's metadata do not report which models are SQL views, which of these use string IDs, and, before about Odoo 18, which
// models are abstract. All of them are among the few models that do not log who writes their records: these models are
// checked one by one.

// settle determines the kinds of models that the catalog did not report, and which models use string IDs.
func (p *pull) settle(ctx context.Context) error {
	var unlogged []*snapshot.Model
	for i := range p.Models {
		if m := &p.Models[i]; m.Kind == "" && !logsWrites(m) {
			unlogged = append(unlogged, m)
		}
	}
	tables, err := p.tables(ctx, unlogged)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var unsure []string // models without a record whose id could be read
	look := func(ctx context.Context, m *snapshot.Model) error {
		if tables[m.Name] {
			return nil
		}
		id, err := p.lookAtID(ctx, m)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		switch id {
		case textID:
			p.TextIDs = append(p.TextIDs, m.Name)
		case unknownID:
			unsure = append(unsure, m.Name)
		}
		return nil
	}
	if err := each(ctx, p.options, unlogged, func(ctx context.Context, m *snapshot.Model) error {
		if err := look(ctx, m); err != nil || m.Kind == snapshot.Abstract {
			return err
		}
		return p.settleKind(ctx, m, tables)
	}); err != nil {
		return err
	}
	if err := each(ctx, p.options, p.foreignTargets(), look); err != nil {
		return err
	}
	return p.lookAtRelations(ctx, unsure)
}

// settleKind recognises SQL views. Either the user has no permission to create, change or delete their records, or careless
// access rules grant all three although the database refuses them. In the second case, the database has no foreign keys for
// their many2ones, as it has for those of tables.
func (p *pull) settleKind(ctx context.Context, m *snapshot.Model, tables map[string]bool) error {
	var may [3]bool
	for i, operation := range []access.Operation{access.Create, access.Write, access.Unlink} {
		var err error
		if may[i], err = p.may(ctx, m, operation); err != nil {
			return unlessRefused(err)
		}
	}
	if may == [3]bool{} || may == [3]bool{true, true, true} && tables != nil && !tables[m.Name] && pointsAway(m) {
		m.Kind = snapshot.View
	}
	return nil
}

// pointsAway reports whether the model has a stored many2one, which would be a foreign key if the model had a table. The
// tables of the module base are older than the list of keys.
func pointsAway(m *snapshot.Model) bool {
	return !slices.Contains(m.Modules, "base") && slices.ContainsFunc(m.Fields, func(f snapshot.Field) bool { return f.Type == "many2one" && !f.Computed })
}

// tables returns the models for which the database has a foreign key; nil if the user cannot read them.
func (p *pull) tables(ctx context.Context, models []*snapshot.Model) (map[string]bool, error) {
	tables := map[string]bool{}
	if len(models) == 0 || p.known.ids == nil {
		return nil, nil
	}
	names := make([]string, len(models))
	for i, m := range models {
		names[i] = m.Name
	}
	var keys []struct {
		Model orm.Ref[struct{}] `odoo:"model"`
	}
	where := orm.And(orm.Where[struct{}]("model.model", "in", names), orm.Where[struct{}]("type", "=", "f"))
	if err := p.c.Model("ir.model.constraint").Find(ctx, &keys, orm.Expr(where)); err != nil {
		return nil, unlessRefused(err)
	}
	withKey := map[int64]bool{}
	for _, key := range keys {
		withKey[int64(key.Model.ID)] = true
	}
	for _, name := range names {
		tables[name] = withKey[p.known.ids[name]]
	}
	return tables, nil
}

// foreignTargets returns the models that are targets of relations, are not pulled, and do not log who writes their records.
func (p *pull) foreignTargets() []*snapshot.Model {
	if p.Unseen.Fields {
		return nil
	}
	targets := p.targets()
	var out []*snapshot.Model
	for _, m := range p.known.models {
		if m.Kind == "" && slices.Contains(targets, m.Name) && !p.listed.has(m.Name, "create_uid") {
			out = append(out, &m)
		}
	}
	return out
}

// targets returns the models that are targets of relations and are not pulled.
func (p *pull) targets() []string {
	pulled := map[string]bool{"": true}
	for _, m := range p.Models {
		pulled[m.Name] = true
	}
	var targets []string
	for _, m := range p.Models {
		for _, f := range m.Fields {
			if !pulled[f.Relation] {
				pulled[f.Relation] = true
				targets = append(targets, f.Relation)
			}
		}
	}
	return targets
}

// idType is the type of the ids of a model.
type idType int

const (
	numberID idType = iota
	textID
	unknownID
)

func idTypeOf(id json.RawMessage) idType {
	if bytes.HasPrefix(id, []byte(`"`)) {
		return textID
	}
	return numberID
}

// patience limits the time for reading the first record of a view.
const patience = 10 * time.Second

// lookAtID reads the id of one record. If the model turns out to have no table, it is abstract, unless the catalog reports
// its kind.
func (p *pull) lookAtID(ctx context.Context, m *snapshot.Model) (idType, error) {
	var rows []struct {
		ID json.RawMessage `odoo:"id"`
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := p.c.Model(m.Name).Find(limited, &rows, orm.Expr{}, orm.Limit(1))
	switch {
	case err == nil && len(rows) == 1:
		return idTypeOf(rows[0].ID), nil
	case err == nil || ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded):
		return unknownID, nil
	case !p.known.tellsAbstract && isNoTable(err):
		m.Kind = snapshot.Abstract
		return numberID, nil
	}
	return unknownID, unlessRefused(err)
}

// isNoTable reports whether a read failed because there is no table. Some versions respond with a page that does not contain
// the reason.
func isNoTable(err error) bool {
	var e *orm.Error
	return errors.As(err, &e) && (e.Class == "" || strings.HasSuffix(e.Class, "UndefinedTable"))
}

// lookAtRelations finds the ids of models that cannot be searched in fields that point to them.
func (p *pull) lookAtRelations(ctx context.Context, unsure []string) error {
	var pointers []pointer
	for _, m := range p.Models {
		if m.Kind != "" {
			continue
		}
		for _, f := range m.Fields {
			if f.Type == "many2one" && slices.Contains(unsure, f.Relation) {
				pointers = append(pointers, pointer{m.Name, f.Name, f.Relation})
			}
		}
	}
	var mu sync.Mutex
	return each(ctx, p.options, pointers, func(ctx context.Context, at pointer) error {
		id, err := p.follow(ctx, at)
		mu.Lock()
		defer mu.Unlock()
		if id == textID && !slices.Contains(p.TextIDs, at.target) {
			p.TextIDs = append(p.TextIDs, at.target)
		}
		return err
	})
}

// pointer is a many2one and the model that it points to.
type pointer struct{ model, field, target string }

// follow reads the ids that some records point to.
func (p *pull) follow(ctx context.Context, at pointer) (idType, error) {
	var rows []map[string]json.RawMessage
	args := orm.Args{"domain": []any{}, "fields": []string{at.field}, "limit": 20}
	if err := p.c.Model(at.model).Call(ctx, "search_read", nil, args, &rows); err != nil {
		return unknownID, unlessRefused(err)
	}
	for _, row := range rows {
		var pair []json.RawMessage
		if json.Unmarshal(row[at.field], &pair) == nil && len(pair) > 0 {
			return idTypeOf(pair[0]), nil
		}
	}
	return unknownID, nil
}
