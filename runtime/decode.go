package orm

import (
	"errors"
	"fmt"
	"strings"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// DecodeError is a value that the destination cannot hold. Nothing of the answer that contains it is used.
type DecodeError struct {
	Model  string // the model, or "" if the value is not a record's
	Field  string // the field, or "" if the answer as a whole is at fault
	ID     int64  // the record, 0 if unknown
	Reason string

	done bool // the call may have had its effect
}

// MaybeDone reports whether the call had its effect, as far as is known: the answer to a write has another shape than it
// should have.
func (e *DecodeError) MaybeDone() bool { return e.done }

// afterRun marks the error of the answer to a call that is not known to change nothing.
func afterRun(err error, readOnly bool) error {
	if e, ok := errors.AsType[*DecodeError](err); ok && !readOnly {
		e.done = true
	}
	return err
}

// Error names model, field and record.
func (e *DecodeError) Error() string {
	var where []string
	if e.Model != "" {
		where = append(where, e.Model)
	}
	if e.ID != 0 {
		where = append(where, fmt.Sprintf("record %d", e.ID))
	}
	if e.Field != "" {
		where = append(where, "field "+e.Field)
	}
	if len(where) == 0 {
		return "orm: " + e.Reason
	}
	return "orm: " + strings.Join(where, ", ") + ": " + e.Reason
}

// decodeInto reads the whole of data into the value that dest points to.
func decodeInto(data []byte, model string, dest any) error {
	return located(codec.Unmarshal(data, dest), model)
}

// located makes a DecodeError of an error of the codec.
func located(err error, model string) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*codec.Error](err); ok {
		return &DecodeError{Model: model, Field: e.Field, ID: e.ID, Reason: e.Reason}
	}
	return &DecodeError{Model: model, Reason: err.Error()}
}
