package orm

import (
	"errors"
	"fmt"
	"strings"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// DecodeError reports a value in a response that the destination cannot hold. Nothing of that response is used.
type DecodeError struct {
	Model  string // the model, or "" if the value is not a record's
	Field  string // the field, or "" if the response as a whole is malformed
	ID     int64  // the record, 0 if unknown
	Reason string

	done bool // the call may have had its effect
}

// MaybeDone reports whether the call may have had its effect: it was not a read, and only its response could not be decoded.
func (e *DecodeError) MaybeDone() bool { return e.done }

// afterRun marks an error in the response to a call that may have changed something.
func afterRun(err error, readOnly bool) error {
	if e, ok := errors.AsType[*DecodeError](err); ok && !readOnly {
		e.done = true
	}
	return err
}

// Error names the model, the field and the record.
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

// located converts an error of the codec into a DecodeError.
func located(err error, model string) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*codec.Error](err); ok {
		return &DecodeError{Model: model, Field: e.Field, ID: e.ID, Reason: e.Reason}
	}
	return &DecodeError{Model: model, Reason: err.Error()}
}
