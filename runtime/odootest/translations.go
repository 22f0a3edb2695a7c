package odootest

import (
	"maps"
	"slices"
	"strings"
)

// fieldTranslations answers get_field_translations: what a text, or each of its terms, is in each language.
func (t *tx) fieldTranslations(m *model, a arguments) (any, error) {
	at, err := t.translatedField(m, a)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, text := range t.textsOf(at) {
		out = append(out, map[string]any{"lang": text.lang, "source": orFalse(text.source), "value": orFalse(text.shown(at.f))})
	}
	kind := "char"
	if at.f.Type == "text" || at.f.Type == "html" {
		kind = "text"
	}
	return []any{out, map[string]any{"translation_type": kind, "translation_show_source": at.f.byTerms()}}, nil
}

// translation is a text, or a term of it, in a language.
type translation struct {
	lang          string
	source, value any // value is nil without a translation
}

// shown is the value as get_field_translations gives it: of a term without a translation it is empty.
func (x translation) shown(f *field) any {
	switch {
	case x.value != nil && (x.value != x.source || !f.byTerms()):
		return x.value
	case f.byTerms():
		return ""
	}
	return x.source
}

// textsOf are the translations of a text in the languages that are active.
func (t *tx) textsOf(at place) []translation {
	stored := at.r.values[at.f.Name]
	all, several := stored.(variants)
	if !several {
		all = variants{sourceLanguage: stored}
	}
	var out []translation
	switch {
	case !at.f.Translated:
	case !at.f.byTerms():
		for _, lang := range t.languages() {
			out = append(out, translation{lang, all[sourceLanguage], all[lang]})
		}
	default:
		for _, term := range termsOf(str(orEmpty(all[sourceLanguage]))) {
			for _, lang := range t.languages() {
				x := translation{lang: lang, source: term}
				if v, ok := dictionary(all, lang)[term]; ok && v != term {
					x.value = v
				}
				out = append(out, x)
			}
		}
	}
	return out
}

func orEmpty(v any) any {
	if v == nil {
		return ""
	}
	return v
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

// updateTranslations answers update_field_translations: texts by language, or texts by language and term.
func (t *tx) updateTranslations(m *model, a arguments) (any, error) {
	at, err := t.translatedField(m, a)
	if err != nil {
		return nil, err
	}
	given, _ := a.named["translations"].(map[string]any)
	active := t.languages()
	inactive := slices.DeleteFunc(slices.Sorted(maps.Keys(given)), func(lang string) bool { return lang == sourceLanguage || slices.Contains(active, lang) })
	if len(inactive) > 0 {
		return nil, fail(classUser, "The following languages are not activated: %s", strings.Join(inactive, ", "))
	}
	if !at.f.Translated {
		return false, nil
	}
	for _, lang := range slices.Sorted(maps.Keys(given)) {
		if err := t.translate(at, lang, given[lang]); err != nil {
			return nil, err
		}
	}
	return true, nil
}

// translate stores what a text is in a language: a text, false for none, or texts by term.
func (t *tx) translate(at place, lang string, v any) error {
	stored := at.r.values[at.f.Name]
	switch terms, isMap := v.(map[string]any); {
	case at.f.byTerms() && !isMap:
		return fail(classType, "'%s' object is not a mapping", typeName(v))
	case isMap && !at.f.byTerms():
		return fail(classUser, "Translations for model translated fields only accept falsy values and str")
	case isMap:
		t.set(at.r, at.f.Name, withTerms(stored, lang, terms))
	case unset(v):
		t.set(at.r, at.f.Name, without(stored, lang))
	default:
		in := *t
		in.context = map[string]any{"lang": lang}
		t.set(at.r, at.f.Name, in.translated(stored, v))
	}
	return nil
}

// without removes the text in a language, which is not that of the source.
func without(stored any, lang string) any {
	all, several := stored.(variants)
	if !several || lang == sourceLanguage {
		return stored
	}
	out := maps.Clone(all)
	delete(out, lang)
	return out
}

// translatedField is where the text of the call is kept.
func (t *tx) translatedField(m *model, a arguments) (place, error) {
	records, err := t.need(m, a.ids)
	if err != nil {
		return place{}, err
	}
	if len(records) != 1 {
		return place{}, fail(classValue, "Expected singleton: %s%s", m.name, idTuple(a.ids))
	}
	f := m.fields[a.text("field_name")]
	if f == nil {
		return place{}, t.noFieldToRead(m.name, a.text("field_name"))
	}
	_, at := t.locate(m, records[0], f)
	return at, nil
}
