package orm

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const byteOrderMark = "\ufeff"

// checkText refuses strings with characters that users do not type: a line break from a file or an environment variable, a
// byte order mark from an editor. Headers cannot contain most of them, and Odoo would report a wrong password. The error
// does not repeat the string.
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

// cleanKey removes white space and a byte order mark around an API key. Odoo's keys consist of hexadecimal digits.
func cleanKey(key string) string {
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(key), byteOrderMark))
}
