package form

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/records"
)

// save creates or writes the record, and closes the form.
func (r *row) save(ctx context.Context) (int64, error) {
	s := r.s
	if s.done {
		return 0, ErrSaved
	}
	if len(s.warnings) > 0 {
		texts := make([]string, len(s.warnings))
		for i, w := range s.warnings {
			texts[i] = w.String()
		}
		return 0, fmt.Errorf("%w: %s", ErrWarnings, strings.Join(texts, "; "))
	}
	values, err := r.saveValues()
	if err != nil {
		return 0, err
	}
	s.done = true
	switch {
	case r.id != 0 && len(values) == 0:
		return r.id, nil
	case !s.classic:
		return r.webSave(ctx, values)
	case r.id == 0:
		return r.view.model.Create(ctx, orm.Args(values))
	}
	return r.id, r.view.model.Write(ctx, r.ids(), orm.Args(values))
}

func (r *row) webSave(ctx context.Context, values map[string]any) (int64, error) {
	var saved []struct {
		ID int64 `odoo:"id"`
	}
	err := r.view.model.Call(ctx, "web_save", r.ids(), orm.Args{"vals": values, "specification": orm.Args{}}, &saved)
	if err == nil && len(saved) != 1 {
		err = fmt.Errorf("web_save has saved the record, and responded with %d records", len(saved))
	}
	if err != nil {
		return 0, err
	}
	return saved[0].ID, nil
}

// saveValues are the values to be saved: those that were changed, without those that are readonly.
func (r *row) saveValues() (map[string]any, error) {
	if r.view == nil {
		return r.valuesToShow(false), nil
	}
	values := map[string]any{}
	var missing []string
	env := r.environment()
	for _, f := range r.view.fields {
		if r.list != nil && f.name == r.list.field.inverse {
			continue // the list says it
		}
		if r.lacks(f, env) {
			missing = append(missing, f.name)
		}
		if !r.changed[f.name] {
			continue
		}
		skip, err := r.unsaved(f, env)
		if err != nil {
			return nil, err
		}
		if skip {
			continue
		}
		v := wire(r.values[f.name])
		if l, ok := v.(*list); ok {
			commands, err := l.commands((*row).saveValues, false)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f.name, err)
			}
			if v = commands; len(commands) == 0 && r.id != 0 {
				continue
			}
		}
		values[f.name] = v
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("%w: %s", ErrRequired, strings.Join(missing, ", "))
	}
	return values, nil
}

// lacks reports whether a field is required, and shown, and empty. What cannot be evaluated is left to the server, which knows what
// the model requires.
func (r *row) lacks(f *field, env map[string]any) bool {
	if f.required == nil || f.kind == "boolean" || wire(r.values[f.name]) != false {
		return false
	}
	if f.invisible != nil {
		if hidden, err := f.invisible(env); hidden || err != nil {
			return false
		}
	}
	required, err := f.required(env)
	return required && err == nil
}

// unsaved reports whether a field is readonly, so that its value is not saved. If that is unknown of a value, it is an error.
func (r *row) unsaved(f *field, env map[string]any) (bool, error) {
	if f.readonly == nil || f.forceSave {
		return false, nil
	}
	readonly, err := f.readonly(env)
	if err != nil && truthy(r.plainValue(f)) {
		return false, fmt.Errorf("whether %s is readonly is unknown: %w", f.name, err)
	}
	return readonly || err != nil, nil
}

// load reads the record and the lines that its form shows.
func (r *row) load(ctx context.Context) error {
	if err := r.s.read(ctx, r.view, []*row{r}); err != nil {
		return err
	}
	for _, f := range r.view.fields {
		l, ok := r.values[f.name].(*list)
		if !ok {
			continue
		}
		l.given = l.ids()
		if f.lines != nil && len(l.rows) > 0 {
			if err := r.s.read(ctx, f.lines, l.rows); err != nil {
				return err
			}
		}
	}
	return nil
}

// read reads the values of records into their rows.
func (s *session) read(ctx context.Context, v *view, rows []*row) error {
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.id
	}
	names := make([]string, len(v.fields))
	for i, f := range v.fields {
		names[i] = f.name
	}
	var raw json.RawMessage
	if err := v.model.Call(ctx, "read", ids, orm.Args{"fields": names}, &raw); err != nil {
		return err
	}
	var answer []map[string]any
	if err := decodeJSON(raw, &answer); err != nil {
		return fmt.Errorf("read responded with %.80s: %w", raw, err)
	}
	byID := map[string]map[string]any{}
	for _, values := range answer {
		byID[fmt.Sprint(values["id"])] = values
	}
	for _, r := range rows {
		values, has := byID[fmt.Sprint(r.id)]
		if !has {
			return records.Missing(v.model, r.id)
		}
		r.read(values)
		r.fill()
		for _, f := range v.fields {
			if l, ok := r.values[f.name].(*list); ok {
				l.given = l.ids()
			}
		}
	}
	return nil
}
