package odoosync

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/odoogen/odoogen/runtime/wire"
)

// Row is a record of the source.
type Row[V any] struct {
	// XMLID is the external ID for [ByXMLID], with or without a module: "partner_17" or "shop.partner_17".
	XMLID string
	// Values are the fields to compare and write: a generated Values. Of relations to many, [orm.Replace] and [orm.RemoveAll]
	// give the whole set, [orm.Link] and [orm.Remove] some of its records; other commands cannot be compared and are an
	// error of the row: see [Lines].
	Values V
	// Targets are relations whose records are given by a key or an external ID in place of their IDs.
	Targets []Target
}

// Rows is a source of rows that are in memory.
func Rows[V any](rows ...Row[V]) iter.Seq2[Row[V], error] {
	return func(yield func(Row[V], error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// row is a Row on its way.
type row struct {
	index   int
	name    string                     // the key or the external ID, for the report
	xmlID   string                     // with the module
	values  map[string]json.RawMessage // as a write sends them
	targets []Target
	lines   map[string]lineSet // by the field
	id      int64              // of the record; 0 until it is known
	changes map[string]json.RawMessage
}

// values are those of a generated Values, as a write sends them.
func wireValues(v any) (map[string]json.RawMessage, error) {
	b, err := wire.Append(nil, v)
	if err != nil {
		return nil, err
	}
	var out map[string]json.RawMessage
	if err := json.Unmarshal(b, &out); err != nil {
		return nil, fmt.Errorf("values are not an object: %w", err)
	}
	return out, nil
}

// qualified is an external ID with its module.
func qualified(module, xmlID string) (string, error) {
	switch before, after, dotted := strings.Cut(xmlID, "."); {
	case xmlID == "":
		return "", errors.New("no external ID")
	case dotted && (before == "" || after == "" || strings.Contains(after, ".")):
		return "", fmt.Errorf("%q is not an external ID: want module.name", xmlID)
	case dotted:
		return xmlID, nil
	}
	return module + "." + xmlID, nil
}
