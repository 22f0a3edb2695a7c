package translations

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The response of get_field_translations is a list of rows and a dictionary; an unset text is false.
func TestParseTranslations(t *testing.T) {
	for name, test := range map[string]struct {
		answer string
		want   content
		err    error // nil if it is unreadable
		broken bool
	}{
		"a whole text": {
			`[[{"lang":"fr_FR","source":"Yes","value":"Oui"},{"lang":"en_US","source":"Yes","value":"Yes"}],{"translation_type":"char","translation_show_source":false}]`,
			content{rows: []row{{lang: "fr_FR", source: "Yes", value: "Oui"}, {lang: "en_US", source: "Yes", value: "Yes"}}}, nil, false,
		},
		"an unset text": {
			`[[{"lang":"en_US","source":false,"value":false}],{"translation_show_source":false}]`,
			content{rows: []row{{lang: "en_US"}}}, nil, false,
		},
		"no terms":       {`[[],{"translation_show_source":true}]`, content{byTerms: true}, nil, false},
		"not translated": {`[[],{"translation_type":"char","translation_show_source":false}]`, content{}, ErrUntranslated, false},
		"no text":        {`[[{"lang":"en_US","source":1,"value":"x"}],{}]`, content{}, nil, true},
		"something else": {`true`, content{}, nil, true},
	} {
		got, err := parseTranslations(json.RawMessage(test.answer))
		if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(content{}, row{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		_, unreadable := errors.AsType[*json.UnmarshalTypeError](err)
		if unreadable != test.broken || !test.broken && !errors.Is(err, test.err) {
			t.Errorf("%s: %v, want %v", name, err, test.err)
		}
	}
}
