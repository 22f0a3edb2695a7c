package tape

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Scrubbed replaces secrets.
const Scrubbed = "scrubbed"

// secretName matches names of values that are secret. A name of Odoo's that ends otherwise, such as payment_token_id, is the name
// of something else.
var secretName = regexp.MustCompile(`(?i)(passw(or)?d|passphrase|password_crypt|_pass|secret|token|api_?key|default_key|session_?id|csrf|private_key)(\d|_crypt)?$|^(sid|pass)$`)

// pageTokens match tokens in pages and their scripts.
var pageTokens = regexp.MustCompile(`(?i)((?:csrf_token|session_id|access_token)\\?["']?(?:\s*[:=]\s*|[^>]{0,80}?\svalue=)\\?["']|[?&](?:access_token|token|csrf_token)=)[^"'\\&\s]+`)

// shortestSecret is how long a secret is that is removed from wherever it occurs: a short one such as "admin" is a word as well, and
// is removed from the places of secrets only.
const shortestSecret = 8

// Secrets are the passwords, keys and sessions that a client was seen to use. It is safe for concurrent use.
type Secrets struct {
	mu   sync.Mutex
	seen map[string]string // with their replacements
}

// Learn remembers a secret.
func (s *Secrets) Learn(secret string) { s.replace(secret, Scrubbed) }

// LearnAddress replaces the address of the server.
func (s *Secrets) LearnAddress(url string) { s.replace(strings.TrimRight(url, "/"), serverAddress) }

const serverAddress = "http://odoo.invalid"

func (s *Secrets) replace(secret, by string) {
	if len(secret) < shortestSecret {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen == nil {
		s.seen = map[string]string{}
	}
	s.seen[secret] = by
}

// scrub removes secrets from a value: those that were seen, and those whose names say so.
func (s *Secrets) scrub(v any) any {
	known := s.replacer()
	return walk(scrubNamed(v), func(text string) any {
		return pageTokens.ReplaceAllString(known.Replace(text), "${1}"+Scrubbed)
	})
}

// replacer replaces what was seen, the longest first.
func (s *Secrets) replacer() *strings.Replacer {
	s.mu.Lock()
	defer s.mu.Unlock()
	longest := func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) }
	var pairs []string
	for _, secret := range slices.SortedFunc(maps.Keys(s.seen), longest) {
		pairs = append(pairs, secret, s.seen[secret])
	}
	return strings.NewReplacer(pairs...)
}

// scrubNamed removes the values whose names say that they are secret.
func scrubNamed(v any) any {
	switch v := v.(type) {
	case []any:
		return scrubList(v)
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			out[name] = scrubNamed(value)
			if text, ok := value.(string); ok && text != "" && secretName.MatchString(name) {
				out[name] = Scrubbed
			}
		}
		scrubParameter(out)
		return out
	}
	return v
}

// scrubList removes the value of a condition on a secret field.
func scrubList(v []any) any {
	out := make([]any, len(v))
	for i := range v {
		out[i] = scrubNamed(v[i])
	}
	if field, ok := firstText(v); ok && len(v) == 3 && secretName.MatchString(field) {
		if _, ok := v[2].(string); ok {
			out[2] = Scrubbed
		}
	}
	return out
}

// scrubParameter removes the value of a system parameter that is a secret, such as database.secret.
func scrubParameter(v map[string]any) {
	key, _ := v["key"].(string)
	if value, ok := v["value"].(string); ok && value != "" && secretName.MatchString(key) {
		v["value"] = Scrubbed
	}
}

// scrubCall removes the secrets that a call has as arguments by position.
func scrubCall(c *Call) {
	model, method := cutLast(c.Name)
	switch {
	case strings.Contains(method, "password"), strings.HasPrefix(model, "res.users") && strings.Contains(method, "check"):
		c.Args = texts(c.Args)
	case method == "load" && len(c.Args) == 2:
		c.Args = []any{c.Args[0], scrubColumns(c.Args[0], c.Args[1])}
	case method == "load" && c.Kwargs["data"] != nil:
		c.Kwargs["data"] = scrubColumns(c.Kwargs["fields"], c.Kwargs["data"])
	case method == "set_param" && len(c.Args) == 2:
		if key, ok := firstText(c.Args); ok && secretName.MatchString(key) {
			c.Args[1] = Scrubbed
		}
	}
	if args, ok := scrubNamed(c.Args).([]any); ok {
		c.Args = args
	}
	c.Kwargs, _ = scrubNamed(c.Kwargs).(map[string]any)
}

// texts removes all texts of a list.
func texts(list []any) []any {
	out, _ := walk(list, func(string) any { return Scrubbed }).([]any)
	return out
}

// scrubColumns removes the secret columns of a table.
func scrubColumns(fields, data any) any {
	names, _ := fields.([]any)
	rows, _ := data.([]any)
	out := make([]any, len(rows))
	for i, row := range rows {
		cells, _ := row.([]any)
		clean := append([]any{}, cells...)
		for at, name := range names {
			if text, ok := name.(string); ok && secretName.MatchString(text) && at < len(clean) {
				clean[at] = Scrubbed
			}
		}
		out[i] = clean
	}
	return out
}

// scrubAnswer removes what the answer to a call has without a name: the value of a parameter, and the keys of users.
func scrubAnswer(c *Call, answer map[string]any) {
	model, method := cutLast(c.Name)
	key, _ := firstText(c.Args)
	if named, ok := c.Kwargs["key"].(string); ok {
		key = named
	}
	if method == "get_param" && secretName.MatchString(key) {
		for _, member := range []string{"result", "json"} {
			if _, ok := answer[member].(string); ok {
				answer[member] = Scrubbed
			}
		}
	}
	if strings.HasPrefix(model, "res.users.apikeys") {
		scrubMember(answer, "key")
	}
}

// scrubMember removes the texts with a name anywhere in a value.
func scrubMember(v any, name string) {
	switch v := v.(type) {
	case []any:
		for _, element := range v {
			scrubMember(element, name)
		}
	case map[string]any:
		for key, value := range v {
			if _, ok := value.(string); ok && key == name {
				v[key] = Scrubbed
			} else {
				scrubMember(value, name)
			}
		}
	}
}

func firstText(list []any) (string, bool) {
	if len(list) == 0 {
		return "", false
	}
	text, ok := list[0].(string)
	return text, ok
}

func cutLast(name string) (before, after string) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return "", name
	}
	return name[:i], name[i+1:]
}
