package odoosync

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/door"
	"github.com/odoogen/odoogen/runtime/internal/records"
)

// Run makes the records of the model M look like the rows. The error is that of the source, of a call whose outcome is
// unknown or that no row caused, or of a setting that has no effect; what a row caused is in [Report.Failed]. With an error
// the report says what was done until then. Running again continues: what was written is unchanged then.
//
// A row whose [Find] or [XMLID] names a record of the same model that is not there yet waits until other rows have been
// written, so that parents may follow their children.
func Run[V orm.Values[M], M any](ctx context.Context, c *orm.Client, key Key, rows iter.Seq2[Row[V], error], opts ...Option) (*Report, error) {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return nil, fmt.Errorf("odoosync: %w", err)
	}
	j, err := newJob(ctx, c, model, key, opts)
	if err == nil {
		err = feed(j, rows)
	}
	if err == nil {
		err = j.finish()
	}
	if err != nil {
		err = fmt.Errorf("odoosync: %s: %w", model.Name(), err)
	}
	if j == nil {
		return nil, err
	}
	return &j.report, err
}

// feed passes the rows on in batches.
func feed[V any](j *job, rows iter.Seq2[Row[V], error]) error {
	index := 0
	var batch []*row
	for r, err := range rows {
		if err != nil {
			return fmt.Errorf("the source, at row %d: %w", index, err)
		}
		in := &row{index: index, xmlID: r.XMLID, name: r.XMLID, targets: r.Targets}
		index++
		if err := j.openLines(r.Targets); err != nil {
			return err
		}
		if err := j.admit(in, r.Values); err != nil {
			j.fail(in, err)
			continue
		}
		if batch = append(batch, in); len(batch) == j.settings.batch {
			if err := j.process(batch); err != nil {
				return err
			}
			batch = nil
		}
	}
	return j.process(batch)
}

// job is one Run.
type job struct {
	ctx      context.Context
	client   *orm.Client
	model    orm.Model
	key      Key
	fields   map[string]orm.FieldInfo
	settings settings
	report   Report
	seen     map[string]int              // keys of rows, and the row's index
	ids      map[int64]bool              // records that rows match
	known    map[string]map[string]int64 // targets, by model and key, by the value of the key
	waiting  []*row                      // rows whose targets are not there yet
	keys     map[string]string           // names on the server of fields of targets, by "model/key"
	decimals map[int]int                 // of currencies, by ID
	lineJobs map[string]*job             // of the lines of rows, by field and key

	hasChecksums *bool // whether attachments have checksums, once it is known
}

func newJob(ctx context.Context, c *orm.Client, model orm.Model, key Key, opts []Option) (*job, error) {
	set := settings{batch: defaultBatch, parallel: 1}
	for _, o := range opts {
		o(&set)
	}
	j := (&job{ctx: ctx, client: c, model: model, key: key}).restarted(set)
	if err := errors.Join(j.settings.err, j.settings.gone.check(model.Name())); err != nil {
		return nil, err
	}
	var err error
	if j.fields, err = j.model.FieldsGet(ctx, nil); err != nil {
		return nil, err
	}
	if err = key.err; err == nil {
		j.key, err = key.named(j.fields)
	}
	return j, errors.Join(err, j.key.check(model.Name(), j.fields), j.settings.gone.checkField(j.fields))
}

// restarted is a job of the same model and key that has not begun.
func (j *job) restarted(s settings) *job {
	return &job{
		ctx: j.ctx, client: j.client, model: j.model, key: j.key, fields: j.fields, settings: s,
		report: Report{Fields: map[string]int{}, DryRun: s.dryRun},
		seen:   map[string]int{}, ids: map[int64]bool{}, known: map[string]map[string]int64{}, keys: map[string]string{},
		lineJobs: map[string]*job{},
	}
}

// admit sets the values of a row and checks what can be known of it before the server is asked.
func (j *job) admit(r *row, values any) (err error) {
	if values, err = door.Named(j.ctx, j.model, values); err != nil {
		return err
	}
	if r.values, err = wireValues(values); err != nil {
		return err
	}
	if j.key.byXMLID() {
		if r.xmlID, err = qualified(j.key.module, r.xmlID); err != nil {
			return err
		}
		r.name = r.xmlID
	} else if r.xmlID != "" {
		return errors.New("has an external ID, which only ByXMLID matches by")
	}
	r.targets = slices.Clone(r.targets)
	for i, t := range r.targets {
		if r.targets[i], err = j.named(t); err != nil {
			return &FieldError{t.field, err}
		}
	}
	if err := j.checkTargets(r); err != nil {
		return err
	}
	for name, v := range r.values {
		if err := j.comparable(name, v); err != nil {
			return &FieldError{name, err}
		}
	}
	return j.admitLines(r)
}

