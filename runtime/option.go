package orm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// The options of calls. Each function accepts the options that have an effect on it; others do not compile. Methods of
// [Model] and of generated clients accept the same options as the function with their name. Every function accepts a
// [Context].
type (
	// FindOption is an option of [Find]: [Limit], [Offset], [Asc], [Desc], [Include], [Everything] or a [Context].
	FindOption interface {
		callOption
		forFind()
	}
	// FirstOption is an option of [First], which accepts the options of [Find] except [Limit].
	FirstOption interface {
		callOption
		forFirst()
	}
	// IDsOption is an option of [IDs] and [Model.Search]: [Limit], [Offset], [Asc], [Desc] or a [Context].
	IDsOption interface {
		callOption
		forIDs()
	}
	// WalkOption is an option of [All] and [Model.Each], which accept the options of [Find], and [PageSize], [Prefetch] and
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
	// SortOption sets the order of the records and which of them to skip: [Offset], [Asc] or [Desc].
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

// callOptions are the collected options of a call.
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

// refuse stores the error of an option; the call returns it.
func (o *callOptions) refuse(format string, args ...any) {
	o.err = cmp.Or(o.err, fmt.Errorf("orm: "+format, args...))
}

// atLeast returns the number of an option, and refuses a number less than least.
func (o *callOptions) atLeast(least int, name string, n int) int {
	if n < least {
		o.refuse("%s(%d): want at least %d", name, n, least)
	}
	return n
}

// modelField is a field with the model of its descriptor, so that a field of another model is noticed.
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

// optionFunc implements all options. The result type of the constructor decides which functions accept the option.
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

// Limit stops after n records or groups. [Count] with a Limit counts up to n. Zero means no limit.
func Limit(n int) CountOption {
	return optionFunc(func(o *callOptions) { o.limit = o.atLeast(0, "Limit", n) })
}

// Offset skips the first n records or groups.
func Offset(n int) SortOption {
	return optionFunc(func(o *callOptions) { o.offset = o.atLeast(0, "Offset", n) })
}

// Batch makes [CreateMany] and load.Rows send n records per call, one call after the other. Use it for more records than the
// server can handle within its time limit for a call, about ten thousand. Each call creates all of its records or none. If a
// call fails, the records of the earlier calls stay, and their ids are returned with the error.
func Batch(n int) BatchOption {
	return optionFunc(func(o *callOptions) { o.batch = o.atLeast(1, "Batch", n) })
}

// Asc orders by a field, in ascending order. The first order given is the first key; the default is the order of the model.
func Asc[M, T any](f Field[M, T]) SortOption { return orderByField[M](string(f), "asc") }

// Desc orders by a field, in descending order.
func Desc[M, T any](f Field[M, T]) SortOption { return orderByField[M](string(f), "desc") }

func orderByField[M any](field, direction string) optionFunc {
	key := orderKey{modelField{modelName[M](), field}, direction}
	return func(o *callOptions) { o.order = append(o.order, key) }
}

// Include reads a field that is otherwise not read into the generated record: a binary field, or a field that the server
// computes on each read.
func Include[M, T any](f Field[M, T]) FillOption {
	field := modelField{modelName[M](), string(f)}
	return optionFunc(func(o *callOptions) { o.include = append(o.include, field) })
}

// Everything reads every field of the destination struct, including those that otherwise need [Include]. It can be slow: for
// some fields the server runs a query for each record. Fields that the server fails to read are left out, and reported by an
// [*UnreadError], which is returned with the records.
func Everything() ReadOption { return optionFunc(func(o *callOptions) { o.everything = true }) }

// orderBy returns the order in Odoo's form, "" for the order of the model.
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
