package orm

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// UnreadError reports fields that the server failed to read in a read with [Everything]. It is returned together with the
// records, which have the zero value for these fields.
type UnreadError struct {
	Model  string
	Fields []string
	Err    error // the server's error for the read of all fields
}

func (e *UnreadError) Error() string {
	return fmt.Sprintf("orm: read %s: the fields %q are left out, because the server fails to read them: %v", e.Model, e.Fields, e.Err)
}

// Unwrap returns the error of the server.
func (e *UnreadError) Unwrap() error { return e.Err }

func isUnread(err error) bool {
	_, ok := errors.AsType[*UnreadError](err)
	return ok
}

// mostUnread bounds the number of fields to find: if more fields fail, the fields are not the cause.
const mostUnread = 8

// isolate reads records into dest. If the server fails in a read of everything, it finds the fields that fail by halving,
// and reads the records again without them.
func (m Model) isolate(dest reflect.Value, o callOptions, read func(reflect.Value, callOptions) ([]int64, error)) ([]int64, error) {
	ids, err := read(dest, o)
	if !o.everything || !isServerFault(err) {
		return ids, err
	}
	p, planErr := codec.PlanOf(dest.Type().Elem())
	if planErr != nil {
		return nil, planErr
	}
	fields := make([]string, len(p.Fields))
	for i, f := range p.Fields {
		fields[i] = f.Name
	}
	fails := func(fields []string) (bool, error) {
		o.only = membersOf(fields)
		_, err := read(reflect.New(dest.Type()).Elem(), o)
		if isServerFault(err) {
			return true, nil
		}
		return false, err
	}
	unread, lookErr := halve(fields, fails)
	if lookErr != nil || len(unread) == 0 || len(unread) > mostUnread || len(unread) == len(fields) {
		return nil, err
	}
	o.only = membersOf(slices.DeleteFunc(fields, func(name string) bool { return slices.Contains(unread, name) }))
	ids, lastErr := read(dest, o)
	if lastErr != nil {
		return nil, lastErr
	}
	return ids, &UnreadError{m.name, unread, err}
}

// halve takes fields that fail together and finds those that fail alone. It stops after mostUnread of them.
func halve(fields []string, fails func([]string) (bool, error)) ([]string, error) {
	if len(fields) == 1 {
		return fields, nil
	}
	var found []string
	for _, half := range [][]string{fields[:len(fields)/2], fields[len(fields)/2:]} {
		if len(found) > mostUnread {
			break
		}
		failed, err := fails(half)
		if err != nil {
			return nil, err
		}
		if !failed {
			continue
		}
		some, err := halve(half, fails)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return found, nil
}

func membersOf(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

// isServerFault reports whether an error is an exception of Odoo's code other than Odoo's own exception classes. On a server
// with several databases, Odoo 14 responds to such an exception with a page of status 500.
func isServerFault(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.kind == nil && e.Class != "" || errors.Is(e.kind, ErrMalformed) && e.Status == http.StatusInternalServerError)
}
