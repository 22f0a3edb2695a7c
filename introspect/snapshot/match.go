package snapshot

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Match keeps the models that match a pattern:
//
//	sale.*          a name or a glob of names
//	module:sale_*   the models that a module defines or extends
//	!sale.report*   none of those, whatever else matches; only such patterns keep all the others
//
// No patterns keep all. The patterns that match no model are given too. A pattern that is none is an error.
func Match(models []Model, patterns []string) (matched []Model, unmatched []string, err error) {
	chosen, excluded := map[string]bool{}, map[string]bool{}
	inclusive := false
	for _, pattern := range patterns {
		p, exclusive := strings.CutPrefix(pattern, "!")
		marked := chosen
		if exclusive {
			marked = excluded
		} else {
			inclusive = true
		}
		if _, err := path.Match(p, ""); err != nil {
			return nil, nil, fmt.Errorf("%q is not a pattern: it has a [ without its ], or ends in a backslash", pattern)
		}
		if !mark(models, p, marked) {
			unmatched = append(unmatched, pattern)
		}
	}
	matched = slices.DeleteFunc(slices.Clone(models), func(m Model) bool { return excluded[m.Name] || inclusive && !chosen[m.Name] })
	return matched, unmatched, nil
}

// mark notes the models that match a pattern, and reports whether there are any.
func mark(models []Model, pattern string, marked map[string]bool) (found bool) {
	module, ofModule := strings.CutPrefix(pattern, "module:")
	for _, m := range models {
		names := []string{m.Name}
		if ofModule {
			pattern, names = module, m.Modules
		}
		if slices.ContainsFunc(names, func(name string) bool { ok, _ := path.Match(pattern, name); return ok }) {
			marked[m.Name], found = true, true
		}
	}
	return found
}

// shortestHint is the length of a word that says something about a model.
const shortestHint = 3

// Suggest returns "; did you mean …?" with the models whose names resemble the pattern, or "" if there are none.
func Suggest(pattern string, models []Model) string {
	words := strings.FieldsFunc(pattern, func(r rune) bool { return strings.ContainsRune("._*?[]", r) })
	type hit struct {
		name  string
		score int
	}
	var hits []hit
	for _, m := range models {
		score := 0
		for _, w := range words {
			if w = strings.TrimSuffix(w, "s"); len(w) >= shortestHint && strings.Contains(m.Name, w) {
				score++
			}
		}
		if score > 0 && 2*score >= len(words) {
			hits = append(hits, hit{m.Name, score})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(b.score-a.score, len(a.name)-len(b.name), strings.Compare(a.name, b.name))
	})
	var names []string
	for _, h := range hits[:min(3, len(hits))] {
		names = append(names, h.name)
	}
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(names, ", ") + "?"
}
