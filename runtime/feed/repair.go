package feed

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/admin"
	"github.com/odoogen/odoogen/runtime/internal/automation"
	"github.com/odoogen/odoogen/runtime/internal/outbox"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

// note is a row of an outbox with what it is installed for.
type note struct {
	ID    int64  `odoo:"id"`
	Model string `odoo:"x_model"`
	Info  string `odoo:"x_info"`
}

// noteInfo is the JSON in a note.
type noteInfo struct {
	Stamp    string   `json:"stamp"` // another one for each time that the rules were not complete
	Children []string `json:"children,omitempty"`
}

func (n note) info() (out noteInfo, err error) {
	if err := json.Unmarshal([]byte(n.Info), &out); err != nil {
		return out, fmt.Errorf("the row %d of the outbox, with what it is installed for, cannot be read: %w", n.ID, err)
	}
	return out, nil
}

// notesOf are the notes of an outbox, of one model if one is given.
func notesOf(ctx context.Context, c *orm.Client, table, model string) (notes []note, err error) {
	where := orm.Where[any](outbox.FieldKind, "=", outbox.KindWatch)
	if model != "" {
		where = orm.And(where, orm.Where[any](outbox.FieldModel, "=", model))
	}
	err = c.Model(table).Find(ctx, &notes, orm.Expr(where), orm.Asc(orm.Field[any, int64]("id")))
	return notes, err
}

// repair makes the rules that are missing, removes others of the outbox, and notes what it is installed for. The note of a model
// whose rules are not complete goes first: a feed does not begin before they are, and then compares all records.
func (i *installation) repair(ctx context.Context, want []automation.Rule) error {
	have, err := automation.Find(ctx, i.c, i.prefix(), outbox.Marker(i.model))
	if err != nil {
		return err
	}
	missing, wrong := difference(want, have)
	kept, err := i.dropNotes(ctx, missing)
	if err != nil {
		return err
	}
	if _, err := automation.Create(ctx, i.c, missing...); err != nil {
		return err
	}
	if err := automation.Remove(ctx, i.c, wrong...); err != nil {
		return err
	}
	for _, w := range i.watches {
		if slices.Contains(kept, w.Model) {
			continue
		}
		info, err := json.Marshal(noteInfo{rand.Text(), w.Children})
		if err != nil {
			return err
		}
		values := orm.Args{outbox.FieldModel: w.Model, outbox.FieldKind: outbox.KindWatch, outbox.FieldInfo: string(info)}
		if _, err := i.c.Model(i.model).Create(ctx, values); err != nil {
			return err
		}
	}
	return nil
}

// dropNotes deletes the notes of models that are not watched, or not as they will be, and gives the models of the others.
func (i *installation) dropNotes(ctx context.Context, missing []automation.Rule) (kept []string, err error) {
	var broken []string
	for _, r := range missing {
		s, _ := outbox.Parse(r.Model, codeOf(r))
		broken = append(broken, s.Marks)
	}
	notes, err := notesOf(ctx, i.c, i.model, "")
	if err != nil {
		return nil, err
	}
	var stale []int64
	for _, n := range notes {
		info, err := n.info()
		at := slices.IndexFunc(i.watches, func(w Watch) bool { return w.Model == n.Model })
		if err != nil || at < 0 || slices.Contains(broken, n.Model) || slices.Contains(kept, n.Model) || !slices.Equal(info.Children, i.watches[at].Children) {
			stale = append(stale, n.ID)
			continue
		}
		kept = append(kept, n.Model)
	}
	return kept, i.c.Model(i.model).Unlink(ctx, stale)
}

func codeOf(r automation.Rule) string {
	code, _ := r.Action["code"].(string)
	return code
}

// difference are the rules that are missing, and those that are not wanted.
func difference(want []automation.Rule, have []automation.Installed) (missing []automation.Rule, wrong []automation.Installed) {
	wrong = slices.Clone(have)
	for _, w := range want {
		n := slices.IndexFunc(wrong, func(h automation.Installed) bool { return runs(h, w) })
		if n < 0 {
			missing = append(missing, w)
			continue
		}
		wrong = slices.Delete(wrong, n, n+1)
	}
	return missing, wrong
}

// runs reports whether a rule of the server does what is wanted of it.
func runs(h automation.Installed, w automation.Rule) bool {
	return h.ID != 0 && h.Active && !h.Filters && len(h.Fields) == 0 && h.Model == w.Model && h.Trigger == w.Trigger &&
		len(h.Actions) == 1 && h.Actions[0].State == "code" && strings.TrimSpace(h.Actions[0].Code) == strings.TrimSpace(codeOf(w))
}

// access are the rights to the outbox: administrators install it, its readers read and delete rows, and claim it for
// their feed; the rules need none.
func (i *installation) access() []admin.CustomAccess {
	out := []admin.CustomAccess{{Group: administrators, Read: true, Write: true, Create: true, Unlink: true}}
	if i.group != administrators {
		out = append(out, admin.CustomAccess{Group: i.group, Read: true, Create: true, Unlink: true})
	}
	return out
}

// granted is a row of ir.model.access.
type granted struct {
	ID     int64       `odoo:"id"`
	Group  orm.ID[any] `odoo:"group_id"`
	Read   bool        `odoo:"perm_read"`
	Write  bool        `odoo:"perm_write"`
	Create bool        `odoo:"perm_create"`
	Unlink bool        `odoo:"perm_unlink"`
	Active bool        `odoo:"active"`
}

// grant makes the rights to an outbox that is there what they are to be.
func (i *installation) grant(ctx context.Context, model int64) error {
	groups, err := xmlid.References(ctx, i.c, slices.Compact([]string{administrators, i.group}))
	if err != nil {
		return err
	}
	table := i.c.Model("ir.model.access")
	var have []granted
	if err := table.Find(ctx, &have, orm.Expr(orm.Where[any]("model_id", "=", model)), orm.Archived()); err != nil {
		return err
	}
	for _, a := range i.access() {
		want := granted{0, orm.ID[any](groups[a.Group].ID), a.Read, a.Write, a.Create, a.Unlink, true}
		if n := slices.IndexFunc(have, func(g granted) bool { g.ID = 0; return g == want }); n >= 0 {
			have = slices.Delete(have, n, n+1)
			continue
		}
		values := orm.Args{"name": i.model + " " + a.Group, "model_id": model, "group_id": groups[a.Group].ID,
			"perm_read": a.Read, "perm_write": a.Write, "perm_create": a.Create, "perm_unlink": a.Unlink}
		if _, err := table.Create(ctx, values); err != nil {
			return err
		}
	}
	var wrong []int64
	for _, g := range have {
		wrong = append(wrong, g.ID)
	}
	return table.Unlink(ctx, wrong)
}
