package odootest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Terms are runs of text and inline elements. The expectations are the rows that Odoo 14 and 19 make of the same texts.
func TestTerms(t *testing.T) {
	for text, want := range map[string][]string{
		"":                         nil,
		"plain":                    {"plain"},
		"<p>Hello</p><p>Hello</p>": {"Hello"},
		"<div>  Some <b>bold</b> text &amp; more</div><p><b>alone</b></p>": {"Some <b>bold</b> text &amp; more", "<b>alone</b>"},
		"<ul><li><a href=\"x\">link</a></li></ul>":                         {"link"},
		"<p><br></p><p> </p>": nil,
	} {
		if diff := cmp.Diff(want, termsOf(text)); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
		upper := translateTerms(text, strings.ToUpper)
		if back := translateTerms(upper, func(term string) string { return term }); back != upper {
			t.Errorf("%s: %s became %s", text, upper, back)
		}
	}
}

// A new text keeps the translations of the terms that it shares with the one before.
func TestTermsOfANewText(t *testing.T) {
	stored := withTerms("<p>Hello</p><p>Bye</p>", "fr_FR", map[string]any{"Hello": "Bonjour", "Bye": "Adieu"})
	got := retranslated(stored, "<h1>Hello</h1><p>New</p>")
	want := variants{"en_US": "<h1>Hello</h1><p>New</p>", "fr_FR": "<h1>Bonjour</h1><p>New</p>"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
