package orm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// The options of a call. Each verb takes the options that have an effect on it; any other one does not compile. Methods of
// [Model] and of generated clients take the same options as the function of their name. A [Context] is an option of every
// verb.
type (
	// FindOption is an option of [Find]: [Limit], [Offset], [Asc], [Desc], [Include], [Everything] or a [Context].
	FindOption interface {
		callOption
		forFind()
	}
	// FirstOption is an option of [First], which takes those of [Find] but for [Limit].
	FirstOption interface {
		callOption
		forFirst()
	}
	// IDsOption is an option of [IDs] and [Model.Search]: [Limit], [Offset], [Asc], [Desc] or a [Context].
	IDsOption interface {
		callOption
		forIDs()
	}
	// WalkOption is an option of [All] and [Model.Each], which take those of [Find], and [PageSize], [Prefetch] and
	// [After].
	WalkOption interface {
		callOption
		forWalk()
	}
	// GroupOption is an option of [Group]: [Limit], [Offset], [Asc], [Desc], [AscColumn], [DescColumn], [Having] or a
	// [Context].
	GroupOption interface {
		callOption
		forGroup()
	}
	// CountOption is an option of [Count] and [NameSearch]: [Limit] or a [Context].
	CountOption interface {
		FindOption
		IDsOption
		WalkOption
		GroupOption
		forCount()
	}
	// SortOption says which records are read, and in which order: [Offset], [Asc] or [Desc].
	SortOption interface {
		FindOption
		FirstOption
		IDsOption
		WalkOption
		GroupOption
	}
	// ReadOption is an option of [Get], [Read] and [Defaults]: [Include], [Everything] or a [Context].
	ReadOption interface {
		FindOption
		FirstOption
		WalkOption
		forRead()
	}
	// FillOption is an option of [Fill]: [Include] or a [Context].
	FillOption interface {
		ReadOption
		forFill()
	}
	// WriteOption is an option of [Create], [Write], [Unlink], [Copy], [Model.Call], files.Upload and of business methods:
	// [Idempotent] or a [Context].
	WriteOption interface {
		BatchOption
		forWrite()
	}
	// BatchOption is an option of [CreateMany] and load.Rows: [Batch], [Idempotent] or a [Context].
	BatchOption interface {
		callOption
		forBatch()
	}
)

type callOption interface{ apply(*callOptions) }

// callOptions are the options of a call, collected.
type callOptions struct {
	limit, offset, pageSize int
	batch                   int
	order                   []orderKey
	having                  []havingCondition
	include                 []modelField
	everything, idempotent  bool
	only                    map[string]bool // if not nil, the fields that are read: see isolate
	prefetch                bool
	levels                  bool // nested reads go level by level, as before 17
	after                   int64
	afterModel              string
	context                 Context
	err                     error // of an option that can have no effect
}

// refuse keeps the error of an option for the call.
func (o *callOptions) refuse(format string, args ...any) {
	o.err = cmp.Or(o.err, fmt.Errorf("orm: "+format, args...))
}

// atLeast is the number of an option, which is refused if it is less than the least.
func (o *callOptions) atLeast(least int, name string, n int) int {
	if n < least {
		o.refuse("%s(%d): want at least %d", name, n, least)
	}
	return n
}

// modelField is a field whose model is known by its descriptor, so that a field of another model is noticed.
type modelField struct{ model, field string }

type orderKey struct {
	modelField
	direction string
}

// havingCondition is a condition on an aggregate of a [Group].
type havingCondition struct {
	column, operator string
	value            any
}

// optionFunc implements the options of all verbs. The result type of the function that makes one says which verbs take it.
type optionFunc func(*callOptions)

func (f optionFunc) apply(o *callOptions) { f(o) }

func (optionFunc) forFind()  {}
func (optionFunc) forFirst() {}
func (optionFunc) forIDs()   {}
func (optionFunc) forWalk()  {}
func (optionFunc) forGroup() {}
func (optionFunc) forCount() {}
func (optionFunc) forRead()  {}
func (optionFunc) forFill()  {}
func (optionFunc) forWrite() {}
func (optionFunc) forBatch() {}

func (Context) forFind()  {}
func (Context) forFirst() {}
func (Context) forIDs()   {}
func (Context) forWalk()  {}
func (Context) forGroup() {}
func (Context) forCount() {}
func (Context) forRead()  {}
func (Context) forFill()  {}
func (Context) forWrite() {}
func (Context) forBatch() {}

func collect[O callOption](opts []O) callOptions {
	var o callOptions
	for _, opt := range opts {
		if any(opt) != nil {
			opt.apply(&o)
		}
	}
	return o
}

// Limit stops after n records, or groups. [Count] with a limit counts to n at most. Zero is no limit.
func Limit(n int) CountOption {
	return optionFunc(func(o *callOptions) { o.limit = o.atLeast(0, "Limit", n) })
}

// Offset leaves out the first n records, or groups.
func Offset(n int) SortOption {
	return optionFunc(func(o *callOptions) { o.offset = o.atLeast(0, "Offset", n) })
}

// Batch lets [CreateMany] and load.Rows send records in calls of n each, one after the other: for more of them than the
// server's time for a call allows, some ten thousand. Each call makes all of its records or none; when one fails, the
// records of those before it stay, and their ids are given beside the error.
func Batch(n int) BatchOption {
	return optionFunc(func(o *callOptions) { o.batch = o.atLeast(1, "Batch", n) })
}

// Asc orders by a field. The first order given is the first key; without any, the model's own order applies.
func Asc[M, T any](f Field[M, T]) SortOption { return orderByField[M](string(f), "asc") }

// Desc orders by a field, the greatest first.
func Desc[M, T any](f Field[M, T]) SortOption { return orderByField[M](string(f), "desc") }

func orderByField[M any](field, direction string) optionFunc {
	key := orderKey{modelField{modelName[M](), field}, direction}
	return func(o *callOptions) { o.order = append(o.order, key) }
}

// Include reads a field that the generated record leaves out unless asked: a binary, or one that the server
// computes on each read.
func Include[M, T any](f Field[M, T]) FillOption {
	field := modelField{modelName[M](), string(f)}
	return optionFunc(func(o *callOptions) { o.include = append(o.include, field) })
}

// Everything reads every field of the destination struct, those included that wait for [Include]. It can be slow:
// some fields cost the server a query for each record. Fields that the server fails to read are left out, and reported by an
// [*UnreadError] beside the records.
func Everything() ReadOption { return optionFunc(func(o *callOptions) { o.everything = true }) }

// orderBy gives the order in Odoo's form, "" for the model's own.
func (o callOptions) orderBy(model string) (string, error) {
	keys := make([]string, len(o.order))
	for i, key := range o.order {
		if err := key.check(model, "order"); err != nil {
			return "", err
		}
		if isField := func(k orderKey) bool { return k.field == key.field }; slices.ContainsFunc(o.order[:i], isField) {
			return "", fmt.Errorf("orm: the second order by %s.%s has no effect", model, key.field)
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

func (c Context) apply(o *callOptions) { o.context = o.context.with(c) }
