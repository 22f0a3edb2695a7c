package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect/diff"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

type (
	field  = snapshot.Field
	choice = snapshot.Choice
	model  = snapshot.Model
)

// schema is a snapshot of models.
func schema(models ...model) *snapshot.Schema {
	return &snapshot.Schema{Format: snapshot.Format, Models: models}
}

// A field that breaks writers and may also behave differently is listed with the others that break writers.
func TestEachHeadingIsWrittenOnce(t *testing.T) {
	computed, readonly := field{Type: "char", Readonly: true, Computed: true}, field{Type: "char", Readonly: true}
	named := func(f field, name string) field { f.Name = name; return f }
	old := schema(model{Name: "m", Fields: []field{named(readonly, "a"), named(computed, "b"), {Name: "c", Type: "char"}}})
	new := schema(model{Name: "m", Fields: []field{named(computed, "a"), named(readonly, "c")}})
	var out strings.Builder
	if err := New(diff.Compare(old, new)).WriteText(&out, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, heading := range []string{"  breaks readers\n", "  breaks writers\n"} {
		if strings.Count(out.String(), heading) != 1 {
			t.Errorf("want %q once in\n%s", heading, out.String())
		}
	}
}

// Like changes are reported once, and others are not folded.
func TestFolding(t *testing.T) {
	old, new := model{Name: "m"}, model{Name: "m"}
	for _, n := range []string{"1", "2_3", "4", "5"} {
		old.Fields = append(old.Fields, field{Name: "in_group_" + n, Type: "boolean"})
	}
	old.Fields = append(old.Fields, field{Name: "street2", Type: "char"}, field{Name: "s", Type: "selection", Selection: []choice{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}, {Value: "c", Label: "C"}, {Value: "d", Label: "D"}, {Value: "e", Label: "E"}}})
	new.Fields = append(new.Fields, field{Name: "s", Type: "selection", Selection: []choice{{Value: "a", Label: "A"}}})
	var shared [2]*snapshot.Schema
	for i, m := range []model{old, new} {
		shared[i] = schema(m)
		for n := range manyModels {
			other := model{Name: fmt.Sprint("n", n)}
			if i == 0 {
				other.Fields = []field{{Name: "message_unread", Type: "boolean"}}
			}
			shared[i].Models = append(shared[i].Models, other)
		}
	}
	var out strings.Builder
	if err := New(diff.Compare(shared[0], shared[1])).WriteText(&out, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"In many models\n  breaks readers and writers\n    message_unread  removed  in 8 models: n0, n1, n2, n3 and 4 more\n",
		"    in_group_…  4 fields removed  in_group_1, in_group_2_3, in_group_4, in_group_5\n",
		"    street2     removed\n",
		"    s           4 values removed  b, c, d, e  The value is gone",
		"17 changes: 17 breaking (13 for readers, 17 for writers), 0 that may behave otherwise, 0 safe.",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

// Texts of a database start no command of a terminal, no Markdown and no script.
func TestHostileTexts(t *testing.T) {
	evil := "</td><script>alert(1)</script>\x1b[31m|`[x](javascript:1)\u202e\nnext"
	m := func(f field) model { return model{Name: "m" + evil, Label: evil, Fields: []field{f}} }
	r := New(diff.Compare(schema(m(field{Name: evil, Type: "char", Label: evil})), schema(m(field{Name: evil, Type: evil, Label: evil, Related: evil}))))
	r.Old.Name = evil
	var text, markdown, page strings.Builder
	for _, err := range []error{r.WriteText(&text, TextOptions{Safe: true}), r.WriteMarkdown(&markdown), r.WriteHTML(&page)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, tc := range map[string]struct {
		out     string
		refused []string
	}{
		"text":     {text.String(), []string{"\x1b", "\u202e", "\nnext"}},
		"markdown": {markdown.String(), []string{"<script", "\x1b", "\nnext", "[x](", "`["}},
		"page":     {page.String(), []string{"<script>alert"}},
	} {
		for _, bad := range tc.refused {
			if strings.Contains(tc.out, bad) {
				t.Errorf("the %s has %q:\n%s", name, bad, tc.out)
			}
		}
		if !strings.Contains(tc.out, "alert(1)") {
			t.Errorf("the %s is without the text", name)
		}
	}
}
