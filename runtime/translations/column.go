package translations

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/records"
)

// column is the store from Odoo 16 on: a column of JSON with a text for each language.
type column struct{}

func (s column) check(ctx context.Context, t *text) error {
	_, err := s.load(ctx, t)
	return err
}

func (column) load(ctx context.Context, t *text) (content, error) {
	var answer json.RawMessage
	err := t.model.Call(ctx, "get_field_translations", []int64{t.id}, orm.Args{"field_name": t.field}, &answer)
	if errors.Is(err, orm.ErrMissing) {
		return content{}, records.Missing(t.model, t.id)
	}
	if err != nil {
		return content{}, err
	}
	return parseTranslations(answer)
}

// parseTranslations reads the response of get_field_translations: the rows, and whether they are terms.
func parseTranslations(answer json.RawMessage) (content, error) {
	var rows []struct {
		Lang          string
		Source, Value orFalse
	}
	var about struct {
		ByTerms bool `json:"translation_show_source"`
	}
	if err := json.Unmarshal(answer, &[2]any{&rows, &about}); err != nil {
		return content{}, fmt.Errorf("get_field_translations responded with %.60s: %w", answer, err)
	}
	if len(rows) == 0 && !about.ByTerms {
		return content{}, ErrUntranslated
	}
	c := content{byTerms: about.ByTerms}
	for _, r := range rows {
		c.rows = append(c.rows, row{lang: r.Lang, source: string(r.Source), value: string(r.Value)})
	}
	return c, nil
}

func (s column) write(ctx context.Context, t *text, _ content, texts map[string]string) error {
	values := make(map[string]any, len(texts))
	for lang, v := range texts {
		values[lang] = v
		if v == "" {
			values[lang] = false
		}
	}
	return s.update(ctx, t, values)
}

func (s column) writeTerms(ctx context.Context, t *text, _ content, terms map[string]map[string]string) error {
	return s.update(ctx, t, terms)
}

func (column) update(ctx context.Context, t *text, translations any) error {
	var done bool
	err := t.model.Call(ctx, "update_field_translations", []int64{t.id}, orm.Args{"field_name": t.field, "translations": translations}, &done)
	if err == nil && !done {
		err = errors.New("update_field_translations has not stored the translations")
	}
	return err
}

// orFalse is a text, for which Odoo sends false if it is not set.
type orFalse string

func (s *orFalse) UnmarshalJSON(data []byte) error {
	if string(data) == "false" {
		return nil
	}
	return json.Unmarshal(data, (*string)(s))
}
