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

// Odoo's metadata do not say which models are views of the database, nor that the ids of some of these are texts, nor,
// before Odoo 18 or so, which models are abstract. All of them are among the few models that do not keep who wrote
// their records: these are looked at one by one.

// settle finds out the kinds of the models that the catalog did not report, and which models use string IDs.
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
	var unsure []string // no record to see the id of
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

// tables are those of the models for which the server has made a foreign key; nil if the user cannot read them.
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

// foreignTargets are the models to which relations lead without being pulled, and that do not keep who wrote their
// records.
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

// targets are the models to which relations lead without being pulled.
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

// idType is what the ids of a model are.
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

// patience is how long a view may think about its first record.
const patience = 10 * time.Second

// lookAtID reads the id of one record. A model that has no table after all is abstract, where the catalog does not say.
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

// isNoTable reports whether the server failed to read because there is no table. Some versions send a page that does not
// say why they failed.
func isNoTable(err error) bool {
	var e *orm.Error
	return errors.As(err, &e) && (e.Class == "" || strings.HasSuffix(e.Class, "UndefinedTable"))
}

// lookAtRelations looks for the ids of models that can't be searched in what points to them.
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

// pointer is a many2one and the model that it leads to.
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
