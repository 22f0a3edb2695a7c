package orm

import (
	"context"
	"encoding/json"
	"strconv"
	"unsafe"
)

// A few views of the database have texts for ids: account.root of Odoo 19 has the first digits of account codes.
// Generated code has the types of this file for them, and for the many2ones that lead to them. As those in types.go,
// they have no methods.

// TextID is the id of a record of the model M, where the server sends texts. "" is no record.
type TextID[M any] string

// TextRef is a many2one to a model with a [TextID], as it is read. The zero TextRef is an unset many2one.
type TextRef[M any] struct {
	ID   TextID[M]
	Name string
}

// TextRel is the descriptor of a relation from M to a model T with a [TextID]. Which conditions on it work is up to the
// server: mostly [Eq] and [In].
type TextRel[M, T any] = Field[M, TextID[T]]

// GetText is [Model.Get] for a model with a [TextID].
func (m Model) GetText(ctx context.Context, dest any, id string, opts ...Option) error {
	// account.root can be searched by this condition alone.
	return m.get(ctx, dest, leaf("id", "in", []string{id}), opts)
}

func decodeTextID(s *scanner, p unsafe.Pointer) error {
	id, _, err := s.textTarget()
	*(*string)(p) = id
	return err
}

func decodeTextRef(s *scanner, p unsafe.Pointer) error {
	id, name, err := s.textTarget()
	*(*TextRef[struct{}])(p) = TextRef[struct{}]{TextID[struct{}](id), name}
	return err
}

// textTarget reads a many2one, in any of its forms, or an id. A number is taken for its text: where some ids are texts,
// Odoo may well send others as numbers.
func (s *scanner) textTarget() (id, name string, err error) {
	switch s.peek() {
	case '[':
		var pair []any
		if err := s.foreign(&pair); err != nil || len(pair) != 2 {
			return "", "", s.errorf("want the id and the name of a many2one, got a list of %d", len(pair))
		}
		id, idOK := textOf(pair[0])
		name, nameOK := textOf(pair[1])
		if !idOK || !nameOK {
			return "", "", s.errorf("want the id and the name of a many2one, got %.40v", pair)
		}
		return id, name, nil
	case '{':
		var target map[string]any
		err := s.foreign(&target)
		id, idOK := textOf(target["id"])
		name, nameOK := textOf(target["display_name"])
		if err != nil || !idOK || !nameOK || id == "" {
			return "", "", s.errorf("want a many2one, got an object without an id")
		}
		return id, name, nil
	}
	if s.null() {
		return "", "", nil
	}
	text, err := s.text()
	return string(text), "", err
}

func (s *scanner) foreign(dest any) error {
	raw, err := s.raw()
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, dest)
}

// textOf is the text of an id or a name as encoding/json decodes it; no value is "".
func textOf(v any) (text string, ok bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case bool:
		return "", !v
	case string:
		return v, true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	}
	return "", false
}
