package programme

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"time"
)

// Period is the stretch of days that one observation speaks of: a day, an ISO
// week, a month, a quarter or a year. Periods are comparable and may be map
// keys; the zero value is no period.
type Period struct {
	frequency Frequency
	// ordinal counts periods of the same frequency: days as Date does, weeks
	// since that of 0001-01-01 (a Monday), months, quarters and years since
	// the year 0.
	ordinal int32
}

const quartersPerYear, monthsPerYear, monthsPerQuarter, daysPerWeek = 4, 12, 3, 7

// PeriodOf is the period of a frequency that holds a date.
func PeriodOf(f Frequency, d Date) Period {
	year, month, _ := d.Civil()
	p := Period{frequency: f}
	switch f {
	case Daily:
		p.ordinal = int32(d)
	case Weekly:
		p.ordinal = int32(floorDiv(int64(d-MinDate), daysPerWeek))
	case Monthly:
		p.ordinal = int32(year*monthsPerYear + int(month) - 1)
	case Quarterly:
		p.ordinal = int32(year*quartersPerYear + (int(month)-1)/monthsPerQuarter)
	case Annual:
		p.ordinal = int32(year)
	default:
		return Period{}
	}
	return p
}

// LastEndedBy is the newest period of a frequency whose last day is d or
// earlier.
func LastEndedBy(f Frequency, d Date) Period {
	p := PeriodOf(f, d)
	if p.Last() > d {
		p = p.Plus(-1)
	}
	return p
}

// IsZero reports whether p is no period.
func (p Period) IsZero() bool { return p.frequency == 0 }

// Frequency is the frequency that p is a period of.
func (p Period) Frequency() Frequency { return p.frequency }

// First is the period's first day.
func (p Period) First() Date {
	n := int(p.ordinal)
	switch p.frequency {
	case Daily:
		return Date(n)
	case Weekly:
		return MinDate + Date(n*daysPerWeek)
	case Monthly:
		return NewDate(n/monthsPerYear, time.Month(n%monthsPerYear+1), 1)
	case Quarterly:
		return NewDate(n/quartersPerYear, time.Month(n%quartersPerYear*monthsPerQuarter+1), 1)
	case Annual:
		return NewDate(n, time.January, 1)
	}
	return 0
}

// Last is the period's last day.
func (p Period) Last() Date {
	if p.IsZero() {
		return 0
	}
	return p.Plus(1).First() - 1
}

// Days is the number of days in the period.
func (p Period) Days() int { return p.Last().Sub(p.First()) + 1 }

// Plus is the period n periods later; n may be negative.
func (p Period) Plus(n int) Period {
	p.ordinal += int32(n)
	return p
}

// Next is the period after p.
func (p Period) Next() Period { return p.Plus(1) }

// Sub is the number of periods from q to p, which are of one frequency.
func (p Period) Sub(q Period) int { return int(p.ordinal) - int(q.ordinal) }

// YearBefore is the period one year earlier: the same month, quarter or date
// (29 February becomes the 28th), the same ISO week (week 53 becomes 52).
func (p Period) YearBefore() Period {
	switch p.frequency {
	case Daily:
		return PeriodOf(Daily, p.First().AddYears(-1))
	case Weekly:
		year, week := p.isoWeek()
		return isoWeek(year-1, min(week, weeksIn(year-1)))
	case Monthly, Quarterly, Annual:
		return p.Plus(-p.frequency.PerYear())
	}
	return p
}

// Compare orders periods by their first day, then the longer before the
// shorter.
func (p Period) Compare(q Period) int {
	if p.frequency == q.frequency {
		return cmp.Compare(p.ordinal, q.ordinal)
	}
	return cmp.Or(cmp.Compare(p.First(), q.First()), cmp.Compare(q.frequency, p.frequency))
}

// String is the period as ISO 8601 writes it: 2026, 2026-Q1, 2026-03,
// 2026-W05 or 2026-03-15; empty for no period.
func (p Period) String() string {
	n := int(p.ordinal)
	switch p.frequency {
	case Daily:
		return p.First().String()
	case Weekly:
		year, week := p.isoWeek()
		return fmt.Sprintf("%04d-W%02d", year, week)
	case Monthly:
		return fmt.Sprintf("%04d-%02d", n/monthsPerYear, n%monthsPerYear+1)
	case Quarterly:
		return fmt.Sprintf("%04d-Q%d", n/quartersPerYear, n%quartersPerYear+1)
	case Annual:
		return fmt.Sprintf("%04d", n)
	}
	return ""
}

// MarshalText writes the period as [Period.String] does.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a period with [ParsePeriod]; nothing is no period.
func (p *Period) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*p = Period{}
		return nil
	}
	parsed, err := ParsePeriod(string(text))
	if err != nil {
		return err
	}
	*p = parsed
	return nil
}

// Value hands the period to a database as text; no period is null.
func (p Period) Value() (driver.Value, error) {
	if p.IsZero() {
		return nil, nil //nolint:nilnil // null is the value
	}
	return p.String(), nil
}

func (p Period) isoWeek() (year, week int) { return p.First().Time().ISOWeek() }

func isoWeek(year, week int) Period {
	// 4 January is always in the first ISO week.
	return PeriodOf(Weekly, NewDate(year, time.January, 4)).Plus(week - 1)
}

func weeksIn(year int) int {
	// 28 December is always in the last ISO week.
	_, week := time.Date(year, time.December, 28, 0, 0, 0, 0, time.UTC).ISOWeek()
	return week
}
