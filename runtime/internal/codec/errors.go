package codec

import "errors"

// Error is a value that the destination cannot hold. Nothing of the answer that contains it is used.
type Error struct {
	Field  string // the field, "" if the answer as a whole is at fault
	ID     int64  // the record, 0 if unknown
	Reason string
}

func (e *Error) Error() string { return e.Reason }

// InField says where an error is: in the field of the record with the id. For a record within that field, the fields
// make a dotted path.
func InField(err error, id int64, field string) error {
	e, nested := errors.AsType[*Error](err)
	if !nested {
		return &Error{ID: id, Field: field, Reason: err.Error()}
	}
	e.ID = id
	if e.Field != "" {
		field += "." + e.Field
	}
	e.Field = field
	return e
}
