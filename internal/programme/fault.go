package programme

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Noun names a kind of thing that a programme declares.
type Noun string

// The nouns, in the order in which they build on each other.
const (
	CohortNoun       Noun = "cohort"
	CityNoun         Noun = "city"
	IndicatorNoun    Noun = "indicator"
	TargetNoun       Noun = "target"
	InterventionNoun Noun = "intervention"
	SourceNoun       Noun = "source"
)

// Fault is something wrong with a declared thing, or worth a second look: an
// error refuses the programme, a warning is reported.
type Fault struct {
	Noun    Noun
	Index   int    // which of its noun, from 0
	Field   string // as declared, such as "plausible.min"; empty for the whole
	Message string // what is wrong, in words
	Hint    string // what to do about it
	Warning bool
}

func (f Fault) Error() string {
	text := f.Message
	if f.Hint != "" {
		text += ": " + f.Hint
	}
	return text
}

// faults gathers what is wrong with one declared thing.
type faults struct {
	noun  Noun
	index int
	list  []Fault
}

func (fs *faults) refuse(field, hint, format string, args ...any) {
	fs.list = append(fs.list, Fault{Noun: fs.noun, Index: fs.index, Field: field, Hint: hint, Message: fmt.Sprintf(format, args...)})
}

func (fs *faults) warn(field, hint, format string, args ...any) {
	fs.refuse(field, hint, format, args...)
	fs.list[len(fs.list)-1].Warning = true
}

// word refuses a value outside its vocabulary.
func word[T ~string](fs *faults, field string, value T, known []T) {
	if slices.Contains(known, value) {
		return
	}
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = string(k)
	}
	fs.refuse(field, "write one of "+strings.Join(names, ", "), "%s is %q", field, value)
}

// text refuses what no database can keep and nobody means to write: text that is
// not UTF-8, or has control characters other than line ends and tabs.
func (fs *faults) text(field, value string) {
	control := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }
	if !utf8.ValidString(value) || strings.ContainsFunc(value, control) {
		fs.refuse(field, "type it anew", "%s has characters that cannot be shown", field)
	}
}

// slug refuses an identifier that is no slug.
func (fs *faults) slug(field, value string) {
	if !IsSlug(value) {
		fs.refuse(field, "write 1 to 40 of the characters a-z, 0-9 and -", "%s %q is not an identifier", field, value)
	}
}

const slugLimit = 40

// IsSlug reports whether text can identify a city, cohort, indicator or
// problem: 1 to 40 lower-case letters, digits and hyphens.
func IsSlug(text string) bool {
	if len(text) == 0 || len(text) > slugLimit {
		return false
	}
	for i := range len(text) {
		c := text[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}
