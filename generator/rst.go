package generator

import "regexp"

// rst are the marks of reStructuredText that authors of Odoo's documentation use, and what a comment has instead. Odoo
// renders most of them itself; what is left is markup that the author got wrong, or that docutils does not know.
var rst = []struct {
	mark  *regexp.Regexp
	plain string
}{
	{regexp.MustCompile(`:(?:param|parameter|arg|argument|key|keyword)\s(?:[^:\x60]*\s)?(\w+)\s*:`), "$1:"},
	{regexp.MustCompile(`:returns?(?:\s[^:\x60]*)?:`), "It returns"},
	{regexp.MustCompile(`:raises?\s([^:\x60]*):`), "It raises $1:"},
	{regexp.MustCompile(`:r?type(?:\s[^:\x60]*)?:`), "Type:"},
	{regexp.MustCompile(`:[a-z]+(?::[a-z]+)?:\x60~?([^\x60]+)\x60`), "$1"},                 // a role: :class:`X`
	{regexp.MustCompile(`\.\.\s(?:(note|warning|tip|important|seealso)|[\w-]+)::`), "$1:"}, // a directive
	{regexp.MustCompile("\x60([^\x60<]+)\\s<([^\x60>]+)>\x60__?"), "$1 ($2)"},              // a link
	{regexp.MustCompile("\x60\x60?([^\x60]+)\x60\x60?_{0,2}"), "$1"},                       // code
	{regexp.MustCompile(`(^|[\s(])\*\*(\w(?:[^*]*\w)?)\*\*([\s).,:;]|$)`), "$1$2$3"},       // strong emphasis
	{regexp.MustCompile(`(^|[\s(])\*(\w(?:[^*]*\w)?)\*([\s).,:;]|$)`), "$1$2$3"},           // emphasis
	{regexp.MustCompile(`\s?::(\s|$)`), ":$1"},                                             // what follows is code
}

// withoutRST takes the markup out of a text of the server's documentation.
func withoutRST(text string) string {
	for _, r := range rst {
		text = r.mark.ReplaceAllString(text, r.plain)
	}
	return text
}
