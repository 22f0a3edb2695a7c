package orm

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const byteOrderMark = "\ufeff"

// checkText refuses texts with characters that people do not type: a line break from a file or a variable of the environment,
// a byte order mark from an editor. Headers cannot carry most of them, and Odoo would say that the password is wrong. The
// error does not repeat the text.
func checkText(what, text string) error {
	if !utf8.ValidString(text) {
		return fmt.Errorf("orm: the %s is not UTF-8", what)
	}
	at := strings.IndexFunc(text, isUntyped)
	if at < 0 {
		return nil
	}
	r, size := utf8.DecodeRuneInString(text[at:])
	name := fmt.Sprintf("the control character %U", r)
	switch {
	case r == '\n' || r == '\r':
		name = "a line break"
	case string(r) == byteOrderMark:
		name = "a byte order mark"
	}
	switch {
	case at == 0:
		name += " at its start"
	case at+size == len(text), strings.TrimRight(text, "\r\n") == text[:at]:
		name += " at its end"
	}
	return fmt.Errorf("orm: the %s contains %s", what, name)
}

func isUntyped(r rune) bool {
	return unicode.IsControl(r) && r != '\t' || string(r) == byteOrderMark
}

// cleanKey is an API key without what surrounds it in files: Odoo makes keys of hexadecimal digits.
func cleanKey(key string) string {
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(key), byteOrderMark))
}
