// Package translations reads and writes the texts of a translated field in all languages at once, the same way on every
// version of Odoo: get_field_translations and update_field_translations from 16 on, ir.translation before.
//
//	texts, err := translations.Get(ctx, c, id, product.Name) // {"en_US": "Chair", "fr_FR": "Chaise"}
//	…
//	err = translations.Set(ctx, c, id, product.Name, map[string]string{"fr_FR": "Chaise", "nl_BE": "Stoel"})
//
// Odoo translates most HTML fields term by term, a term being the text of a paragraph or of another block: see [Terms] and
// [SetTerms]. A language that is not active is [ErrInactive], and then nothing is written.
package translations

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/records"
)

// Source is the language of the texts that are translated, on every database. Other languages show its text until they have
// one.
const Source = odoofacts.SourceLanguage

var (
	// ErrInactive means that the language is not active in the database, or does not exist.
	ErrInactive = errors.New("the language is not active")
	// ErrUntranslated means that the field has one text for all languages.
	ErrUntranslated = errors.New("the field is not translated")
	// ErrByTerms means that the field is translated term by term. [SetTerms] writes it.
	ErrByTerms = errors.New("the field is translated by terms")
	// ErrWhole means that the field is translated as a whole. [Set] writes it.
	ErrWhole = errors.New("the field is translated as a whole")
	// ErrNoTerm means that the text of the field in the language [Source] does not have the term.
	ErrNoTerm = errors.New("the text has no such term")
)

// Get reads the text of a field in every active language. A language without a translation has the text of [Source].
func Get[M any](ctx context.Context, c *orm.Client, id orm.ID[M], f orm.Field[M, string]) (map[string]string, error) {
	t, err := newText(c, id, f)
	if err != nil {
		return nil, err
	}
	texts, err := t.get(ctx)
	return texts, t.failed(err)
}

// Set writes the text of a field in the languages of the map, and leaves the others. An empty text removes a translation, so
// that the language shows the text of [Source] again; the text of Source cannot be removed.
//
// Odoo 14 and 15 need a call for each language: the error names the languages that were written before it.
func Set[M any](ctx context.Context, c *orm.Client, id orm.ID[M], f orm.Field[M, string], texts map[string]string) error {
	t, err := newText(c, id, f)
	if err != nil || len(texts) == 0 {
		return err
	}
	return t.failed(t.set(ctx, texts))
}

// Term is a part of a text that is translated term by term.
type Term struct {
	Source string            // the term in the language [Source]
	Texts  map[string]string // its translations by language; languages without one are left out
}

// Terms reads the terms of a field that is translated term by term, sorted by their source. Terms can contain inline markup:
// "Dear <b>customer</b>". On Odoo 14 and 15 Odoo stores the missing rows of ir.translation, as it does when its page of
// translations is opened. If only one language is active there, Terms returns an error.
func Terms[M any](ctx context.Context, c *orm.Client, id orm.ID[M], f orm.Field[M, string]) ([]Term, error) {
	t, err := newText(c, id, f)
	if err != nil {
		return nil, err
	}
	terms, err := t.terms(ctx)
	return terms, t.failed(err)
}

// SetTerms writes translations of terms, by language and source. Terms that are not named keep their translation, and an empty
// text removes it. A term that the text does not have is [ErrNoTerm], and then nothing is written. The terms in the language
// [Source] are written with the field itself.
//
// Odoo 14 and 15 need a call for each term: the error names the term that failed, and those before it are written.
func SetTerms[M any](ctx context.Context, c *orm.Client, id orm.ID[M], f orm.Field[M, string], terms map[string]map[string]string) error {
	t, err := newText(c, id, f)
	if err != nil || len(terms) == 0 {
		return err
	}
	return t.failed(t.setTerms(ctx, terms))
}

// text is a field of a record.
type text struct {
	c     *orm.Client
	model orm.Model
	id    int64
	field string
	store store
}

// store is where a version of Odoo keeps translations.
type store interface {
	// load reads the translations of the text.
	load(ctx context.Context, t *text) (content, error)
	// check reports a field without translations, and a record that does not exist. It writes nothing.
	check(ctx context.Context, t *text) error
	write(ctx context.Context, t *text, c content, texts map[string]string) error
	writeTerms(ctx context.Context, t *text, c content, terms map[string]map[string]string) error
}

// content is what a store has of a text.
type content struct {
	byTerms bool
	rows    []row
}

// row is a text, or a term of it, in a language.
type row struct {
	id                  int64 // of ir.translation
	lang, source, value string
}

