package generator

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/iancoleman/strcase"
)

// initialisms are words that Go names write in capitals.
var initialisms = map[string]string{
	"api": "API", "css": "CSS", "csv": "CSV", "db": "DB", "html": "HTML", "http": "HTTP", "https": "HTTPS", "id": "ID",
	"ids": "IDs", "ip": "IP", "json": "JSON", "pdf": "PDF", "qr": "QR", "sms": "SMS", "smtp": "SMTP", "sql": "SQL",
	"ssl": "SSL", "tls": "TLS", "ui": "UI", "uid": "UID", "uri": "URI", "url": "URL", "utc": "UTC", "uuid": "UUID",
	"vat": "VAT", "xml": "XML",
}

// goName converts the name of a model or field to an exported Go name: sale.order becomes SaleOrder, partner_id becomes
// PartnerID. The result depends only on the argument, so that a name never changes because of another one.
func goName(odoo string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(odoo, notIdentifier) {
		b.WriteString(capitalised(word))
	}
	return exported(b.String())
}

func notIdentifier(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

func capitalised(word string) string {
	if word == "" {
		return ""
	}
	if known, ok := initialisms[word]; ok {
		return known
	}
	if isASCII(word) {
		return strcase.ToCamel(word)
	}
	first, size := utf8.DecodeRuneInString(word) // strcase drops what is not ASCII
	return string(unicode.ToUpper(first)) + word[size:]
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// exported prepends an X to a name that does not start with a capital letter, such as a digit or a Chinese character.
func exported(name string) string {
	if first, _ := utf8.DecodeRuneInString(name); !unicode.IsUpper(first) {
		return "X" + name
	}
	return name
}

// signs are names for special characters in the keys of selections.
var signs = map[rune]string{
	'+': "Plus", '-': "Minus", '=': "Equal", '<': "Less", '>': "Greater", '!': "Not", '*': "Star", '/': "Slash",
	'%': "Percent", '&': "And", '|': "Or", '.': "Dot", ',': "Comma", ':': "Colon", ';': "Semicolon", '?': "Question",
	' ': "Space", '_': "Underscore", '#': "Hash", '@': "At", '$': "Dollar", '(': "Open", ')': "Close", '~': "Tilde",
	'^': "Caret", '\'': "Quote", '"': "DoubleQuote", '\\': "Backslash",
}

// choiceName converts the key of a selection to the end of a constant's name. In a key with words, signs only separate
// words, except + and - as in Etc/GMT+1 and -1, and the point in 1.5. In a key of signs only, each sign is spelled out.
func choiceName(key string) string {
	if key == "" {
		return "Empty"
	}
	runes := []rune(key)
	if strings.IndexFunc(key, func(r rune) bool { return !notIdentifier(r) }) < 0 {
		return spelled(runes)
	}
	var b, word strings.Builder
	flush := func() {
		b.WriteString(capitalised(word.String()))
		word.Reset()
	}
	for i, r := range runes {
		switch {
		case !notIdentifier(r):
			word.WriteRune(r)
		case r == '+', r == '-' && digitAt(runes, i+1):
			flush()
			b.WriteString(signs[r])
		case r == '.' && digitAt(runes, i-1) && digitAt(runes, i+1):
			flush()
			b.WriteString("Point")
		default:
			flush()
		}
	}
	flush()
	return b.String()
}

func digitAt(runes []rune, i int) bool {
	return i >= 0 && i < len(runes) && unicode.IsDigit(runes[i])
}

func spelled(runes []rune) string {
	var b strings.Builder
	for _, r := range runes {
		if name, ok := signs[r]; ok {
			b.WriteString(name)
		} else {
			fmt.Fprintf(&b, "U%04X", r)
		}
	}
	return b.String()
}

// fileName returns the file name for a model. The toolchain ignores files that start with _ or ., and treats the suffixes
// _test, _linux, _amd64 and so on specially; Windows reserves names such as con.go. Such names get another suffix.
func fileName(model string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(model) {
		switch {
		case r >= utf8.RuneSelf:
			fmt.Fprintf(&b, "u%04x", r)
		case notIdentifier(r):
			b.WriteByte('_')
		default:
			b.WriteRune(r)
		}
	}
	name := b.String()
	if strings.HasPrefix(name, "_") || name == "" {
		name = "x" + name
	}
	if i := strings.LastIndexByte(name, '_'); i >= 0 && buildSuffixes[name[i+1:]] || devices[name] {
		name += "_model"
	}
	return name + ".go"
}

// buildSuffixes are the suffixes of file names that the toolchain treats specially: test, and the known and reserved
// operating systems and architectures.
var buildSuffixes = setOf("test",
	"aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd",
	"openbsd", "plan9", "solaris", "wasip1", "wasip2", "windows", "zos",
	"386", "amd64", "amd64p32", "arm", "arm64", "arm64be", "armbe", "loong64", "mips", "mips64", "mips64le",
	"mips64p32", "mips64p32le", "mipsle", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x", "sparc",
	"sparc64", "wasm")

// devices are names that Windows reserves, with any extension.
var devices = setOf("con", "prn", "aux", "nul",
	"com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
	"lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9")

func setOf(words ...string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[w] = true
	}
	return set
}

// reportName is the Go name of a report, from the part of its name after the module: "sale.report_saleorder" → Saleorder.
func reportName(name string) string {
	_, own, ok := strings.Cut(name, ".")
	if !ok {
		own = name
	}
	return goName(cmp.Or(strings.TrimPrefix(own, "report_"), own))
}