// process brings a batch of rows to an end, but for those that wait for others.
func (j *job) process(rows []*row) error {
	for len(rows) > 0 {
		before := j.report.Created
		waiting, err := j.pass(rows)
		if err != nil {
			return err
		}
		if j.report.Created == before || len(waiting) == 0 {
			j.waiting = append(j.waiting, waiting...)
			break
		}
		rows = waiting // the new records may be their targets
	}
	if j.settings.progress != nil {
		j.settings.progress(j.report)
	}
	return nil
}

// pass writes the rows whose targets are there, and gives the others back.
func (j *job) pass(rows []*row) (waiting []*row, err error) {
	found, err := j.findTargets(rows)
	if err != nil {
		return nil, err
	}
	foundOfLines, err := j.findLineTargets(rows)
	if err != nil {
		return nil, err
	}
	var ready []*row
	for _, r := range rows {
		err := resolveLines(r, foundOfLines)
		if err == nil {
			err = j.identify(r, found)
		}
		switch {
		case errors.Is(err, errUnresolved):
			waiting = append(waiting, r)
		case err != nil:
			j.fail(r, err)
		default:
			ready = append(ready, r)
		}
	}
	if ready, err = j.locate(ready); err != nil {
		return nil, err
	}
	return waiting, j.settle(ready)
}

// identify resolves the targets of a row and its key.
func (j *job) identify(r *row, found targets) error {
	if err := j.resolve(r, found); err != nil {
		return err
	}
	if !j.key.byXMLID() {
		var err error
		if r.name, err = j.key.of(r.values); err != nil {
			return err
		}
	}
	if other, twice := j.seen[r.name]; twice {
		return fmt.Errorf("the same key as row %d: %s", other, r.name)
	}
	j.seen[r.name] = r.index
	return nil
}

// finish ends the rows that wait, and removes what is gone from the source.
func (j *job) finish() error {
	for len(j.waiting) > 0 {
		before, rows := j.report.Created, j.waiting
		j.waiting = nil
		for part := range slices.Chunk(rows, j.settings.batch) {
			if err := j.process(part); err != nil {
				return err
			}
		}
		if j.report.Created == before {
			break
		}
	}
	if err := j.failWaiting(); err != nil {
		return err
	}
	return j.removeGone()
}

// failWaiting reports the rows whose targets did not come.
func (j *job) failWaiting() error {
	for part := range slices.Chunk(j.waiting, j.settings.batch) {
		found, err := j.findTargets(part)
		if err != nil {
			return err
		}
		foundOfLines, err := j.findLineTargets(part)
		if err != nil {
			return err
		}
		for _, r := range part {
			j.fail(r, cmp.Or(resolveLines(r, foundOfLines), j.resolve(r, found)))
		}
	}
	return nil
}

// settle compares located rows with their records and writes what differs.
func (j *job) settle(rows []*row) error {
	var created, changed []*row
	stored, err := j.readStored(rows)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.id == 0 {
			created = append(created, r)
			continue
		}
		if j.settings.keep {
			j.done(r, Unchanged, nil)
			continue
		}
		changes, err := j.differences(r, stored[r.id])
		switch {
		case err != nil:
			j.fail(r, err)
		case len(changes) == 0:
			j.done(r, Unchanged, nil)
		default:
			r.changes = changes
			changed = append(changed, r)
		}
	}
	if j.settings.dryRun {
		j.plan(created, changed)
		return nil
	}
	if err := j.create(created); err != nil {
		return err
	}
	return j.update(changed)
}

// plan reports what would be written. Rows that would be created are targets of others by IDs below zero.
func (j *job) plan(created, changed []*row) {
	for _, r := range created {
		id := -int64(r.index) - 1
		j.knownBy(j.model.Name(), "")[string(mustJSON(r.xmlID))] = id
		for name, v := range r.values {
			if slices.Contains(j.key.fields, name) || j.known[j.model.Name()+"."+name] != nil {
				j.knownBy(j.model.Name(), name)[string(canonical(v))] = id
			}
		}
		j.done(r, Created, sortedKeys(r.values))
	}
	for _, r := range changed {
		j.done(r, Changed, sortedKeys(r.changes))
	}
}

func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // v is made of numbers, texts and lists
	}
	return b
}
