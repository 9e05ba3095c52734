package words

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/number"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

const noBreak = "\u00a0"

// Number is a number with so many decimals.
func (l *Language) Number(v float64, decimals int) string {
	if v = progress.Rounded(v, decimals); v == 0 {
		v = 0 // without a sign
	}
	return l.printer.Sprint(number.Decimal(v, number.Scale(decimals)))
}

// Finely is a number with the decimals of its indicator, and one more where
// that is not 0: averages and other computed values are said so.
func (l *Language) Finely(v float64, decimals int) string {
	fine := progress.Rounded(v, decimals+1)
	if math.Abs(fine-progress.Rounded(v, decimals)) < math.Pow10(-decimals-1)/2 {
		return l.Number(v, decimals)
	}
	return l.Number(v, decimals+1)
}

// Exactly is a number with as many decimals as it has, and at least those of its
// indicator: what somebody wrote is not rounded.
func (l *Language) Exactly(v float64, decimals int) string {
	_, fraction, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
	return l.Number(v, max(decimals, len(fraction)))
}

// Quantity is a number in the indicator's decimals, with its unit.
func (l *Language) Quantity(v float64, i programme.Indicator) string {
	n := l.Number(v, i.Decimals)
	switch i.Unit {
	case "":
		return n
	case "%":
		return n + noBreak + "%"
	}
	return n + " " + i.Unit
}

// Chance is a probability in per cent; nothing is certain before the end.
func (l *Language) Chance(p float64) string {
	switch {
	case p > 0.99:
		return l.Say("chance.over")
	case p < 0.01:
		return l.Say("chance.under")
	}
	return l.Say("chance.is", "percent", int(math.Round(100*p)))
}

// Date is a date, such as 31 Oct 2026; nothing for none.
func (l *Language) Date(d programme.Date) string {
	if d.IsZero() {
		return ""
	}
	year, month, day := d.Civil()
	return l.Say("date.day", "day", strconv.Itoa(day), "month", l.month("short", month), "year", strconv.Itoa(year))
}

// Month is the month of a date, by its short name, as charts have it.
func (l *Language) Month(d programme.Date) string {
	_, month, _ := d.Civil()
	return l.month("short", month)
}

func (l *Language) month(form string, m time.Month) string {
	return l.Say("date." + form + "." + strconv.Itoa(int(m)))
}

// Time is a moment as the clock of a place shows it; universal time, which is
// nobody's own, is named.
func (l *Language) Time(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	key := "date.time"
	if zone == time.UTC {
		key = "date.time-utc"
	}
	return l.Say(key, "date", l.Date(programme.DateIn(t, zone)), "time", t.Format("15:04"))
}

// Period is a period as people say it, such as March 2026; nothing for none.
func (l *Language) Period(p programme.Period) string {
	if p.IsZero() {
		return ""
	}
	year, month, _ := p.First().Civil()
	switch p.Frequency() {
	case programme.Daily:
		return l.Date(p.First())
	case programme.Weekly:
		iso, week, _ := strings.Cut(p.String(), "-W")
		return l.Say("date.weekly", "week", strings.TrimPrefix(week, "0"), "year", iso)
	case programme.Monthly:
		return l.Say("date.monthly", "month", l.month("long", month), "year", strconv.Itoa(year))
	case programme.Quarterly:
		return l.Say("date.quarterly", "quarter", strconv.Itoa((int(month)+2)/3), "year", strconv.Itoa(year))
	}
	return strconv.Itoa(year)
}

// Bytes is a size, in the largest unit of which it has one.
func (l *Language) Bytes(n int64) string {
	const step = 1024
	size := float64(n)
	for _, unit := range []string{"bytes", "kilobytes"} {
		if size < step {
			return l.Say("size."+unit, "size", l.Number(size, 0))
		}
		size /= step
	}
	return l.Say("size.megabytes", "size", l.Finely(size, 0))
}

// Status is the status as it is said to people.
func (l *Language) Status(s progress.Status) string { return l.Say("status." + string(s)) }
