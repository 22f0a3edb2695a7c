package odootest

import (
	"regexp"
	"slices"
	"strings"
)

// Odoo translates HTML by terms: a term is a run of text and inline elements within a block. The texts of attributes, which are
// terms too, are not known here.

// byTerms reports whether a field is translated by terms: HTML is, unless it is not sanitized, which a snapshot does not say.
func (f *field) byTerms() bool { return f.Translated && f.Type == "html" }

var (
	markup         = regexp.MustCompile(`(?s)<!--.*?-->|</?([a-zA-Z][\w-]*)[^>]*>`)
	inlineElements = strings.Fields("abbr b bdi bdo br cite code data del dfn em font i ins kbd mark q s samp small span strong sub sup time u var wbr")
)

// translateTerms replaces the terms of a text.
func translateTerms(text string, replace func(term string) string) string {
	var out, run strings.Builder
	flush := func() {
		whole := run.String()
		run.Reset()
		term := strings.TrimSpace(whole)
		if strings.TrimSpace(markup.ReplaceAllString(term, "")) == "" {
			out.WriteString(whole)
			return
		}
		before, after, _ := strings.Cut(whole, term)
		out.WriteString(before + replace(term) + after)
	}
	end := 0
	for _, at := range markup.FindAllStringSubmatchIndex(text, -1) {
		run.WriteString(text[end:at[0]])
		end = at[1]
		if at[2] >= 0 && slices.Contains(inlineElements, strings.ToLower(text[at[2]:at[3]])) {
			run.WriteString(text[at[0]:at[1]])
			continue
		}
		flush()
		out.WriteString(text[at[0]:at[1]])
	}
	run.WriteString(text[end:])
	flush()
	return out.String()
}

// termsOf are the terms of a text, each once.
func termsOf(text string) []string {
	var terms []string
	translateTerms(text, func(term string) string {
		if !slices.Contains(terms, term) {
			terms = append(terms, term)
		}
		return term
	})
	return terms
}

// dictionary has the translations of the terms of a text in a language.
func dictionary(all variants, lang string) map[string]string {
	text, translated := all[lang].(string)
	if !translated {
		return nil
	}
	var terms []string
	translateTerms(text, func(term string) string {
		terms = append(terms, term)
		return term
	})
	out, i := map[string]string{}, 0
	translateTerms(str(orEmpty(all[sourceLanguage])), func(source string) string {
		if i < len(terms) {
			out[source] = terms[i]
		}
		i++
		return source
	})
	return out
}

// applied is the source of a text with the translations of a dictionary.
func applied(source string, words map[string]string) string {
	return translateTerms(source, func(term string) string {
		if v := words[term]; v != "" {
			return v
		}
		return term
	})
}

// withTerms adds translations of terms in a language to a stored text; an empty one is removed.
func withTerms(stored any, lang string, terms map[string]any) any {
	all, several := stored.(variants)
	if !several {
		all = variants{sourceLanguage: stored}
	}
	words := dictionary(all, lang)
	if words == nil {
		words = map[string]string{}
	}
	for source, v := range terms {
		words[source], _ = v.(string)
	}
	return with(all, lang, applied(str(orEmpty(all[sourceLanguage])), words))
}

// retranslated is a new text in all languages: terms that it has in common with the stored one keep their translations.
func retranslated(stored, v any) any {
	all, several := stored.(variants)
	if !several {
		return v
	}
	out := variants{sourceLanguage: v}
	for lang := range all {
		if lang != sourceLanguage {
			out[lang] = applied(str(v), dictionary(all, lang))
		}
	}
	return out
}
