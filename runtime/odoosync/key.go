package odoosync

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
)

// Key matches rows with records: see [By] and [ByXMLID].
type Key struct {
	model  string   // of the fields; "" for external IDs
	fields []string // none for external IDs
	module string
	err    error
}

// By matches by the values of fields, which each row must set: By(odoo.ResPartnerF.Ref), or several fields with
// By(odoo.ResPartnerF.Ref, odoosync.By(odoo.ResPartnerF.CompanyID)). Two records with the key of a row, or two rows with one
// key, are an error of the row. The fields may be char, integer, selection, date, boolean or many2one; texts are compared by
// case.
func By[M, T any](f orm.Field[M, T], more ...Key) Key {
	record, ok := any(new(M)).(orm.Record)
	if !ok {
		return Key{err: fmt.Errorf("the key %s is a field of %T, which is not a generated record", f, *new(M))}
	}
	k := Key{model: record.OdooModel(), fields: []string{string(f)}}
	for _, m := range more {
		if m.model != k.model {
			m.err = errors.Join(m.err, fmt.Errorf("the key has fields of %s and of %q", k.model, m.model))
		}
		k.fields, k.err = append(k.fields, m.fields...), errors.Join(k.err, m.err)
	}
	return k
}

// ByXMLID matches by the external IDs of the rows; module is that of external IDs without one. Records that are created get
// the external ID of their row in the same call. The user must be allowed to read external IDs: administrators are on every
// version, other users until Odoo 17.
func ByXMLID(module string) Key {
	if module == "" || strings.Contains(module, ".") {
		return Key{err: fmt.Errorf("ByXMLID(%q): want the name of a module, which rows without one in their external ID get", module)}
	}
	return Key{module: module}
}

func (k Key) byXMLID() bool { return len(k.fields) == 0 }

// keyTypes are the types of fields whose values a search compares exactly.
var keyTypes = []string{"char", "integer", "selection", "date", "boolean", "many2one"}

func (k Key) check(model string, fields map[string]orm.FieldInfo) error {
	if k.err != nil {
		return k.err
	}
	if k.model != "" && k.model != model {
		return fmt.Errorf("the key is of %s", k.model)
	}
	for _, name := range k.fields {
		f, ok := fields[name]
		if !ok {
			return fmt.Errorf("the key %s: %w", name, orm.ErrNoField)
		}
		if !slices.Contains(keyTypes, f.Type) || !f.Stored {
			return fmt.Errorf("the key %s is a %s: want a stored field of one of the types %s", name, f.Type, strings.Join(keyTypes, ", "))
		}
	}
	return nil
}

// of is the key that values have, as one text.
func (k Key) of(values map[string]json.RawMessage) (string, error) {
	parts := make([]string, len(k.fields))
	for i, name := range k.fields {
		v, ok := values[name]
		if !ok {
			return "", fmt.Errorf("the key %s is not set", name)
		}
		parts[i] = string(bytes.TrimSpace(canonical(v)))
		if i == 0 && (parts[0] == "false" || parts[0] == `""`) {
			return "", fmt.Errorf("the key %s is empty", name)
		}
	}
	return strings.Join(parts, ","), nil
}

// canonical is a scalar in one spelling: the ID of a many2one that was read with its name, and texts as Go escapes them.
func canonical(raw json.RawMessage) json.RawMessage {
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return raw
	}
	if pair, ok := v.([]any); ok && len(pair) == 2 {
		v = pair[0]
	}
	if v == "" {
		v = false
	}
	out, err := json.Marshal(v)
	if err != nil {
		return raw
	}
	return out
}
