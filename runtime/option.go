package orm

import (
	"fmt"
	"strings"
)

// Option adjusts one call. A [Context] is an Option too.
type Option interface {
	apply(*callOptions)
}

// callOptions is what the options of a call come to.
type callOptions struct {
	limit, offset, pageSize int
	batch                   int
	order                   []orderKey
	include                 []modelField
	everything, idempotent  bool
	prefetch                bool
	levels                  bool // nested reads go level by level, as before 17
	after                   int64
	afterModel              string
	context                 Context
}

// modelField is a field whose model is known by its descriptor, so that a field of another model is noticed.
type modelField struct{ model, field string }

type orderKey struct {
	modelField
	direction string
}

type optionFunc func(*callOptions)

func (f optionFunc) apply(o *callOptions) { f(o) }

func collect(opts []Option) callOptions {
	var o callOptions
	for _, opt := range opts {
		if opt != nil {
			opt.apply(&o)
		}
	}
	return o
}

// Limit stops after n records. Zero is no limit.
func Limit(n int) Option { return optionFunc(func(o *callOptions) { o.limit = n }) }

// Offset leaves out the first n records.
func Offset(n int) Option { return optionFunc(func(o *callOptions) { o.offset = n }) }

// Batch lets [CreateMany] make records in calls of n each, one after the other: for more of them than the server's time
// for a call allows, some ten thousand. Each call makes all of its records or none; when one fails, the records of those
// before it stay, and their ids are given beside the error.
func Batch(n int) Option { return optionFunc(func(o *callOptions) { o.batch = n }) }

// Asc orders by a field. The first order given is the first key; without any, the model's own order applies.
func Asc[M, T any](f Field[M, T]) Option { return order[M](string(f), "asc") }

// Desc orders by a field, the greatest first.
func Desc[M, T any](f Field[M, T]) Option { return order[M](string(f), "desc") }

func order[M any](field, direction string) Option {
	key := orderKey{modelField{modelName[M](), field}, direction}
	return optionFunc(func(o *callOptions) { o.order = append(o.order, key) })
}

// Include reads a field that the generated record leaves out unless asked: a binary, or one that the server
// computes on each read.
func Include[M, T any](f Field[M, T]) Option {
	field := modelField{modelName[M](), string(f)}
	return optionFunc(func(o *callOptions) { o.include = append(o.include, field) })
}

// Everything reads every field of the destination struct, those included that wait for [Include]. It can be slow:
// some fields cost the server a query for each record.
func Everything() Option { return optionFunc(func(o *callOptions) { o.everything = true }) }

// orderBy gives the order in Odoo's form, "" for the model's own.
func (o callOptions) orderBy(model string) (string, error) {
	keys := make([]string, len(o.order))
	for i, key := range o.order {
		if err := key.check(model, "order"); err != nil {
			return "", err
		}
		keys[i] = key.field + " " + key.direction
	}
	return strings.Join(keys, ", "), nil
}

func (f modelField) check(model, what string) error {
	if f.model != "" && f.model != model {
		return fmt.Errorf("orm: %s by %s of %s in a call on %s", what, f.field, f.model, model)
	}
	return nil
}
