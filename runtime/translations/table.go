package translations

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/records"
)

// table is the store until Odoo 15: the model ir.translation, with a row for each text, or term, and language.
type table struct{}

func (table) check(ctx context.Context, t *text) error {
	fields, err := t.model.FieldsGet(ctx, []string{t.field})
	switch {
	case err != nil:
		return err
	case fields[t.field].Name == "":
		return errors.New("the model has no such field")
	case !fields[t.field].Translated:
		return ErrUntranslated
	}
	return records.MustExist(ctx, t.model, t.id)
}

// load reads the rows of the text. translate_fields makes those that are missing, and finds the record that a related or
// inherited field belongs to. It needs several languages; with one of them Odoo keeps no rows.
func (s table) load(ctx context.Context, t *text) (content, error) {
	if err := s.check(ctx, t); err != nil {
		return content{}, err
	}
	languages, err := t.languages(ctx)
	if err != nil || len(languages) == 1 && languages[0] == Source {
		return content{}, err
	}
	var page struct {
		Domain  []any
		Context struct {
			Name    string `json:"search_default_name"`
			ByTerms bool   `json:"translation_show_src"`
		}
	}
	var answer json.RawMessage
	if err := t.c.Model(translation).Call(ctx, "translate_fields", nil, orm.Args{"model": t.model.Name(), "id": t.id, "field": t.field}, &answer); err != nil {
		return content{}, err
	}
	if err := json.Unmarshal(answer, &page); err != nil {
		return content{}, fmt.Errorf("translate_fields responded with %.60s: %w", answer, err)
	}
	if page.Context.Name == "" {
		return content{}, errors.New("translate_fields does not name the field: this user cannot read the record that it belongs to")
	}
	c := content{byTerms: page.Context.ByTerms}
	c.rows, err = s.rows(ctx, t, append([]any{[]any{"name", "=", page.Context.Name}}, page.Domain...), c.byTerms)
	return c, err
}

const translation = "ir.translation"

// rows reads rows of ir.translation, without those of terms that the text no longer has: Odoo keeps their values, and marks
// them as to be translated.
func (table) rows(ctx context.Context, t *text, domain []any, terms bool) ([]row, error) {
	var found []struct {
		ID     int64  `odoo:"id"`
		Lang   string `odoo:"lang"`
		Source string `odoo:"src"`
		Value  string `odoo:"value"`
		State  string `odoo:"state"`
	}
	args := orm.Args{"domain": domain, "fields": []string{"lang", "src", "value", "state"}}
	if err := t.c.Model(translation).Call(ctx, "search_read", nil, args, &found); err != nil {
		return nil, err
	}
	var rows []row
	for _, r := range found {
		if !terms || r.Value == "" || r.State != "to_translate" {
			rows = append(rows, row{r.ID, r.Lang, r.Source, r.Value})
		}
	}
	return rows, nil
}

// write writes the source first: Odoo keeps the translations when it changes.
func (s table) write(ctx context.Context, t *text, c content, texts map[string]string) error {
	languages := slices.SortedFunc(maps.Keys(texts), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
	for i, lang := range languages {
		if err := s.writeIn(ctx, t, c, lang, texts[lang]); err != nil {
			return fmt.Errorf("%w (language %s; written before: %q)", err, lang, languages[:i])
		}
	}
	return nil
}

func rank(lang string) int {
	if lang == Source {
		return 0
	}
	return 1
}

func (s table) writeIn(ctx context.Context, t *text, c content, lang, value string) error {
	if value != "" {
		return t.model.Write(ctx, []int64{t.id}, orm.Args{t.field: value}, orm.Lang(lang))
	}
	for _, r := range c.rows {
		if r.lang == lang {
			return s.writeRow(ctx, t, r, "")
		}
	}
	return nil // it has no translation
}

func (s table) writeTerms(ctx context.Context, t *text, c content, terms map[string]map[string]string) error {
	for _, r := range c.rows {
		value, given := terms[r.lang][r.source]
		if !given || value == r.value {
			continue
		}
		if err := s.writeRow(ctx, t, r, value); err != nil {
			return fmt.Errorf("%w (language %s, term %q)", err, r.lang, r.source)
		}
	}
	return nil
}

func (table) writeRow(ctx context.Context, t *text, r row, value string) error {
	return t.c.Model(translation).Write(ctx, []int64{r.id}, orm.Args{"value": value})
}
