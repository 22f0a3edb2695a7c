package printable

import (
	"bytes"
	"testing"
	"unicode/utf8"
)

func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		"Größe 数 ✓\u200d":             "Größe 数 ✓\u200d",
		"a\nb\r\nc\td":                "a b c d",
		"\x1b[31mred\x07\x7f\u009b2J": `\x1b[31mred\x07\x7f\u009b2J`,
		"over\rwrite":                 `over\x0dwrite`,
		"a\u202egnp.exe\u2066\u200f":  `a\u202egnp.exe\u2066\u200f`,
		"a\u2028::error::b\u2029":     `a\u2028::error::b\u2029`,
		"::error::x":                  `\::error::x`,
		"x\n::add-mask::y":            "x ::add-mask::y",
		" \t::stop-commands::x":       `  \::stop-commands::x`,
		"a ##[group]b ##vso[task.x]":  `a ##\[group]b ##vso\[task.x]`,
		"a\xff\xc3":                   `a\xff\xc3`,
	} {
		if got := Line(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestWriter(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b)
	text := "one\r\n::error::two\n\tthree\x1b[0m\n"
	if n, err := w.Write([]byte(text)); n != len(text) || err != nil {
		t.Error(n, err)
	}
	if want := "one\n\\::error::two\n\tthree\\x1b[0m\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
	if Raw(w) != &b || Raw(&b) != &b {
		t.Error("Raw is not the writer below")
	}
}

func FuzzLine(f *testing.F) {
	f.Add("\x1b]0;title\x07\n::error::\u202e")
	f.Fuzz(func(t *testing.T, text string) {
		got := Line(text)
		for _, r := range got {
			if isHidden(r) || r == '\n' || r == '\t' {
				t.Errorf("%q has %q", got, r)
			}
		}
		if !utf8.ValidString(got) || opening.MatchString(got) || command.MatchString(got) {
			t.Errorf("%q", got)
		}
	})
}
