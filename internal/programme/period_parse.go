package programme

import (
	"errors"
	"fmt"
	"time"
)

// ErrPeriod is the error of a text that is no period.
var ErrPeriod = errors.New("not a period")

// ParsePeriod reads a period as ISO 8601 writes it, and nothing else: the
// frequency follows from the form. Its error wraps [ErrPeriod].
func ParsePeriod(text string) (Period, error) {
	var p Period
	var ok bool
	switch len(text) {
	case len("2026"):
		p, ok = parseYear(text)
	case len("2026-03"):
		p, ok = parseMonthOrQuarter(text)
	case len("2026-W05"):
		p, ok = parseWeek(text)
	case len("2026-03-15"):
		d, err := ParseDate(text)
		p, ok = PeriodOf(Daily, d), err == nil
	}
	if !ok {
		return Period{}, fmt.Errorf("%q is %w: write a year 2026, quarter 2026-Q1, month 2026-03, ISO week 2026-W05 or day 2026-03-15", text, ErrPeriod)
	}
	return p, nil
}

func parseYear(text string) (Period, bool) {
	year, ok := digits(text)
	return Period{Annual, int32(year)}, ok && year > 0
}

func parseMonthOrQuarter(text string) (Period, bool) {
	year, ok := digits(text[:4])
	if !ok || year == 0 || text[4] != '-' {
		return Period{}, false
	}
	if text[5] == 'Q' {
		quarter, ok := digits(text[6:])
		return Period{Quarterly, int32(year*quartersPerYear + quarter - 1)}, ok && quarter >= 1 && quarter <= quartersPerYear
	}
	month, ok := digits(text[5:])
	return Period{Monthly, int32(year*monthsPerYear + month - 1)}, ok && month >= 1 && month <= monthsPerYear
}

func parseWeek(text string) (Period, bool) {
	year, ok := digits(text[:4])
	if !ok || year == 0 || text[4:6] != "-W" {
		return Period{}, false
	}
	week, ok := digits(text[6:])
	if !ok || week < 1 || week > weeksIn(year) {
		return Period{}, false
	}
	// The last week of 9999 ends where no date can be written.
	p := isoWeek(year, week)
	return p, p.First() >= MinDate && p.Last() <= MaxDate
}

func digits(text string) (n int, ok bool) {
	for i := range len(text) {
		c := text[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(text) > 0
}

// Month is the period of a month.
func Month(year int, month time.Month) Period {
	return PeriodOf(Monthly, NewDate(year, month, 1))
}
