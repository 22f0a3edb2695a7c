package orm

import (
	"context"
	"errors"
	"slices"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// checkLanguage refuses a call in a language that is not installed. Until Odoo 17 the server ignores such a language and
// responds in the source language; from 18 on it refuses the call itself, with the same error. See
// [odoofacts.UnknownLangRefused].
func (s *session) checkLanguage(ctx context.Context, r *call) error {
	lang, _ := r.sentContext()["lang"].(string)
	if lang == "" || lang == odoofacts.SourceLanguage || odoofacts.UnknownLangRefused.In(s.odoo) {
		return nil
	}
	if _, known := s.languages.Load(lang); known {
		return nil
	}
	var installed []struct {
		Code string `odoo:"code"`
	}
	search := &call{model: "res.lang", method: "search_read", kwargs: Args{"domain": Expr{}, "fields": []string{"code"}}}
	err := s.do(ctx, search, false, &installed)
	if errors.Is(err, ErrNotFound) {
		return nil // an embedded Odoo of a snapshot without languages
	}
	if err != nil {
		return err
	}
	codes := make([]string, len(installed))
	for i, l := range installed {
		codes[i] = l.Code
	}
	if len(codes) > 0 && !slices.Contains(codes, lang) {
		return &Error{kind: ErrUser, Class: "odoo.exceptions.UserError", Model: r.model, Method: r.method, Message: "Invalid language code: " + lang}
	}
	s.languages.Store(lang, true)
	return nil
}
