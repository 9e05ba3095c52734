package programme

import (
	"database/sql/driver"
	"fmt"
	"iter"
	"strings"
)

// Range is one period, or several of one frequency in a row, both ends
// included: 2024, or 2024-07/2025-06. The zero value is none.
type Range struct {
	From, To Period
}

// ParseRange reads a period, or two joined by a slash.
func ParseRange(text string) (Range, error) {
	first, last, two := strings.Cut(text, "/")
	from, err := ParsePeriod(first)
	if err != nil {
		return Range{}, err
	}
	if !two {
		return Range{from, from}, nil
	}
	to, err := ParsePeriod(last)
	if err != nil {
		return Range{}, err
	}
	if from.frequency != to.frequency {
		return Range{}, fmt.Errorf("%q joins a %s and a %s: write both ends alike, such as 2024-07/2025-06",
			text, from.frequency.Noun(), to.frequency.Noun())
	}
	if to.Compare(from) < 0 {
		return Range{}, fmt.Errorf("%q ends before it begins: write the earlier end first", text)
	}
	return Range{from, to}, nil
}

// IsZero reports whether r is no range.
func (r Range) IsZero() bool { return r.From.IsZero() }

// First is the range's first day.
func (r Range) First() Date { return r.From.First() }

// Last is the range's last day.
func (r Range) Last() Date { return r.To.Last() }

// String is the range as [ParseRange] reads it.
func (r Range) String() string {
	if r.From == r.To {
		return r.From.String()
	}
	return r.From.String() + "/" + r.To.String()
}

// MarshalText writes the range as [Range.String] does.
func (r Range) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads a range with [ParseRange]; nothing is no range.
func (r *Range) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*r = Range{}
		return nil
	}
	parsed, err := ParseRange(string(text))
	if err != nil {
		return err
	}
	*r = parsed
	return nil
}

// Value hands the range to a database as text; none is null.
func (r Range) Value() (driver.Value, error) {
	if r.IsZero() {
		return nil, nil //nolint:nilnil // null is the value
	}
	return r.String(), nil
}

// Scan takes a range from a database; null is none.
func (r *Range) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*r = Range{}
		return nil
	case []byte:
		return r.UnmarshalText(v)
	case string:
		return r.UnmarshalText([]byte(v))
	}
	return fmt.Errorf("a %T is not a range of periods", src)
}

// Run is a number of periods in a row, the first of them given; N may be 0.
type Run struct {
	First Period
	N     int
}

// Ending is the run of a frequency's periods whose last day is after one date
// and not after another: in (after, until].
func Ending(f Frequency, after, until Date) Run {
	first := LastEndedBy(f, after).Next()
	return Run{first, max(0, LastEndedBy(f, until).Sub(first)+1)}
}

// Within is the run of a frequency's periods whose last day lies in r.
func (r Range) Within(f Frequency) Run { return Ending(f, r.First()-1, r.Last()) }

// Last is the run's last period, or none where N is 0.
func (r Run) Last() Period {
	if r.N == 0 {
		return Period{}
	}
	return r.First.Plus(r.N - 1)
}

// Index is the place of p in the run, from 0, and whether it is in it.
func (r Run) Index(p Period) (int, bool) {
	if p.frequency != r.First.frequency {
		return 0, false
	}
	i := p.Sub(r.First)
	return i, i >= 0 && i < r.N
}

// All yields the run's periods in order.
func (r Run) All() iter.Seq[Period] {
	return func(yield func(Period) bool) {
		for i := range r.N {
			if !yield(r.First.Plus(i)) {
				return
			}
		}
	}
}
