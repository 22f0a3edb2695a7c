package odootest

import (
	"maps"
	"strconv"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// variants are the values of a field that differ by language, or by company: they are never changed, only replaced.
type variants map[string]any

const sourceLanguage = odoofacts.SourceLanguage

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
	case f.byTerms() && v != nil:
		t.set(r, f.Name, retranslated(r.values[f.Name], v))
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
