package orm

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"regexp"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// IDs are the ids of the records that the method is called on, nil for a method of the model itself. String ids, see
// [TextID], are only in [Request.Arguments].
func (r *Request) IDs() []int64 {
	if r.call == nil || r.call.ids == nil {
		return nil
	}
	ids := reflect.ValueOf(r.call.ids)
	if !ids.Type().Elem().ConvertibleTo(reflect.TypeFor[int64]()) {
		return nil
	}
	return listOf[int64](ids)
}

// Arguments returns the arguments of the method as a JSON object, for an audit log: each under its name in Odoo 19, the
// records under "ids", the context under "context", and the positional arguments of [Client.ExecuteKW] in a list under
// "args". It returns nil for calls of services, such as those of package admin.
//
// Secrets are replaced by "***": the password or key of the client wherever it occurs, values of fields and arguments whose
// names contain password, secret, token or the like, and arguments by position of methods with such names. Other values are
// those of the call, however private or large they are. A file that is uploaded is "(file)".
func (r *Request) Arguments() (json.RawMessage, error) {
	if r.call == nil {
		return nil, nil
	}
	b, err := codec.Append(nil, r.call.byName())
	if err != nil {
		return nil, err
	}
	if r.call.mark != "" {
		b = bytes.ReplaceAll(b, []byte(r.call.mark), []byte("(file)"))
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var arguments map[string]any
	if err := d.Decode(&arguments); err != nil {
		return nil, err
	}
	hide := hider{r.secret()}
	if list, ok := arguments["args"]; ok && isSecretName(r.Method) {
		arguments["args"] = hide.all(list)
	}
	return json.Marshal(hide.within(arguments))
}

// byName returns all arguments of the call by their names.
func (c *call) byName() map[string]any {
	named := maps.Clone(c.kwargs)
	if named == nil {
		named = map[string]any{}
	}
	if len(c.context) > 0 {
		named["context"] = c.context
	}
	if c.ids != nil {
		named["ids"] = c.ids
	}
	var args []any
	for _, a := range c.args {
		if a.name == "" {
			args = append(args, a.value)
		} else {
			named[a.name] = a.value
		}
	}
	if args != nil {
		named["args"] = args
	}
	return named
}

const hidden = "***"

var isSecretName = regexp.MustCompile(`(?i)passw|pwd|secret|token|api_?key|private_?key|credential|totp`).MatchString

// hider replaces secrets in decoded JSON.
type hider struct{ secret string } // the client's password or API key

// within replaces values whose names look like those of secrets, and the client's secret wherever it occurs.
func (h hider) within(v any) any {
	switch v := v.(type) {
	case string:
		if h.secret != "" && v == h.secret {
			return hidden
		}
	case []any:
		return h.list(v)
	case map[string]any:
		h.columns(v)
		for name, value := range v {
			if isSecretName(name) {
				v[name] = h.all(value)
			} else {
				v[name] = h.within(value)
			}
		}
	}
	return v
}

// list treats [field, operator, value] as a condition.
func (h hider) list(v []any) []any {
	if len(v) == 3 {
		if field, ok := v[0].(string); ok && isSecretName(field) {
			v[2] = h.all(v[2])
		}
	}
	for i := range v {
		v[i] = h.within(v[i])
	}
	return v
}

// columns hides columns of the table that the method load takes.
func (h hider) columns(v map[string]any) {
	fields, _ := v["fields"].([]any)
	rows, _ := v["data"].([]any)
	for i, field := range fields {
		if name, ok := field.(string); !ok || !isSecretName(name) {
			continue
		}
		for _, row := range rows {
			if cells, ok := row.([]any); ok && i < len(cells) {
				cells[i] = h.all(cells[i])
			}
		}
	}
}

// all hides a whole value. An absent value is not hidden.
func (h hider) all(v any) any {
	if v == nil || v == false {
		return v
	}
	return hidden
}
