package odootest

import (
	"maps"
	"strconv"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// variants are the values of a field that differ by language, or by company: they are never changed, only replaced.
type variants map[string]any

// sourceLanguage is the language of a call that names none, and of a text that has no translation.
const sourceLanguage = "en_US"

func (t *tx) language() string {
	if lang, ok := t.context["lang"].(string); ok && lang != "" {
		return lang
	}
	return sourceLanguage
}

// company is the one that the call is about: the first of those allowed, or that of the user.
func (t *tx) company() string {
	if allowed := ints(lists(t.context["allowed_company_ids"])); len(allowed) > 0 {
		return strconv.FormatInt(allowed[0], 10)
	}
	if users := t.models["res.users"]; t.get(users, t.uid) != nil {
		if id, ok := t.get(users, t.uid).values["company_id"].(int64); ok {
			return strconv.FormatInt(id, 10)
		}
	}
	return "1"
}

// variant is the value of a field as the call sees it.
func (t *tx) variant(f *field, v any) any {
	all, ok := v.(variants)
	if !ok {
		return v
	}
	if !f.Translated {
		return all[t.company()]
	}
	if text, translated := all[t.language()]; translated {
		return text
	}
	return all[sourceLanguage]
}

// put sets a field for the language or the company of the call.
func (t *tx) put(r *record, f *field, v any) {
	switch {
	case f.content != nil:
		t.put(r, f.content, v)
	case f.CompanyDependent:
		t.set(r, f.Name, with(r.values[f.Name], t.company(), v))
	case f.Translated && v != nil:
		t.set(r, f.Name, t.translated(r.values[f.Name], v))
	default:
		t.set(r, f.Name, v)
	}
}

// translated adds a text in the language of the call. The first text of a record is that of every language.
func (t *tx) translated(before, v any) any {
	lang := t.language()
	all, several := before.(variants)
	switch {
	case lang == sourceLanguage && !several:
		return v
	case before == nil:
		return variants{sourceLanguage: v, lang: v}
	case several:
		return with(all, lang, v)
	}
	return variants{sourceLanguage: before, lang: v}
}

func with(before any, key string, v any) variants {
	all, _ := before.(variants)
	out := maps.Clone(all)
	if out == nil {
		out = variants{}
	}
	out[key] = v
	return out
}

// checkLanguage refuses a language that is not installed, if it is known which are.
func (t *tx) checkLanguage() error {
	languages, lang := t.models["res.lang"], t.language()
	if !t.does(odoofacts.UnknownLangRefused) || lang == sourceLanguage || languages == nil || len(t.tables[languages].records) == 0 {
		return nil
	}
	for _, r := range t.tables[languages].records {
		if r.values["code"] == lang && t.isActive(languages, r) {
			return nil
		}
	}
	return fail(classUser, "Invalid language code: %s", lang)
}

// fieldTranslations answers get_field_translations: what a text is in each language.
func (t *tx) fieldTranslations(m *model, a arguments) (any, error) {
	records, f, err := t.translatedField(m, a)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, r := range records {
		all, several := r.values[f.Name].(variants)
		if !several {
			all = variants{sourceLanguage: r.values[f.Name]}
		}
		for _, lang := range t.languages() {
			value := all[lang]
			if value == nil {
				value = all[sourceLanguage]
			}
			out = append(out, map[string]any{"lang": lang, "source": orFalse(all[sourceLanguage]), "value": orFalse(value)})
		}
	}
	return []any{out, map[string]any{"translation_type": f.Type, "translation_show_source": false}}, nil
}

// languages are those that are installed, as far as is known, in the order of their names.
func (t *tx) languages() []string {
	languages := t.models["res.lang"]
	if languages == nil || len(t.tables[languages].records) == 0 {
		return []string{sourceLanguage}
	}
	found, err := t.search(languages, query{domain: []any{}, order: "id desc"})
	if err != nil {
		return nil
	}
	out := make([]string, len(found))
	for i, r := range found {
		out[i] = str(r.values["code"])
	}
	return out
}

// updateTranslations answers update_field_translations: texts by language.
func (t *tx) updateTranslations(m *model, a arguments) (any, error) {
	records, f, err := t.translatedField(m, a)
	if err != nil {
		return nil, err
	}
	texts, _ := a.named["translations"].(map[string]any)
	for _, r := range records {
		for lang, text := range texts {
			in := *t
			in.context = map[string]any{"lang": lang}
			t.set(r, f.Name, in.translated(r.values[f.Name], text))
		}
	}
	return true, nil
}

func (t *tx) translatedField(m *model, a arguments) ([]*record, *field, error) {
	records, err := t.need(m, a.ids)
	f := m.fields[a.text("field_name")]
	if err == nil && f == nil {
		err = t.noFieldToRead(m.name, a.text("field_name"))
	}
	return records, f, err
}
