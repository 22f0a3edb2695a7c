package spelling

import (
	"slices"
	"testing"
)

func TestHint(t *testing.T) {
	names := []string{"commercial_company_name", "email", "name", "phone", "product_uom_qty", "ref"}
	for misspelled, want := range map[string]string{
		"emial":       "; did you mean email?",
		"nam":         "; did you mean name?",
		"e_mail":      "; did you mean email?",
		"products":    "",
		"":            "",
		"country_iso": "",
	} {
		if got := Hint(misspelled, slices.Values(names)); got != want {
			t.Errorf("%s: %q, want %q", misspelled, got, want)
		}
	}
}
