package orm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// fieldAttributes are the attributes of a field as the server sends them.
type fieldAttributes map[string]any

// text returns an attribute that is a string; false and any other type is "".
func (a fieldAttributes) text(name string) string {
	text, _ := a[name].(string)
	return text
}

func (a fieldAttributes) truth(name string) bool { return codec.Truth(a[name]) }

// decimals returns the decimal places of the attribute digits, which is [16, 2], a number alone, or false.
func (a fieldAttributes) decimals() int {
	switch v := a["digits"].(type) {
	case float64:
		return int(v)
	case []any:
		if len(v) == 2 {
			n, _ := v[1].(float64)
			return int(n)
		}
	}
	return 0
}

// choices returns the pairs of the selection. Entries that are not pairs are left out; they are still in Raw.
func (a fieldAttributes) choices() Labels {
	list, _ := a["selection"].([]any)
	var out Labels
	for _, item := range list {
		if pair, ok := item.([]any); ok && len(pair) == 2 {
			out = append(out, [2]string{written(pair[0]), written(pair[1])})
		}
	}
	return out
}

// written returns a string, or a number as a string.
func written(v any) string {
	if n, ok := v.(float64); ok {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// denies reports whether the server says that an attribute does not hold. An attribute that is not in the response is not denied.
func (a fieldAttributes) denies(name string) bool {
	_, said := a[name]
	return said && !a.truth(name)
}

// decisive are the attributes of a field that decide what the client can do with it.
var decisive = []string{"type", "relation", "searchable", "sortable"}

// attributes returns the decisive attributes of fields, by name. It asks the server once for each field. A field that is not
// visible to this user has none.
func (c *Client) attributes(ctx context.Context, model string, names ...string) (map[string]fieldAttributes, error) {
	known := make(map[string]fieldAttributes, len(names))
	var missing []string
	for _, name := range names {
		if facts, ok := c.fields.Load(model + "/" + name); ok {
			known[name] = facts.(fieldAttributes)
		} else if !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return known, nil
	}
	answer, err := c.describe(ctx, model, Args{"allfields": missing, "attributes": decisive})
	if err != nil {
		return nil, err
	}
	for _, name := range missing {
		known[name] = answer[name]
		c.fields.Store(model+"/"+name, answer[name])
	}
	return known, nil
}

// describe calls fields_get. A model that the server lacks is [ErrNoModel], and is asked for once.
func (c *Client) describe(ctx context.Context, model string, args Args) (answer map[string]fieldAttributes, err error) {
	if known, lacks := c.lacking.Load(model); lacks {
		return nil, known.(error)
	}
	r := &call{model: model, method: "fields_get", kwargs: args, context: c.context}
	if err = c.session.do(ctx, r, false, &answer); errors.Is(err, ErrNotFound) {
		err = &lackingError{fmt.Sprintf("orm: %s: %v (Odoo %s)", model, ErrNoModel, c.version.Series), ErrNoModel, err}
		c.lacking.Store(model, err)
	}
	return answer, err
}

// relationType is the type of a relation and the model that it points to.
type relationType struct{ Type, Relation string }

// relation looks a relation up on the server, once for each.
func (c *Client) relation(ctx context.Context, model, field string) (relationType, error) {
	if model == "" {
		return relationType{}, fmt.Errorf("orm: the condition on %q needs the name of its model to run on Odoo %s", field, c.version.Series)
	}
	facts, err := c.attributes(ctx, model, field)
	if err != nil {
		return relationType{}, err
	}
	found := relationType{facts[field].text("type"), facts[field].text("relation")}
	if found.Relation == "" {
		return relationType{}, fmt.Errorf("orm: %s.%s is not a relation that is visible to this user", model, field)
	}
	return found, nil
}
