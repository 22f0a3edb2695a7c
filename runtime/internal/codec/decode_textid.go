package codec

import (
	"encoding/json"
	"strconv"
	"unsafe"
)

func decodeTextID(s *reader, p unsafe.Pointer) error {
	id, _, err := s.textTarget()
	*(*string)(p) = id
	return err
}

func decodeTextRef(s *reader, p unsafe.Pointer) error {
	id, name, err := s.textTarget()
	*(*TextRef)(p) = TextRef{id, name}
	return err
}

// textTarget reads a many2one, in any of its forms, or an id. A number is treated as its text: where some ids are texts,
// Odoo may well send others as numbers.
func (s *Scanner) textTarget() (id, name string, err error) {
	switch s.Peek() {
	case '[':
		var pair []any
		if err := s.foreign(&pair); err != nil || len(pair) != 2 {
			return "", "", s.Errorf("want the id and the name of a many2one, got a list of %d", len(pair))
		}
		id, idOK := textOf(pair[0])
		name, nameOK := textOf(pair[1])
		if !idOK || !nameOK {
			return "", "", s.Errorf("want the id and the name of a many2one, got %.40v", pair)
		}
		return id, name, nil
	case '{':
		var target map[string]any
		err := s.foreign(&target)
		id, idOK := textOf(target["id"])
		name, nameOK := textOf(target["display_name"])
		if err != nil || !idOK || !nameOK || id == "" {
			return "", "", s.Errorf("want a many2one, got an object without an id")
		}
		return id, name, nil
	}
	if s.Null() {
		return "", "", nil
	}
	text, err := s.text()
	return string(text), "", err
}

func (s *Scanner) foreign(dest any) error {
	raw, err := s.Raw()
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
