package programme_test

import (
	"cmp"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/citygauge/citygauge/internal/programme"
)

// drawPeriod draws a period of any frequency that can be written.
func drawPeriod(t *rapid.T, label string) programme.Period {
	return rapid.Custom(func(t *rapid.T) programme.Period {
		return programme.PeriodOf(frequencies.Draw(t, "frequency"), dates.Draw(t, "date"))
	}).Filter(func(p programme.Period) bool {
		return p.Last() <= programme.MaxDate // the last week of 9999 is not
	}).Draw(t, label)
}

func TestPeriodsAreReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPeriod(t, "period")
		if got, err := programme.ParsePeriod(p.String()); err != nil || got != p {
			t.Fatalf("%s is read as %s, %v", p, got, err)
		}
	})
}

func TestPeriodsTileTheCalendar(t *testing.T) {
	days := map[programme.Frequency][2]int{
		programme.Daily: {1, 1}, programme.Weekly: {7, 7}, programme.Monthly: {28, 31}, programme.Quarterly: {90, 92}, programme.Annual: {365, 366},
	}
	rapid.Check(t, func(t *rapid.T) {
		f, d := frequencies.Draw(t, "frequency"), dates.Draw(t, "date")
		p := programme.PeriodOf(f, d)
		if p.Frequency() != f || p.First() > d || p.Last() < d {
			t.Fatalf("%s from %s to %s does not hold %s", p, p.First(), p.Last(), d)
		}
		if p.Next().First() != p.Last()+1 || p.Plus(-1).Last() != p.First()-1 {
			t.Fatalf("there is a gap or an overlap beside %s", p)
		}
		if programme.PeriodOf(f, p.First()) != p || programme.PeriodOf(f, p.Last()) != p {
			t.Fatalf("an end of %s is in another period", p)
		}
		if n := p.Days(); n < days[f][0] || n > days[f][1] {
			t.Fatalf("%s has %d days", p, n)
		}
	})
}

// TestWeeksAreTheStandardLibrarys holds our weeks against those of time.
func TestWeeksAreTheStandardLibrarys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := datesBetween(programme.MinDate, programme.MaxDate-7).Draw(t, "date")
		p := programme.PeriodOf(programme.Weekly, d)
		if p.First().Time().Weekday() != time.Monday {
			t.Fatalf("%s begins on a %s", p, p.First().Time().Weekday())
		}
		year, week := d.Time().ISOWeek()
		if q, n := p.Last().Time().ISOWeek(); year != q || week != n {
			t.Fatalf("%s ends in another week than %s", p, d)
		}
	})
}

func TestPlusAndSubAreOpposite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, n := drawPeriod(t, "period"), rapid.IntRange(-5000, 5000).Draw(t, "n")
		q := p.Plus(n)
		if q.Sub(p) != n || p.Sub(q) != -n || q.Plus(-n) != p {
			t.Fatalf("%s is not %d after %s", q, n, p)
		}
		if cmp.Compare(n, 0) != q.Compare(p) {
			t.Fatalf("%s and %s are out of order", p, q)
		}
	})
}

func TestPeriodsAreOrderedByFirstDayThenTheLonger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPeriod(t, "p")
		near := datesBetween(max(programme.MinDate, p.First()-40), min(programme.MaxDate-7, p.First()+40)).Draw(t, "near")
		q := programme.PeriodOf(frequencies.Draw(t, "frequency"), near)
		want := cmp.Or(cmp.Compare(p.First(), q.First()), cmp.Compare(q.Last(), p.Last()))
		if got := p.Compare(q); got != want || q.Compare(p) != -want {
			t.Fatalf("%s to %s is %d, want %d", p, q, got, want)
		}
	})
}

func TestTheYearBeforeIsTheSameOfTheYearBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPeriod(t, "period")
		before := p.YearBefore()
		if before.Frequency() != p.Frequency() {
			t.Fatalf("a year before %s is %s", p, before)
		}
		if days := p.First().Sub(before.First()); days < 357 || days > 371 {
			t.Fatalf("%s is %d days before %s", before, days, p)
		}
		// "2024-02-29" and "2020-W53" have none; what is written after the year is one.
		if got, want := before.String()[4:], p.String()[4:]; got != want && want != "-02-29" && want != "-W53" {
			t.Fatalf("a year before %s is %s", p, before)
		}
	})
}

func TestLastEndedByIsTheNewestThatEnded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, d := frequencies.Draw(t, "frequency"), dates.Draw(t, "date")
		p := programme.LastEndedBy(f, d)
		if p.Frequency() != f || p.Last() > d || p.Next().Last() <= d {
			t.Fatalf("of those that end by %s, %s (to %s) is not the newest", d, p, p.Last())
		}
	})
}
