package intake

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/citygauge/citygauge/internal/programme"
)

const (
	namesListed = 8   // in a hint
	guessBudget = 200 // names looked up per file: each is compared with the whole catalogue
)

// fold makes names comparable in any case, and however their accents are put
// together.
func fold(name string) string {
	return norm.NFC.String(strings.ToLower(strings.TrimFunc(name, isUnseen)))
}

// suggestion is the hint for a name that is not known: the one probably meant,
// else all there are, where they are few.
func suggestion(name string, known []string) string {
	if guess := programme.Nearest(name, known); guess != "" {
		return "did you mean " + guess + "?"
	}
	if len(known) == 0 || len(known) > namesListed {
		return ""
	}
	sorted := slices.Sorted(slices.Values(known))
	return "write one of " + strings.Join(sorted, ", ")
}