func newText[M any](c *orm.Client, id orm.ID[M], f orm.Field[M, string]) (*text, error) {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return nil, fmt.Errorf("translations: %w", err)
	}
	t := &text{c, model, int64(id), string(f), table{}}
	if odoofacts.FieldTranslations.InSeries(c.Version().Series) {
		t.store = column{}
	}
	return t, nil
}

// failed names the field in errors that are not Odoo's.
func (t *text) failed(err error) error {
	if _, odoos := errors.AsType[*orm.Error](err); err == nil || odoos || errors.Is(err, orm.ErrNoRecord) {
		return err
	}
	return fmt.Errorf("translations: %s %d: %s: %w", t.model.Name(), t.id, t.field, err)
}

// get reads the text in each language, which is one call more than a store may need, and the same for all.
func (t *text) get(ctx context.Context) (map[string]string, error) {
	if err := t.store.check(ctx, t); err != nil {
		return nil, err
	}
	languages, err := t.languages(ctx)
	if err != nil {
		return nil, err
	}
	texts := make(map[string]string, len(languages))
	for _, lang := range languages {
		if texts[lang], err = t.in(ctx, lang); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// languages are the codes of the active languages.
func (t *text) languages(ctx context.Context) ([]string, error) {
	var active []struct {
		Code string `odoo:"code"`
	}
	if err := t.c.Model("res.lang").Find(ctx, &active, orm.Expr{}); err != nil {
		return nil, err
	}
	if len(active) == 0 { // an embedded Odoo without languages
		return []string{Source}, nil
	}
	codes := make([]string, len(active))
	for i, l := range active {
		codes[i] = l.Code
	}
	return codes, nil
}

func (t *text) set(ctx context.Context, texts map[string]string) error {
	if v, given := texts[Source]; given && v == "" {
		return fmt.Errorf("the text of %s cannot be removed", Source)
	}
	if err := checkActive(ctx, t, texts); err != nil {
		return err
	}
	c, err := t.store.load(ctx, t)
	if err == nil && c.byTerms {
		err = ErrByTerms
	}
	if err != nil {
		return err
	}
	return t.store.write(ctx, t, c, texts)
}

// checkActive refuses languages that are not active.
func checkActive[V any](ctx context.Context, t *text, byLanguage map[string]V) error {
	active, err := t.languages(ctx)
	if err != nil {
		return err
	}
	for _, lang := range slices.Sorted(maps.Keys(byLanguage)) {
		if lang != Source && !slices.Contains(active, lang) {
			return fmt.Errorf("%w: %s", ErrInactive, lang)
		}
	}
	return nil
}

func (t *text) loadTerms(ctx context.Context) (content, error) {
	c, err := t.store.load(ctx, t)
	if err == nil && !c.byTerms {
		err = ErrWhole
	}
	return c, err
}

func (t *text) terms(ctx context.Context) ([]Term, error) {
	c, err := t.loadTerms(ctx)
	if err != nil {
		return nil, err
	}
	bySource := map[string]map[string]string{}
	for _, r := range c.rows {
		if bySource[r.source] == nil {
			bySource[r.source] = map[string]string{}
		}
		if r.value != "" && r.lang != Source {
			bySource[r.source][r.lang] = r.value
		}
	}
	terms := make([]Term, 0, len(bySource))
	for _, source := range slices.Sorted(maps.Keys(bySource)) {
		terms = append(terms, Term{source, bySource[source]})
	}
	return terms, nil
}

func (t *text) setTerms(ctx context.Context, terms map[string]map[string]string) error {
	if _, given := terms[Source]; given {
		return fmt.Errorf("the terms of %s are written with the field itself", Source)
	}
	if err := checkActive(ctx, t, terms); err != nil {
		return err
	}
	c, err := t.loadTerms(ctx)
	if err != nil {
		return err
	}
	for _, lang := range slices.Sorted(maps.Keys(terms)) {
		for _, source := range slices.Sorted(maps.Keys(terms[lang])) {
			if !c.has(lang, source) {
				return fmt.Errorf("%w: %q", ErrNoTerm, source)
			}
		}
	}
	return t.store.writeTerms(ctx, t, c, terms)
}

func (c content) has(lang, source string) bool {
	return slices.ContainsFunc(c.rows, func(r row) bool { return r.lang == lang && r.source == source })
}

// in reads the text in a language.
func (t *text) in(ctx context.Context, lang string) (string, error) {
	var found []map[string]any
	err := t.model.Call(ctx, "read", []int64{t.id}, orm.Args{"fields": []string{t.field}}, &found, orm.Lang(lang))
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", records.Missing(t.model, t.id)
	}
	value, _ := found[0][t.field].(string)
	return value, nil
}
