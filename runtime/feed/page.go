package feed

import (
	"time"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// page is a number of records, by ID.
type page[R any] struct {
	records []codec.Digested[R]
	end     int64 // the last ID of the page
	last    bool  // no more records match
}

// pageAfter reads the records that match after an ID. The time is one by the clock of the server, before the page.
func (r *run[R, M]) pageAfter(where orm.Expr, after int64) (p page[R], at time.Time, err error) {
	p.end = after
	if p.records, at, err = r.read(both(where, orm.Where[any]("id", ">", after)), r.settings.page); err != nil {
		return p, at, err
	}
	if n := len(p.records); n > 0 {
		p.end = p.records[n-1].Digest.ID
	}
	room := r.settings.page - len(p.records)
	if p.last = room > 0; !p.last || !odoofacts.HidesRecords(r.model.Name()) {
		return p, at, nil
	}
	var rest []int64
	err = r.model.Search(r.ctx, &rest, both(where, orm.Where[any]("id", ">", p.end)), orm.Asc(orm.Field[any, int64]("id")), orm.Archived())
	if err != nil || len(rest) == 0 {
		return p, at, err
	}
	p.last = len(rest) <= room
	rest = rest[:min(room, len(rest))]
	further, _, err := r.read(both(where, orm.Where[any]("id", "in", rest)), len(rest))
	p.records, p.end = append(p.records, further...), rest[len(rest)-1]
	return p, at, err
}
