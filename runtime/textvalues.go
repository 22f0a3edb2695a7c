package orm

import (
	"database/sql/driver"
	"encoding"
	"encoding/json"
	"fmt"
)

// This file encodes values that have a string in Odoo's form for JSON and for databases. The empty string becomes null.

func jsonText(text string) ([]byte, error) {
	if text == "" {
		return []byte("null"), nil
	}
	return json.Marshal(text)
}

func fromJSONText(b []byte, dest encoding.TextUnmarshaler) error {
	var text string // empty for null
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	return dest.UnmarshalText([]byte(text))
}

func sqlText(text string) (driver.Value, error) {
	if text == "" {
		return nil, nil
	}
	return text, nil
}

func fromSQL(value any, dest encoding.TextUnmarshaler) error {
	switch value := value.(type) {
	case nil:
		return dest.UnmarshalText(nil)
	case string:
		return dest.UnmarshalText([]byte(value))
	case []byte:
		return dest.UnmarshalText(value)
	}
	return fmt.Errorf("orm: a %T cannot be read into a %T", value, dest)
}
