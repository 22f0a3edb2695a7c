// Package printable makes text from elsewhere (a server, a snapshot, a file) harmless for a terminal and for the log of a CI
// system. What could move the cursor, change colors, reorder the text or be read as a command is shown as an escape.
package printable

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line is a text on one line.
func Line(text string) string {
	return escape(strings.NewReplacer("\r\n", " ", "\n", " ", "\t", " ").Replace(text))
}

// Text is a text that may have several lines.
func Text(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = escape(line)
	}
	return strings.Join(lines, "\n")
}

// NewWriter returns a writer of texts of several lines. Each call of Write should have whole lines.
func NewWriter(out io.Writer) *Writer { return &Writer{out} }

// Writer writes to another writer what [Text] makes of its input.
type Writer struct{ out io.Writer }

func (w *Writer) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.out, Text(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Raw is the writer below a [Writer], for data that has escapes of its own, such as JSON.
func Raw(out io.Writer) io.Writer {
	if w, ok := out.(*Writer); ok {
		return w.out
	}
	return out
}

var (
	// command is how GitHub, Azure Pipelines and TeamCity find commands anywhere in a line of a log.
	command = regexp.MustCompile(`##([A-Za-z]*)\[`)
	// opening is how GitHub finds them at its beginning.
	opening = regexp.MustCompile(`^(\s*):(:)`)
)

func escape(line string) string {
	if strings.ContainsFunc(line, isHidden) || !utf8.ValidString(line) {
		line = escapeHidden(line)
	}
	return opening.ReplaceAllString(command.ReplaceAllString(line, `##$1\[`), `$1\:$2`)
}

func escapeHidden(line string) string {
	var b strings.Builder
	for i := 0; i < len(line); {
		r, size := utf8.DecodeRuneInString(line[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, line[i])
		case !isHidden(r):
			b.WriteRune(r)
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += size
	}
	return b.String()
}

// isHidden reports whether a character has an effect instead of a shape: control characters, line separators, marks of the
// direction of text, and characters without width.
func isHidden(r rune) bool {
	if r == '\t' || r == 0x200c || r == 0x200d { // the joiners are letters' own in Persian, Hindi and emoji
		return false
	}
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
}
