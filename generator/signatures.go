package generator

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// methodList is what the configuration says of the methods of some models: signatures as Python has them, and names or
// globs of those to generate, or with a "!" of those not to.
type methodList struct {
	signatures []snapshot.Method
	patterns   []string
}

func parseMethods(entries []string) (methodList, error) {
	var list methodList
	for _, entry := range entries {
		if !strings.Contains(entry, "(") {
			if _, err := path.Match(entry, ""); err != nil {
				return list, fmt.Errorf("%q is not a pattern", entry)
			}
			list.patterns = append(list.patterns, entry)
			continue
		}
		m, err := parseSignature(entry)
		if err != nil {
			return list, fmt.Errorf("%q is no signature, such as \"name(a: int, *, b: str = '') -> bool\": %w", entry, err)
		}
		list.signatures = append(list.signatures, m)
	}
	return list, nil
}

// keeps tells whether a method is to be generated.
func (l methodList) keeps(m snapshot.Method) bool {
	keep := !slices.ContainsFunc(l.patterns, func(p string) bool { return !strings.HasPrefix(p, "!") })
	for _, p := range l.patterns {
		p, exclusive := strings.CutPrefix(p, "!")
		if ok, _ := path.Match(p, m.Name); ok {
			keep = !exclusive
		}
	}
	return keep || m.Source == snapshot.SourceConfig
}

// add puts the signatures in place of what was known of the methods of a model.
func (l methodList) add(methods []snapshot.Method) []snapshot.Method {
	byName := map[string]snapshot.Method{}
	for _, m := range methods {
		byName[m.Name] = m
	}
	for _, m := range l.signatures {
		known := byName[m.Name]
		m.Label, m.Module, m.Doc = known.Label, known.Module, known.Doc
		byName[m.Name] = m
	}
	return slices.SortedFunc(maps.Values(byName), func(a, b snapshot.Method) int { return cmp.Compare(a.Name, b.Name) })
}

// unknown are the names and globs in the list that match no method of the models. A glob that excludes nothing does no
// harm, nor does one for models of which the snapshot has no methods at all.
func (l methodList) unknown(models []snapshot.Model) (patterns []string) {
	none := !slices.ContainsFunc(models, func(m snapshot.Model) bool { return len(m.Methods) > 0 })
	for _, p := range l.patterns {
		p, exclusive := strings.CutPrefix(p, "!")
		has := func(m snapshot.Model) bool {
			return slices.ContainsFunc(m.Methods, func(m snapshot.Method) bool { ok, _ := path.Match(p, m.Name); return ok })
		}
		if isGlob(p) && (exclusive || none) || slices.ContainsFunc(models, has) {
			continue
		}
		patterns = append(patterns, p)
	}
	return patterns
}

