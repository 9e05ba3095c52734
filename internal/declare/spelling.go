package declare

import "strings"

// suggestion is a hint for a word that is not known: the known one it was
// probably meant to be, or else all of them.
func suggestion(word string, known []string) string {
	if near := nearest(word, known); near != "" {
		return "did you mean " + near + "?"
	}
	return "known are " + strings.Join(known, ", ")
}

// nearest is the known word that is a slip of the pen away, or nothing.
func nearest(word string, known []string) string {
	best, least := "", 3
	word = strings.ToLower(word)
	for _, k := range known {
		// Words of three letters are all two slips from each other.
		if d := distance(word, k); d < least && d <= len(k)/2 {
			best, least = k, d
		}
	}
	return best
}

// distance is that of Levenshtein, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
