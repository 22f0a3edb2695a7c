package properties

import (
	"fmt"
	"slices"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// target is the target of a many2one or many2many.
type target struct{}

// typesOf are the types of properties whose values a Go type holds.
func typesOf(v any) []Type {
	switch v.(type) {
	case string:
		return []Type{Char, Text, HTML, Selection}
	case int:
		return []Type{Integer}
	case float64:
		return []Type{Float, Monetary, Integer}
	case bool:
		return []Type{Boolean}
	case orm.Date:
		return []Type{Date}
	case time.Time:
		return []Type{Datetime}
	case []string:
		return []Type{Tags}
	case orm.Reference:
		return []Type{Many2one}
	case []orm.Reference:
		return []Type{Many2many}
	}
	return nil
}

func check[T Value](p Property) error {
	var v T
	if types := typesOf(v); !slices.Contains(types, p.Type) {
		return fmt.Errorf("%w: %s has the type %s, and a %T is for %v", ErrType, p.Name, p.Type, v, types)
	}
	return nil
}

// decode reads the value into what dest points to.
func (p Property) decode(dest any) error {
	var err error
	switch dest := dest.(type) {
	case *orm.Reference:
		var id orm.ID[target]
		err = codec.Unmarshal(p.Value, &id)
		*dest = orm.Reference{Model: p.Model, ID: int64(id)}
	case *[]orm.Reference:
		var ids []orm.ID[target]
		err = codec.Unmarshal(p.Value, &ids)
		for _, id := range ids {
			*dest = append(*dest, orm.Reference{Model: p.Model, ID: int64(id)})
		}
	default:
		err = codec.Unmarshal(p.Value, dest)
	}
	if err != nil {
		return fmt.Errorf("the property %s: %w", p.Name, err)
	}
	return nil
}

// wireValue is a value as Odoo takes it: of a reference, the id.
func wireValue(v any) any {
	switch v := v.(type) {
	case orm.Reference:
		return orm.ID[target](v.ID)
	case []orm.Reference:
		ids := make([]int64, len(v))
		for i, r := range v {
			ids[i] = r.ID
		}
		return ids
	}
	return v
}

// checkChoices refuses a value that is none of the choices of a selection or tags; "" is no value.
func (p Property) checkChoices(v any) error {
	var values []string
	switch v := v.(type) {
	case string:
		if v != "" && p.Type == Selection {
			values = []string{v}
		}
	case []string:
		values = v
	}
	for _, value := range values {
		if !slices.ContainsFunc(p.Choice, func(c Choice) bool { return c.Value == value }) {
			return fmt.Errorf("%w: %s has no choice %q", ErrNoChoice, p.Name, value)
		}
	}
	return nil
}
