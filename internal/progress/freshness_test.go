package progress_test

import (
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

func TestFreshness(t *testing.T) {
	i := indicator(programme.Latest)
	none := programme.Period{}
	may, june := period(t, "2025-05"), period(t, "2025-06")
	for _, c := range []struct {
		name          string
		newest, first programme.Period
		day           string
		want          progress.Freshness
		due           string
	}{
		{"not due yet", may, none, "2025-06-15", progress.Fresh, "2025-07-30"},
		{"on the day it is due", may, none, "2025-07-30", progress.Fresh, "2025-07-30"},
		{"the day after", may, none, "2025-07-31", progress.Late, "2025-07-30"},
		{"on the day the one after is due", may, none, "2025-08-30", progress.Late, "2025-07-30"},
		{"the day after that", may, none, "2025-08-31", progress.Missing, "2025-07-30"},
		{"the first is not due yet", none, june, "2025-07-30", progress.Fresh, "2025-07-30"},
		{"the first is late", none, june, "2025-07-31", progress.Late, "2025-07-30"},
		{"nothing is known", none, none, "2025-07-31", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, due := progress.FreshnessOf(i, c.newest, c.first, date(t, c.day))
			if got != c.want || due.String() != c.due {
				t.Errorf("%q, due %q, want %q, due %q", got, due, c.want, c.due)
			}
		})
	}
}

func TestFreshnessOfTarget(t *testing.T) {
	year := final(t, "2025-01", constant(10, 12)...)
	for _, c := range []struct {
		name   string
		series []progress.Observed
		day    string
		want   progress.Freshness
	}{
		{"what came before the year does not count", final(t, "2024-12", 10), "2025-03-03", progress.Late},
		{"nothing is due after a whole year", year, "2027-01-01", progress.Fresh},
		{"December is missing", year[:11], "2026-03-03", progress.Missing},
		{"suppressed is delivered", with(t, year, "2025-12", programme.Suppressed), "2027-01-01", progress.Fresh},
		{"provisional is not final", with(t, year, "2025-12", programme.Provisional), "2026-02-01", progress.Late},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := indicator(programme.Mean)
			a := progress.Assess(i, cohort2025(t, i.Measure, 20, 10), c.series, date(t, c.day))
			if a.Freshness != c.want {
				t.Errorf("freshness is %s, want %s", a.Freshness, c.want)
			}
		})
	}
}

func TestNewestDelivered(t *testing.T) {
	series := with(t, with(t, final(t, "2025-01", 1, 2, 3, 4), "2025-03", programme.Suppressed), "2025-04", programme.Provisional)
	for _, c := range []struct {
		name        string
		provisional bool
		day, want   string
	}{
		{"suppressed", false, "2025-12-31", "2025-03"},
		{"provisional where judged", true, "2025-12-31", "2025-04"},
		{"ended by the day", true, "2025-02-28", "2025-02"},
		{"nothing yet", true, "2025-01-30", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := indicator(programme.Latest)
			i.JudgeProvisional = c.provisional
			if got := progress.NewestDelivered(i, series, date(t, c.day)).String(); got != c.want {
				t.Errorf("newest is %q, want %q", got, c.want)
			}
		})
	}
}
