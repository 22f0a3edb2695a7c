package diff

import (
	"math"
	"slices"
	"strings"
)

// wordsOf are the words of a technical name or a label, in lower case and in the singular. The endings _id and _ids, which
// only repeat the type, are none.
func wordsOf(text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(strings.ToLower(text), isSeparator) {
		if w == "id" || w == "ids" {
			continue
		}
		out = append(out, singular(w))
	}
	return out
}

func isSeparator(r rune) bool { return strings.ContainsRune("._- /()#?!,:&'\"", r) }

// shortestPlural is the length from which an s at the end is treated as that of a plural.
const shortestPlural = 4

func singular(w string) string {
	if len(w) >= shortestPlural && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") {
		return w[:len(w)-1]
	}
	return w
}

// vocabulary weighs words by how rare they are: "is" and "account" say less than "nomenclature".
type vocabulary struct {
	count  map[string]float64
	total  float64
	weight map[string]float64 // made when learning is over
}

func (v *vocabulary) learn(words []string) {
	if v.count == nil {
		v.count = map[string]float64{}
	}
	for _, w := range words {
		v.count[w]++
		v.total++
	}
}

// weigh ends the learning.
func (v *vocabulary) weigh() {
	v.weight = make(map[string]float64, len(v.count))
	for word, n := range v.count {
		v.weight[word] = math.Log(1 + (1+v.total)/(1+n))
	}
}

// of is the weight of a word; one that was never seen is as rare as can be.
func (v *vocabulary) of(word string) float64 {
	if w, ok := v.weight[word]; ok {
		return w
	}
	return math.Log(2 + v.total)
}

// likeness is how much of their words two texts share, weighed by how rare they are: 0 is nothing, 1 everything.
func (v *vocabulary) likeness(a, b []string) float64 {
	var common, all float64
	for _, w := range a {
		all += v.of(w)
		if slices.Contains(b, w) {
			common += v.of(w)
		}
	}
	for _, w := range b {
		all += v.of(w)
		if slices.Contains(a, w) {
			common += v.of(w)
		}
	}
	if all == 0 {
		return 0
	}
	return common / all
}

// opposites are words that mean the contrary of each other.
var opposites = map[string]string{
	"show": "hide", "enable": "disable", "include": "exclude", "allow": "forbid", "inbound": "outbound", "incoming": "outgoing",
	"debit": "credit", "min": "max", "start": "end", "before": "after", "first": "last", "payable": "receivable", "visible": "invisible",
	"src": "dest", "source": "destination", "internal": "external", "public": "private", "open": "close",
}

// opposed reports whether two names differ in a word and its contrary.
func opposed(old, new []string) bool {
	was, is, ok := changedWord(old, new)
	return ok && (opposites[was] == is || opposites[is] == was)
}
