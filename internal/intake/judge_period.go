package intake

import (
	"fmt"
	"slices"
	"strings"
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
	if p, ok := probably(text); ok && p.Frequency() == i.Frequency {
		return meant(p)
	}
	return "write " + periodExample(i) + "; where a spreadsheet changes it, format the column as text"
}

func meant(p programme.Period) string { return fmt.Sprintf("write %s, if that is meant", p) }

// probably is the period that is meant by texts such as Mar 2025, 03/2025,
// 2025.3, Q1 2025 and W5/2025, with a year of four digits.
func probably(text string) (programme.Period, bool) {
	parts := strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	if len(parts) == 1 && len(parts[0]) == len("202503") { // 202503, 2025q1
		parts = []string{parts[0][:4], parts[0][4:]}
	}
	if len(parts) != 2 {
		return programme.Period{}, false
	}
	if isYear(parts[1]) && !isYear(parts[0]) {
		slices.Reverse(parts)
	}
	year, part := parts[0], parts[1]
	if n := slices.IndexFunc(months[:], func(m string) bool { return len(part) >= len("jan") && strings.HasPrefix(m, part) }); n >= 0 {
		part = fmt.Sprintf("%02d", n+1)
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

var months = [...]string{
	"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
}

func isYear(text string) bool { return len(text) == len("2025") && isDigits([]byte(text)) }
