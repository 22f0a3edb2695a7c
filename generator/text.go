package generator

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	labelLength = 80  // a longer label or name is cut in comments
	helpLength  = 600 // and so is a longer help
	lineLength  = 110
)

// clean makes one line of a text that anybody may have written into the database. The result is safe in a comment:
// no line breaks, no control or formatting characters (those that reorder text among them), no invalid UTF-8.
func clean(text string, most int) string {
	var b strings.Builder
	space := false
	n := 0
	for _, r := range text {
		if unicode.IsSpace(r) || !unicode.IsGraphic(r) || r == unicode.ReplacementChar {
			space = true
			continue
		}
		if n >= most {
			return b.String() + "…"
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// cut marks a text that goes on where a comment ends.
const cut = "[…]"

// sentences makes one line of a text, as clean does, and keeps the whole sentences that fit into so many characters. A
// first sentence that does not fit is cut after a word, and marked.
func sentences(text string, most int) string {
	runes := []rune(clean(text, max(0, most)+1))
	if len(runes) <= most {
		return string(runes)
	}
	runes = runes[:max(0, most)]
	for end := len(runes) - 2; end > 0; end-- {
		if strings.ContainsRune(".!?", runes[end-1]) && runes[end] == ' ' && !unicode.IsLower(runes[end+1]) { // not "e.g. this"
			return string(runes[:end])
		}
	}
	for end := len(runes) - 1; end > 0; end-- {
		if runes[end] == ' ' {
			return string(runes[:end]) + " " + cut
		}
	}
	return cut
}

// quoted is a label in a comment.
func quoted(label string) string { return `"` + clean(label, labelLength) + `"` }

// opening is a cleaned label where a comment starts with it: in quotes, unless it starts with an ordinary word. gofmt
// takes "+build x" for a build constraint and moves it to the top of the file, and linters read "Deprecated: x".
func opening(label string) string {
	word, _, _ := strings.Cut(label, " ")
	first, _ := utf8.DecodeRuneInString(word)
	ordinary := first == '_' || unicode.IsLetter(first) || unicode.IsDigit(first)
	if label == "" || ordinary && !strings.ContainsAny(word, ":.()") {
		return label
	}
	return `"` + label + `"`
}

// wrap breaks a cleaned text into comment lines. A line only breaks before an ordinary word, so that gofmt takes none
// for a list, a heading or a directive, and godoc none for a note.
func wrap(text string) []string {
	var lines []string
	line := ""
	for word := range strings.SplitSeq(text, " ") {
		first, _ := utf8.DecodeRuneInString(word)
		ordinary := unicode.IsLetter(first) && !strings.ContainsAny(word, ":(")
		if len(line)+1+len(word) > lineLength && line != "" && ordinary {
			lines = append(lines, line)
			line = word
			continue
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
