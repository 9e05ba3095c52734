package programme

import "strings"

// slips is how many slips of the pen a misspelt name may have; more is another
// name.
const slips = 2

// Nearest is the name that a misspelt one was probably meant to be, whatever
// the case, or nothing.
func Nearest(name string, known []string) string {
	best, fewest := "", slips+1
	name = strings.ToLower(strings.TrimSpace(name))
	for _, k := range known {
		// Words of three letters are all two slips from each other.
		if n := distance(name, strings.ToLower(k)); n < fewest && n <= len(k)/2 {
			best, fewest = k, n
		}
	}
	return best
}

// distance is the number of letters to insert, drop or exchange between two
// names (Levenshtein), or a number beyond slips.
func distance(a, b string) int {
	if gap := len(a) - len(b); gap > slips || gap < -slips {
		return slips + 1
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
