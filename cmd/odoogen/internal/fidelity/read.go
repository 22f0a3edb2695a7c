package fidelity

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

// reader reads models and notes in its report what came of it.
type reader struct {
	c      *orm.Client
	tape   *tape
	report *report
}

// window is a run of a model's records, in the order of their ids.
type window struct{ offset, limit int }

func (w window) halves() (window, window) {
	half := w.limit / 2
	return window{w.offset, half}, window{w.offset + half, w.limit - half}
}

// model reads the records of one model; t is its generated type.
func (r *reader) model(ctx context.Context, m snapshot.Model, t reflect.Type) {
	if t == nil {
		r.report.find(notGenerated, m.Name, "", "there is no type for it")
		return
	}
	fields := r.generated(m, t)
	if m.Kind == snapshot.Abstract {
		r.report.abstract++
		return
	}
	id, ok := fieldOf(t, "id")
	if !ok {
		r.report.withoutID = append(r.report.withoutID, m.Name)
		return
	}
	// By the id alone first: what refuses this refuses the model, and no field of it.
	n, err := r.count(ctx, m, id)
	switch {
	case err != nil:
		r.failed(m.Name, "", window{}, err)
		r.report.refusedModels++
	case n == 0:
		r.report.empty++
	default:
		r.report.read++
		r.report.records += n
		s := &session{r, m, t, map[string]bool{}}
		s.fields(ctx, fields, n)
		r.report.fields += len(s.seen)
	}
}

// count is the number of records to read.
func (r *reader) count(ctx context.Context, m snapshot.Model, id reflect.StructField) (int, error) {
	ids := reflect.New(reflect.SliceOf(reflect.StructOf([]reflect.StructField{id})))
	err := r.find(ctx, m.Name, ids.Interface(), window{limit: depth})
	return ids.Elem().Len(), err
}

// generated are the fields of the type, each of which must be in the snapshot, and the other way round.
func (r *reader) generated(m snapshot.Model, t reflect.Type) []reflect.StructField {
	missing := map[string]bool{}
	for _, f := range m.Fields {
		missing[f.Name] = true
	}
	fields := reflect.VisibleFields(t)
	for _, f := range fields {
		if !missing[odooName(f)] {
			r.report.find(notGenerated, m.Name, odooName(f), "the type has a field that the snapshot has not")
		}
		delete(missing, odooName(f))
	}
	for name := range missing {
		r.report.find(notGenerated, m.Name, name, "the type has no such field")
	}
	r.report.generated++
	r.report.generatedFields += len(fields)
	return fields
}

// odooName is the field's name in Odoo.
func odooName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("odoo"), ",")
	return name
}

func fieldOf(t reflect.Type, name string) (reflect.StructField, bool) {
	for _, f := range reflect.VisibleFields(t) {
		if odooName(f) == name {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// session is the reading of one model.
type session struct {
	*reader
	m    snapshot.Model
	t    reflect.Type
	seen map[string]bool // the fields of which a value was compared
}

// fields reads a group of fields of the first n records. A group that breaks is read in halves, so that the field that
// is at fault stands alone in the end.
func (s *session) fields(ctx context.Context, group []reflect.StructField, n int) {
	t := s.t
	if len(group) < t.NumField() {
		t = reflect.StructOf(group)
	}
	all := window{limit: n}
	_, err := s.attempt(ctx, s.m, t, all)
	switch {
	case err == nil:
		for _, f := range group {
			s.seen[odooName(f)] = true
		}
	case len(group) > 1:
		half := len(group) / 2
		s.fields(ctx, group[:half], n)
		s.fields(ctx, group[half:], n)
	default:
		s.field(ctx, group[0], t, all, err)
	}
}

// Records that a field breaks on before the rest of the model is taken to be no better.
const patience = 4

// field reads one field that breaks, in ever fewer records, until those stand alone that break it.
func (s *session) field(ctx context.Context, f reflect.StructField, t reflect.Type, all window, err error) {
	if !isRefusal(err) {
		s.failed(s.m.Name, odooName(f), all, err)
		return
	}
	refused, readable := 0, 0
	var narrow func(w window, err error)
	narrow = func(w window, _ error) {
		if refused >= patience && readable == 0 {
			refused += w.limit
			return
		}
		if w.limit == 1 {
			refused++
			return
		}
		for _, half := range both(w.halves()) {
			n, err := s.attempt(ctx, s.m, t, half)
			switch {
			case err == nil:
				readable += n
			case isRefusal(err):
				narrow(half, err)
			default:
				s.failed(s.m.Name, odooName(f), half, err)
			}
		}
	}
	narrow(all, err)
	s.report.refuse(s.m.Name, odooName(f), refusedOf(refused, all.limit), err)
	if readable > 0 {
		s.seen[odooName(f)] = true
	}
}

// refusedOf says of how many records a field was refused. A field that breaks only when many are read at once came
// through in smaller windows.
func refusedOf(refused, all int) string {
	switch refused {
	case 0:
		return "only together"
	case all:
		return fmt.Sprintf("all %d", all)
	}
	return fmt.Sprintf("%d of %d", refused, all)
}

func both(a, b window) []window { return []window{a, b} }

// attempt reads a window of records into values of the type, and compares them if the server sent them. It gives the
// number of records.
func (r *reader) attempt(ctx context.Context, m snapshot.Model, t reflect.Type, w window) (n int, err error) {
	dest := reflect.New(reflect.SliceOf(t))
	if err := r.find(ctx, m.Name, dest.Interface(), w); err != nil {
		return 0, err
	}
	server, err := r.tape.records()
	if err != nil {
		return 0, fmt.Errorf("the answer is not JSON: %w", err)
	}
	again, err := encode(ctx, r.c.Model(m.Name), dest.Elem().Interface())
	if err != nil {
		return 0, fmt.Errorf("what was decoded cannot be encoded: %w", err)
	}
	c := comparison{r.report, m.Name, typesOf(m)}
	c.records(server, again, dest.Elem())
	return len(server), nil
}

// panicked is a panic of the code under test.
type panicked struct {
	value any
	stack []byte
}

func (p panicked) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

// find is the call under test.
func (r *reader) find(ctx context.Context, model string, dest any, w window) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = panicked{value, debug.Stack()}
		}
	}()
	return r.c.Model(model).Find(ctx, dest, orm.Expr{}, orm.Everything(), orm.Offset(w.offset), orm.Limit(w.limit),
		orm.Asc(orm.Field[any, any]("id")))
}

// failed notes a failure: a refusal of the server, or a finding.
func (r *reader) failed(model, field string, w window, err error) {
	var decoding *orm.DecodeError
	var panicking panicked
	switch {
	case isRefusal(err):
		r.report.refuse(model, field, "", err)
	case errors.As(err, &decoding):
		r.report.find(decodeError, model, field, err.Error())
	case errors.As(err, &panicking):
		r.report.find(panicFinding, model, field, err.Error())
	default:
		r.report.find(otherFailure, model, field, fmt.Sprintf("records %d to %d: %v", w.offset, w.offset+w.limit, err))
	}
}

// isRefusal reports whether it was the server that failed: an exception of its own, or a page of HTTP 500, which it sends
// for a value that it cannot write as JSON.
func isRefusal(err error) bool {
	var e *orm.Error
	return errors.As(err, &e) && (e.Class != "" || e.Status == 500)
}

func typesOf(m snapshot.Model) map[string]string {
	types := map[string]string{}
	for _, f := range m.Fields {
		types[f.Name] = f.Type
	}
	return types
}
