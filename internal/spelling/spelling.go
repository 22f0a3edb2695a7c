// Package spelling writes words in messages: the correct name of a misspelled one, and numbers of things.
package spelling

import "iter"

// Hint returns "; did you mean email?" with the name that has the smallest edit distance to the misspelled one, or "" if
// none is similar.
func Hint(misspelled string, names iter.Seq[string]) string {
	best, least := "", 1+len(misspelled)/4
	for name := range names {
		if n := distance(misspelled, name); n <= least {
			best, least = name, n-1
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// distance returns the edit distance of two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
