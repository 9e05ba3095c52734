package programme

import (
	"fmt"
	"strings"
)

// Frequency is how often an indicator has a value. The zero value is none.
type Frequency uint8

// The frequencies, from the shortest period to the longest.
const (
	Daily Frequency = iota + 1
	Weekly
	Monthly
	Quarterly
	Annual
)

var frequencies = [...]struct {
	name, noun, example string
	perYear             int
}{
	Daily:     {"daily", "day", "2025-03-15", 365},
	Weekly:    {"weekly", "week", "2025-W05", 52},
	Monthly:   {"monthly", "month", "2025-03", 12},
	Quarterly: {"quarterly", "quarter", "2025-Q1", 4},
	Annual:    {"annual", "year", "2025", 1},
}

// Frequencies lists every frequency.
func Frequencies() []Frequency {
	return []Frequency{Daily, Weekly, Monthly, Quarterly, Annual}
}

// ParseFrequency reads a frequency by its name.
func ParseFrequency(name string) (Frequency, error) {
	for _, f := range Frequencies() {
		if f.String() == name {
			return f, nil
		}
	}
	return 0, fmt.Errorf("%q is not a frequency: write one of %s", name, joinWords(Frequencies()))
}

func (f Frequency) valid() bool { return f >= Daily && f <= Annual }

// String is the frequency's name, such as "monthly".
func (f Frequency) String() string {
	if !f.valid() {
		return ""
	}
	return frequencies[f].name
}

// Noun is what one period is called, such as "month".
func (f Frequency) Noun() string {
	if !f.valid() {
		return "period"
	}
	return frequencies[f].noun
}

// Example is a period as it is written, such as "2025-03".
func (f Frequency) Example() string {
	if !f.valid() {
		return ""
	}
	return frequencies[f].example
}

// PerYear is the number of periods that a rolling year has: 365 days, 52
// weeks, 12 months, 4 quarters or 1 year.
func (f Frequency) PerYear() int {
	if !f.valid() {
		return 0
	}
	return frequencies[f].perYear
}

// MarshalText writes the frequency's name.
func (f Frequency) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads a frequency's name.
func (f *Frequency) UnmarshalText(text []byte) error {
	parsed, err := ParseFrequency(string(text))
	if err != nil {
		return err
	}
	*f = parsed
	return nil
}

// Scan takes a frequency's name from a database.
func (f *Frequency) Scan(src any) error {
	switch v := src.(type) {
	case []byte:
		return f.UnmarshalText(v)
	case string:
		return f.UnmarshalText([]byte(v))
	}
	return fmt.Errorf("a %T is not a frequency", src)
}

func joinWords[T fmt.Stringer](words []T) string {
	names := make([]string, len(words))
	for i, w := range words {
		names[i] = w.String()
	}
	return strings.Join(names, ", ")
}
