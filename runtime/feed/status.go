package feed

import (
	"context"
	"fmt"
	"strings"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/automation"
	"github.com/odoogen/odoogen/runtime/internal/outbox"
)

// Status is the state of an outbox.
type Status struct {
	Watches  []Watch   // what it is installed for: nothing, if it is not installed
	Problems []string  // why changes may be missed, such as a rule that was archived: Install repairs it
	Rows     int       // that no feed has handled yet
	Oldest   time.Time // when the transaction of the first of them began; the zero time without rows
}

// Installed reports the state of an outbox. It needs the rights of an administrator.
func Installed(ctx context.Context, c *orm.Client, name string) (Status, error) {
	model, err := outbox.Model(name)
	var s Status
	if err == nil {
		s, err = (&installation{c: c, name: name, model: model}).status(ctx)
	}
	if err != nil {
		return Status{}, fmt.Errorf("feed: status of the outbox %s: %w", name, err)
	}
	return s, nil
}

func (i *installation) status(ctx context.Context) (s Status, err error) {
	if err := automation.Require(ctx, i.c); err != nil {
		return s, err
	}
	have, err := automation.Find(ctx, i.c, i.prefix(), outbox.Marker(i.model))
	if err != nil {
		return s, err
	}
	n, err := i.c.Model("ir.model").Count(ctx, orm.Expr(orm.Where[any]("model", "=", i.model)))
	if err != nil {
		return s, err
	}
	if n == 0 {
		for _, r := range have {
			s.Problems = append(s.Problems, fmt.Sprintf("the rule %q on %s has no outbox", r.Name, r.Model))
		}
		return s, nil
	}
	if s.Watches, err = i.watched(ctx); err != nil {
		return s, err
	}
	var want []automation.Rule
	for n := range s.Watches {
		rules, err := i.rules(ctx, &s.Watches[n])
		if err != nil {
			s.Problems = append(s.Problems, err.Error())
		}
		want = append(want, rules...)
	}
	missing, wrong := difference(want, have)
	for _, r := range missing {
		s.Problems = append(s.Problems, fmt.Sprintf("the rule %q on %s is missing, archived or changed", r.Name, r.Model))
	}
	for _, r := range wrong {
		s.Problems = append(s.Problems, fmt.Sprintf("the rule %q on %s is not one of the outbox", r.Name, r.Model))
	}
	return s, i.count(ctx, &s)
}

// watched are the models that the notes of the outbox name.
func (i *installation) watched(ctx context.Context) (out []Watch, err error) {
	notes, err := notesOf(ctx, i.c, i.model, "")
	for _, n := range notes {
		info, err := n.info()
		if err != nil {
			return nil, err
		}
		out = append(out, Watch{n.Model, info.Children})
	}
	return out, err
}

// isChange is the condition for the rows of changes.
func isChange() orm.Domain[any] {
	return orm.Where[any](outbox.FieldKind, "not in", []string{outbox.KindWatch, outbox.KindClaim})
}

// count counts the rows of changes.
func (i *installation) count(ctx context.Context, s *Status) (err error) {
	if s.Rows, err = i.c.Model(i.model).Count(ctx, orm.Expr(isChange())); err != nil || s.Rows == 0 {
		return err
	}
	var rows []struct {
		At time.Time `odoo:"create_date"`
	}
	err = i.c.Model(i.model).Find(ctx, &rows, orm.Expr(isChange()), orm.Limit(1), orm.Asc(orm.Field[any, int64]("id")))
	for _, r := range rows {
		s.Oldest = r.At
	}
	return err
}

// String is the status in a few lines.
func (s Status) String() string {
	if len(s.Watches) == 0 && len(s.Problems) == 0 {
		return "not installed"
	}
	var b strings.Builder
	for _, w := range s.Watches {
		fmt.Fprintf(&b, "watches %s\n", strings.Join(append([]string{w.Model}, w.Children...), ", with "))
	}
	for _, p := range s.Problems {
		fmt.Fprintf(&b, "problem: %s\n", p)
	}
	fmt.Fprintf(&b, "%d rows wait", s.Rows)
	if s.Rows > 0 {
		fmt.Fprintf(&b, ", the first since %s", s.Oldest.UTC().Format(time.DateTime))
	}
	return b.String()
}
