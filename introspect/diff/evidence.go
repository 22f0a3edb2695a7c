package diff

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// evidence is what speaks for two things being the same: each clue has a weight, the probability that it alone gives.
// Clues are taken as independent of each other.
type evidence struct {
	clues []clue
	doubt float64 // what speaks against it: a factor on the confidence, 0 is none
}

type clue struct {
	weight float64
	text   string
}

func (e *evidence) add(weight float64, format string, args ...any) {
	if weight > 0 {
		e.clues = append(e.clues, clue{weight, fmt.Sprintf(format, args...)})
	}
}

// against lowers the confidence by a part.
func (e *evidence) against(part float64) { e.doubt = 1 - (1-e.doubt)*(1-part) }

func (e *evidence) confidence() float64 {
	miss := 1.0
	for _, c := range e.clues {
		miss *= 1 - c.weight
	}
	return (1 - miss) * (1 - e.doubt)
}

// match is the evidence for people: the strongest clue first, the confidence in whole percents.
func (e *evidence) match() *Match {
	slices.SortStableFunc(e.clues, func(a, b clue) int { return cmp.Compare(b.weight, a.weight) })
	m := &Match{Confidence: math.Round(e.confidence()*100) / 100}
	for _, c := range e.clues {
		m.Evidence = append(m.Evidence, c.text)
	}
	return m
}

// pair is a guess: that the old thing is the new one.
type pair struct {
	old, new int
	evidence evidence
}

// assign takes the surest of the guesses first, and each thing once. Guesses that are less sure than the least are none.
func assign(guesses []pair, least float64) []pair {
	slices.SortStableFunc(guesses, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.evidence.confidence(), a.evidence.confidence()), a.old-b.old, a.new-b.new)
	})
	old, new := map[int]bool{}, map[int]bool{}
	var taken []pair
	for _, g := range guesses {
		if g.evidence.confidence() < least {
			break
		}
		if old[g.old] || new[g.new] {
			continue
		}
		old[g.old], new[g.new] = true, true
		taken = append(taken, g)
	}
	return taken
}
