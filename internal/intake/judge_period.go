package intake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/citygauge/citygauge/internal/programme"
)

// standsFor is the period that a spreadsheet's date stands for: the one that it
// begins or ends, as March 2025 is a date in March to a spreadsheet. Any other
// date stays the day that it is. A week may be said by its Monday alone, since
// a Sunday begins one to some and ends one to others.
func standsFor(day programme.Period, f programme.Frequency) programme.Period {
	p := programme.PeriodOf(f, day.First())
	if day.First() == p.First() || day.First() == p.Last() && f != programme.Weekly {
		return p
	}
	return day
}

func periodExample(i *programme.Indicator) string {
	return "a " + i.Frequency.Noun() + " such as " + i.Frequency.Example()
}

// periodHint is what to write instead of a text that is no period. Such texts
// are never read as the period that they probably mean; but where that is
// clear, the hint says it.
func periodHint(text string, i *programme.Indicator) string {
	if i == nil {
		return "write a year 2026, quarter 2026-Q1, month 2026-03, ISO week 2026-W05 or day 2026-03-15; where a spreadsheet changes it, format the column as text"
	}
	if p, ok := probably(text); ok {
		if p.Frequency() == programme.Daily {
			p = standsFor(p, i.Frequency)
		}
		if p.Frequency() == i.Frequency {
			return meant(p)
		}
	}
	hint := "write " + periodExample(i) + "; where a spreadsheet changes it, format the column as text"
	if !strings.ContainsFunc(text, unicode.IsDigit) {
		hint += "; remove the row if it is a total or a remark"
	}
	return hint
}

func meant(p programme.Period) string { return fmt.Sprintf("write %s, if that is meant", p) }

// probably is the period that is meant by texts such as Mar 2025, Mar-25,
// 03/2025, 2025.3, Q1 2025, Week 5 2025 and 31.3.2025, and by the number of days
// that a spreadsheet stores instead.
func probably(text string) (programme.Period, bool) {
	text = strings.ToLower(text)
	if day, clock, ok := strings.Cut(text, " "); ok && strings.Contains(clock, ":") {
		text = day
	}
	parts := strings.FieldsFunc(text, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	if len(parts) == 3 && (parts[0] == "week" || parts[0] == "quarter") {
		parts = []string{parts[0][:1] + parts[1], parts[2]}
	}
	if len(parts) == 1 && (len(text) == len("202503") || len(text) == len("2025w05")) {
		parts = []string{text[:4], text[4:]}
	}
	switch len(parts) {
	case 1:
		return storedDay(text)
	case 3:
		return dayOf(parts)
	case 2:
	default:
		return programme.Period{}, false
	}
	if isYear(parts[1]) && !isYear(parts[0]) {
		slices.Reverse(parts)
	}
	year, part := parts[0], parts[1]
	if monthOf(year) > 0 && len(part) == len("25") && isDigits([]byte(part)) { // Mar-25
		year, part = "20"+part, year
	}
	if n := monthOf(part); n > 0 {
		part = fmt.Sprintf("%02d", n)
	}
	letter := strings.TrimRight(part, "0123456789")
	digits := part[len(letter):]
	letter = strings.ToUpper(letter) // which may be longer
	if letter != "Q" && len(digits) == 1 {
		digits = "0" + digits
	}
	p, err := programme.ParsePeriod(year + "-" + letter + digits)
	return p, err == nil && isYear(year)
}

// monthOf is the number of a month by its name or the beginning of it, else 0.
func monthOf(name string) int {
	if len(name) < len("jan") {
		return 0
	}
	return slices.IndexFunc(months[:], func(m string) bool { return strings.HasPrefix(m, name) }) + 1
}

// storedDay is the day of this century that a spreadsheet stores as a number.
func storedDay(text string) (programme.Period, bool) {
	const digits = len("46023")
	n, err := strconv.Atoi(text)
	day, ok := dateOf(float64(n), false)
	if err != nil || !ok || len(text) != digits || day < programme.NewDate(2000, time.January, 1) || day > programme.NewDate(2099, time.December, 31) {
		return programme.Period{}, false
	}
	return programme.PeriodOf(programme.Daily, day), true
}

// dayOf is the day of three numbers, with a year of four digits at one end, where
// day and month cannot be taken for each other.
func dayOf(parts []string) (programme.Period, bool) {
	year, month, day := parts[0], parts[1], parts[2]
	if isYear(day) {
		const months = 12
		year, day = day, year
		if n, err := strconv.Atoi(month); err == nil && n > months {
			month, day = day, month
		} else if d, err := strconv.Atoi(day); err != nil || d <= months && d != n {
			return programme.Period{}, false
		}
	}
	for _, part := range []*string{&month, &day} {
		if len(*part) == 1 {
			*part = "0" + *part
		}
	}
	p, err := programme.ParsePeriod(year + "-" + month + "-" + day)
	return p, err == nil && isYear(year) && p.Frequency() == programme.Daily
}

var months = [...]string{
	"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
}

func isYear(text string) bool { return len(text) == len("2025") && isDigits([]byte(text)) }
