package odoosync

import (
	"errors"
	"fmt"

	orm "github.com/odoogen/odoogen/runtime"
)

// Option is a setting of [Run].
type Option func(*settings)

type settings struct {
	batch    int
	parallel int // the number of calls at once that write
	dryRun   bool
	keep     bool // records that are there are not compared
	progress func(Report)
	results  func(Result)
	gone     *gone
	err      error
}

const defaultBatch = 1000

// Batch is the number of rows that are read, compared and written together: 1000 unless it is set.
func Batch(n int) Option {
	return func(s *settings) {
		if s.batch = n; n < 1 {
			s.err = errors.Join(s.err, fmt.Errorf("Batch(%d): want at least 1", n))
		}
	}
}

// Parallel writes the rows of a batch in up to n calls at the same time. It helps where the server runs several workers, or
// waits for its database. Odoo repeats a call that another one disturbs, such as two that write one parent: the result is
// the same.
func Parallel(n int) Option {
	return func(s *settings) {
		if s.parallel = n; n < 1 {
			s.err = errors.Join(s.err, fmt.Errorf("Parallel(%d): want at least 1", n))
		}
	}
}

// DryRun reports what would be written, and writes nothing.
func DryRun() Option { return func(s *settings) { s.dryRun = true } }

// Progress calls f with the report after each batch.
func Progress(f func(Report)) Option { return func(s *settings) { s.progress = f } }

// Results calls f with what became of each row.
func Results(f func(Result)) Option { return func(s *settings) { s.results = f } }

// Archive archives the records that the condition matches and that no row does. Run refuses to archive more than the share of
// them, such as 0.1 for a tenth: the source may be incomplete. Nothing is archived if the source fails.
func Archive[M any](scope orm.Domain[M], share float64) Option { return removal(scope, share, false) }

// Delete deletes the records that the condition matches and that no row does. Run refuses to delete more than the share of
// them, such as 0.1 for a tenth: the source may be incomplete. Nothing is deleted if the source fails.
func Delete[M any](scope orm.Domain[M], share float64) Option { return removal(scope, share, true) }

func removal[M any](scope orm.Domain[M], share float64, unlink bool) Option {
	return func(s *settings) {
		if s.gone != nil {
			s.err = errors.Join(s.err, errors.New("Archive or Delete is given twice"))
		}
		if share <= 0 || share > 1 {
			s.err = errors.Join(s.err, fmt.Errorf("a share of %v: want more than 0 and at most 1", share))
		}
		s.gone = &gone{where: orm.Expr(scope), share: share, unlink: unlink}
		if record, ok := any(new(M)).(orm.Record); ok {
			s.gone.model = record.OdooModel()
		}
	}
}
