package report

import (
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect/diff"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

func TestCell(t *testing.T) {
	for text, want := range map[string]string{
		"a_b*c":               `a\_b\*c`,
		"@octocat":            "@&#8203;octocat",
		"x@example.com":       "x@&#8203;example.com",
		"see #12 or a/b!3":    "see #&#8203;12 or a/b!&#8203;3",
		"C# code!":            "C# code!",
		"https://example.com": "https&#8203;://example.com",
		"HTTP://x www.x.org":  "HTTP&#8203;://x www&#8203;.x.org",
		"a & <b>|\\":          `a &amp; &lt;b>\|\\`,
	} {
		if got := cell(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// A name in a code span has no escapes, which Markdown would show.
func TestMarkdownCode(t *testing.T) {
	s := func(fields ...snapshot.Field) *snapshot.Schema {
		return &snapshot.Schema{Format: snapshot.Format, Models: []snapshot.Model{{Name: "res.partner", Fields: fields}}}
	}
	r := New(diff.Compare(s(snapshot.Field{Name: "__last_update", Type: "datetime"}), s(snapshot.Field{Name: "id", Type: "integer"})))
	var b strings.Builder
	if err := r.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "Use `write_date`.") {
		t.Error(b.String())
	}
	if got, want := code("`x` | y"), "\\`x\\` \\| y"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
