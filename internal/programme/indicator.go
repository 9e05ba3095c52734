package programme

import "math"

// Largest is the largest magnitude that a value of an indicator, baseline or
// target may have; beyond it, whole numbers are no longer exact.
const Largest = 1e15

// DefaultDueDays is the number of days after a period's end in which its value
// is due.
const DefaultDueDays = 30

const maxDecimals, maxDueDays = 12, 3660

// Indicator is a number by which a city knows whether what it does is working.
type Indicator struct {
	City       string // slug
	ID         string // slug, unique in its city
	Title      string
	Definition string
	Unit       string
	Problem    string // slug, or empty
	Lens       Lens
	Kind       Kind
	Decimals   int // for display only
	Frequency  Frequency
	Direction  Direction
	Measure    Measure
	Plausible  Bounds
	// DueDays is the number of days after a period's end in which its value is due.
	DueDays int
	// JudgeProvisional has provisional and estimated values judged like final ones.
	JudgeProvisional bool
	// Breaks are the days from which a changed definition applies; nothing is
	// computed across one.
	Breaks []Date
	Owner  string // the department that answers for it
	Source string // where the numbers come from
}

// Bounds are the least and the greatest plausible value, both included; nil is
// no bound.
type Bounds struct {
	Min, Max *float64
}

// Hold reports whether a value is plausible.
func (b Bounds) Hold(v float64) bool {
	return (b.Min == nil || v >= *b.Min) && (b.Max == nil || v <= *b.Max)
}

// Finite reports whether v is a number of a magnitude that can be judged.
func Finite(v float64) bool { return math.Abs(v) <= Largest }

func (i Indicator) check(fs *faults) {
	fs.slug("indicator", i.ID)
	fs.text("title", i.Title)
	fs.text("unit", i.Unit)
	fs.text("definition", i.Definition)
	fs.text("owner", i.Owner)
	fs.text("source", i.Source)
	if i.Title == "" {
		fs.refuse("title", "write a title that a citizen understands", "indicator %s has no title", i.ID)
	}
	if i.Unit == "" {
		fs.refuse("unit", "write what is counted or measured, such as incidents or %", "indicator %s has no unit", i.ID)
	}
	if i.Problem != "" {
		fs.slug("problem", i.Problem)
	}
	word(fs, "lens", i.Lens, Lenses)
	word(fs, "kind", i.Kind, Kinds)
	word(fs, "direction", i.Direction, Directions)
	word(fs, "measure", i.Measure, Measures)
	if !i.Frequency.valid() {
		fs.refuse("frequency", "write one of "+joinWords(Frequencies()), "indicator %s has no frequency", i.ID)
	}
	if i.Decimals < 0 || i.Decimals > maxDecimals {
		fs.refuse("decimals", "write a number from 0 to 12", "decimals is %d", i.Decimals)
	}
	if i.DueDays < 0 || i.DueDays > maxDueDays {
		fs.refuse("due_days", "write the days after a period's end in which its value is due", "due_days is %d", i.DueDays)
	}
	i.Plausible.check(fs, i.Kind)
	for _, b := range i.Breaks {
		if b.IsZero() {
			fs.refuse("breaks", dateDescribed, "a break has no date")
		}
	}
}

func (b Bounds) check(fs *faults, kind Kind) {
	for _, bound := range []*float64{b.Min, b.Max} {
		if bound != nil && !Finite(*bound) {
			fs.refuse("plausible", "write a number up to 1e15", "a plausible bound is %v", *bound)
		}
	}
	if b.Min != nil && b.Max != nil && *b.Min > *b.Max {
		fs.refuse("plausible", "write the smaller one as min", "plausible values go from %v to %v", *b.Min, *b.Max)
	}
	if kind == Count && b.Max != nil && *b.Max < 0 {
		fs.refuse("plausible", "write a max of 0 or more, or kind quantity", "a count cannot be below 0, but its plausible max is %v", *b.Max)
	}
}
