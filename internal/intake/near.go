package intake

import (
	"slices"
	"strings"
)

const (
	nearEdits   = 2   // a slip of the pen; more is another word
	namesListed = 8   // in a hint
	guessBudget = 200 // names looked up per file: each is compared with the whole catalogue
)

// near is the candidate that a misspelt name most likely means, or "".
func near(name string, candidates []string) string {
	best, fewest := "", nearEdits+1
	folded := fold(name)
	for _, c := range candidates {
		if d := distance(folded, fold(c)); d < fewest && d < len(folded) {
			best, fewest = c, d
		}
	}
	return best
}

// fold makes names comparable in any case.
func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// distance is the number of letters to insert, drop or exchange between two
// names (Levenshtein), or a number beyond nearEdits.
func distance(a, b string) int {
	if gap := len(a) - len(b); gap > nearEdits || gap < -nearEdits {
		return nearEdits + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			edit := diagonal
			if a[i] != b[j] {
				edit++
			}
			diagonal = row[j+1]
			row[j+1] = min(edit, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// suggestion is the hint for a name that is not known: the one probably meant,
// else all there are, where they are few.
func suggestion(name string, known []string) string {
	if guess := near(name, known); guess != "" {
		return "did you mean " + guess + "?"
	}
	if len(known) == 0 || len(known) > namesListed {
		return ""
	}
	sorted := slices.Sorted(slices.Values(known))
	return "write one of " + strings.Join(sorted, ", ")
}
