package declare

import (
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
)

// suggestion is a hint for a word that is not known: the known one it was
// probably meant to be, or else all of them.
func suggestion(word string, known []string) string {
	if near := programme.Nearest(word, known); near != "" {
		return "did you mean " + near + "?"
	}
	return "known are " + strings.Join(known, ", ")
}
