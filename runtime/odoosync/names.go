package odoosync

import (
	"fmt"
	"slices"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// In a package for several servers a field can have several names, "tax_ids|tax_id", or be one that servers can lack, "x_region?".
// Keys, targets and values get the names of the server before anything is written.

// nameIn is the name on the server of a field, which must be one of these.
func nameIn(fields map[string]orm.FieldInfo, field string) (string, error) {
	names, _ := codec.Alternatives(field)
	for _, name := range names {
		if _, ok := fields[name]; ok {
			return name, nil
		}
	}
	return "", fmt.Errorf("%s: %w", strings.Join(names, " or "), orm.ErrNoField)
}

// named is the key with the names of the server.
func (k Key) named(fields map[string]orm.FieldInfo) (Key, error) {
	k.fields = slices.Clone(k.fields)
	for i, field := range k.fields {
		name, err := nameIn(fields, field)
		if err != nil {
			return k, fmt.Errorf("the key %w", err)
		}
		k.fields[i] = name
	}
	return k, nil
}

// named is a target with the names of the server.
func (j *job) named(t Target) (Target, error) {
	field, err := nameIn(j.fields, t.field)
	if err != nil {
		return t, err
	}
	t.field = field
	t.key, err = j.keyIn(j.fields[field].Relation, t.key)
	return t, err
}

// keyIn is the name on the server of a field of the target of a relation, which is asked for once.
func (j *job) keyIn(model, key string) (string, error) {
	if !codec.Varies(key) || model == "" {
		return key, nil
	}
	if name := j.keys[model+"/"+key]; name != "" {
		return name, nil
	}
	names, _ := codec.Alternatives(key)
	fields, err := j.client.Model(model).FieldsGet(j.ctx, names)
	if err != nil {
		return "", err
	}
	name, err := nameIn(fields, key)
	if err != nil {
		return "", fmt.Errorf("%s.%w", model, err)
	}
	j.keys[model+"/"+key] = name
	return name, nil
}