func isGlob(pattern string) bool { return strings.ContainsAny(pattern, `*?[\`) }

// methodLists are the settings of methods, by model in the order of the globs that match it. A glob that matches none, or
// an entry that makes no sense, is an error.
func methodLists(models []snapshot.Model, c Config) (map[string][]methodList, error) {
	lists := map[string][]methodList{}
	var wrong []string
	for _, glob := range slices.Sorted(maps.Keys(c.Methods)) {
		list, err := parseMethods(c.Methods[glob])
		matched, unmatched, noGlob := snapshot.Match(models, []string{glob})
		switch {
		case err != nil:
			wrong = append(wrong, glob+": "+err.Error())
		case noGlob != nil || len(unmatched) > 0:
			wrong = append(wrong, "the snapshot has no model "+glob)
		}
		for _, m := range matched {
			lists[m.Name] = append(lists[m.Name], list)
		}
	}
	if len(wrong) > 0 {
		return nil, fmt.Errorf("%s: methods: %s", ConfigFile, strings.Join(wrong, "; "))
	}
	return lists, nil
}

// AddMethods puts the signatures of the configuration into a snapshot.
func AddMethods(s *snapshot.Schema, c Config) error {
	lists, err := methodLists(s.Models, c)
	if err != nil {
		return err
	}
	s.Models = slices.Clone(s.Models)
	for i := range s.Models {
		for _, list := range lists[s.Models[i].Name] {
			s.Models[i].Methods = list.add(s.Models[i].Methods)
		}
	}
	return checkMethodNames(s.Models, c)
}

// AddSignatures is AddMethods for a pull, which may be without some of the models that the configuration speaks of. What
// makes no sense is for Generate to report.
func AddSignatures(s *snapshot.Schema, c Config) error {
	return AddMethods(s, Config{Methods: fitMethods(c, s, nil)})
}

// checkMethodNames refuses a list of methods with a name or a glob that no method of its models has.
func checkMethodNames(models []snapshot.Model, c Config) error {
	var wrong []string
	for _, glob := range slices.Sorted(maps.Keys(c.Methods)) {
		list, _ := parseMethods(c.Methods[glob])
		matched, _, _ := snapshot.Match(models, []string{glob})
		for _, name := range list.unknown(matched) {
			example := name
			if isGlob(name) {
				example = "name"
			}
			wrong = append(wrong, fmt.Sprintf("%s: the snapshot has no method %s; one that Odoo does not tell of needs its signature: '%s()'", glob, name, example))
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%s: methods: %s", ConfigFile, strings.Join(wrong, "; "))
	}
	return nil
}

var signature = regexp.MustCompile(`^\s*(@(?:api\.)?model\s+)?(?:def\s+)?([A-Za-z][A-Za-z0-9_]*)\s*\((.*)\)\s*(?:->\s*([^:]+?))?\s*:?\s*$`)

// parseSignature reads a method as Python declares it: with or without def and self, after @api.model if it is called on
// the model.
func parseSignature(text string) (snapshot.Method, error) {
	parts := signature.FindStringSubmatch(strings.Join(strings.Fields(text), " "))
	if parts == nil {
		return snapshot.Method{}, errors.New("want a name, and arguments in parentheses")
	}
	m := snapshot.Method{Name: parts[2], Source: snapshot.SourceConfig, OfModel: parts[1] != "", Returns: parts[4]}
	arguments, err := splitArguments(parts[3])
	if err != nil {
		return m, err
	}
	kind := snapshot.PositionalOrKeyword
	for i, a := range arguments {
		switch {
		case i == 0 && (a == "self" || a == "cls"):
		case a == "/":
			for j := range m.Params {
				m.Params[j].Kind = snapshot.PositionalOnly
			}
		case a == "*" && kind == snapshot.KeywordOnly:
			return m, errors.New("it has two *")
		case a == "*":
			kind = snapshot.KeywordOnly
		default:
			p, err := parseParam(a, kind)
			if err != nil {
				return m, err
			}
			if m.Params = append(m.Params, p); p.Kind == snapshot.VarPositional {
				kind = snapshot.KeywordOnly
			}
		}
	}
	return m, m.Check()
}

var param = regexp.MustCompile(`^(\*{0,2})([A-Za-z_][A-Za-z0-9_]*) ?(?:: ?([^=]+?))? ?(?:= ?(.+))?$`)

func parseParam(text string, kind snapshot.ParamKind) (snapshot.Param, error) {
	parts := param.FindStringSubmatch(text)
	if parts == nil {
		return snapshot.Param{}, fmt.Errorf("%q is no argument", text)
	}
	p := snapshot.Param{Name: parts[2], Kind: kind, Annotation: parts[3], Optional: parts[4] != "", Default: defaultValue(parts[4])}
	switch parts[1] {
	case "*":
		p.Kind = snapshot.VarPositional
	case "**":
		p.Kind = snapshot.VarKeyword
	}
	return p, nil
}

// splitArguments cuts at the commas that are not within brackets or texts.
func splitArguments(text string) (out []string, err error) {
	depth, start := 0, 0
	var quote rune
	for i, r := range text + "," {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			quote = r
		case strings.ContainsRune("([{", r):
			depth++
		case strings.ContainsRune(")]}", r):
			depth--
		case r == ',' && depth == 0:
			if a := strings.TrimSpace(text[start:i]); a != "" {
				out = append(out, a)
			}
			start = i + 1
		}
	}
	if depth != 0 || quote != 0 {
		return nil, errors.New("a bracket or a quote is not closed")
	}
	return out, nil
}

// defaultValue is a default of Python's in JSON, if it is a simple one.
func defaultValue(python string) json.RawMessage {
	switch python {
	case "None":
		return json.RawMessage("null")
	case "True", "False":
		return json.RawMessage(strings.ToLower(python))
	}
	if inner, ok := strings.CutPrefix(python, "'"); ok {
		python = strconv.Quote(strings.TrimSuffix(inner, "'"))
	}
	if json.Valid([]byte(python)) {
		return json.RawMessage(python)
	}
	return nil
}
