package odoosync

import (
	"errors"
	"fmt"
	"slices"

	orm "github.com/odoogen/odoogen/runtime"
)

// gone says what to do with the records that no row matches.
type gone struct {
	model  string // that the condition is about
	where  orm.Expr
	share  float64
	unlink bool
}

func (g *gone) verb() string {
	if g.unlink {
		return "delete"
	}
	return "archive"
}

// check refuses a condition on another model than that of the rows: it would remove other records.
func (g *gone) check(model string) error {
	if g != nil && g.model != model {
		return fmt.Errorf("the condition of what to %s is about %q", g.verb(), g.model)
	}
	return nil
}

// checkField refuses to archive records of a model that has nothing to archive them by.
func (g *gone) checkField(fields map[string]orm.FieldInfo) error {
	if g == nil || g.unlink {
		return nil
	}
	if _, ok := fields["active"]; !ok {
		return errors.New("Archive has no effect: the model has no field active")
	}
	return nil
}

// removeGone archives or deletes the records that no row matches. It does nothing where rows have failed, since their records
// are unknown.
func (j *job) removeGone() error {
	g := j.settings.gone
	if g == nil {
		return nil
	}
	if j.report.Failures > 0 {
		return fmt.Errorf("nothing was %sd: %d rows failed, so the records without a row are unknown", g.verb(), j.report.Failures)
	}
	var all []int64
	var opts []orm.IDsOption
	if g.unlink {
		opts = append(opts, archivedToo)
	}
	if err := j.model.Search(j.ctx, &all, g.where, opts...); err != nil {
		return err
	}
	ids := slices.DeleteFunc(slices.Clone(all), func(id int64) bool { return j.ids[id] })
	if float64(len(ids)) > g.share*float64(len(all)) {
		return fmt.Errorf("would %s %d of %d records (%.0f %%), and the limit is %.0f %%: nothing was %sd",
			g.verb(), len(ids), len(all), 100*float64(len(ids))/float64(len(all)), 100*g.share, g.verb())
	}
	for part := range slices.Chunk(ids, j.settings.batch) {
		if err := j.remove(part); err != nil {
			return err
		}
		j.report.Removed += len(part)
	}
	return nil
}

func (j *job) remove(ids []int64) error {
	switch {
	case j.settings.dryRun:
		return nil
	case j.settings.gone.unlink:
		return j.model.Unlink(j.ctx, ids)
	}
	return j.model.Write(j.ctx, ids, orm.Args{"active": false})
}
