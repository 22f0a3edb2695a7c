package introspect

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Match keeps the models whose names match a pattern, a name or a glob such as "sale.*"; no patterns keep all. The
// patterns that match no model are given too. A pattern that is none is an error.
func Match(models []Model, patterns []string) (matched []Model, unmatched []string, err error) {
	if len(patterns) == 0 {
		return models, nil, nil
	}
	chosen := map[string]bool{}
	for _, p := range patterns {
		if _, err := path.Match(p, ""); err != nil {
			return nil, nil, fmt.Errorf("%q is not a pattern: it has a [ without its ], or ends in a backslash", p)
		}
		found := false
		for _, m := range models {
			if ok, _ := path.Match(p, m.Name); ok {
				chosen[m.Name], found = true, true
			}
		}
		if !found {
			unmatched = append(unmatched, p)
		}
	}
	matched = slices.DeleteFunc(slices.Clone(models), func(m Model) bool { return !chosen[m.Name] })
	return matched, unmatched, nil
}

func isGlob(pattern string) bool { return strings.ContainsAny(pattern, "*?[") }

// shortestHint is the length of a word that says something about a model.
const shortestHint = 3

// suggest names models that the writer may have meant.
func suggest(pattern string, models []Model) string {
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
