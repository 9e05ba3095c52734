package progress_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// seasonal is a year of which January has a half and every other month a
// twenty-second.
func seasonal(size float64) []float64 {
	values := constant(size, 12)
	values[0] = 11 * size
	return values
}

func TestMeasure(t *testing.T) {
	even := constant(10, 12)
	for _, c := range []struct {
		name     string
		measure  programme.Measure
		kind     programme.Kind
		baseline float64
		history  []float64 // of 2024
		year     []float64 // of 2025
		breaks   string
		want     float64
	}{
		{"latest is the newest", programme.Latest, programme.Quantity, 10, even, []float64{9, 8, 7}, "", 7},
		{"latest before a gap", programme.Latest, programme.Quantity, 10, even, []float64{9, 8, gap}, "", 8},
		{"nothing observed", programme.Latest, programme.Quantity, 10, even, nil, "", unknown},
		{"mean leaves gaps out", programme.Mean, programme.Quantity, 10, even, []float64{9, gap, 6}, "", 7.5},
		{"rolling reaches back", programme.Rolling, programme.Quantity, 120, even, []float64{4, 4}, "", 108},
		{"rolling with a gap", programme.Rolling, programme.Quantity, 120, even, []float64{gap, 4}, "", unknown},
		{"rolling without a year", programme.Rolling, programme.Quantity, 120, nil, []float64{4, 4}, "", unknown},
		{"rolling across a break", programme.Rolling, programme.Quantity, 120, even, []float64{4, 4}, "2024-06-01", unknown},
		{"rolling since a break", programme.Rolling, programme.Quantity, 120, even, []float64{4, 4}, "2024-03-01", 108},
		{"rolling mean", programme.RollingMean, programme.Quantity, 10, even, []float64{4, 4}, "", 9},
		{"total of a quantity by season", programme.Total, programme.Quantity, 220, seasonal(10), []float64{55}, "", 110},
		{"total of a count by both", programme.Total, programme.Count, 220, seasonal(10), []float64{55}, "", 55 / (220./500*0.5 + 280./500/12)},
		{"total without last year by calendar", programme.Total, programme.Quantity, 220, nil, []float64{10}, "", 120},
		{"total with a gap last year by calendar", programme.Total, programme.Quantity, 220, seasonal(10)[:11], []float64{10}, "", 120},
		{"total where last year is 0", programme.Total, programme.Quantity, 220, constant(0, 12), []float64{10}, "", 120},
		{"total where last year is 0 but for rounding", programme.Total, programme.Quantity, 220, []float64{0.1, 0.2, -0.3, 0, 0, 0, 0, 0, 0, 0, 0, 0}, []float64{10}, "", 120},
		{"total across a break by calendar", programme.Total, programme.Quantity, 220, seasonal(10), []float64{10}, "2025-01-01", 120},
		{"total of a month that had nothing last year", programme.Total, programme.Quantity, 220, []float64{0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, []float64{10}, "", unknown},
		{"a break within the first period", programme.Mean, programme.Quantity, 10, even, []float64{9, 8, 7}, "2025-01-15", 8},
		{"a break on a period's last day", programme.Mean, programme.Quantity, 10, even, []float64{9, 8, 7}, "2025-03-31", unknown},
		{"before a break within the year", programme.Mean, programme.Quantity, 10, even, []float64{9, 8, 7}, "2025-04-01", 8},
		{"after a break within the year", programme.Mean, programme.Quantity, 10, even, []float64{9, 8, 7}, "2025-03-01", unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := indicator(c.measure)
			i.Kind = c.kind
			if c.breaks != "" {
				i.Breaks = []programme.Date{date(t, c.breaks)}
			}
			series := append(final(t, "2024-01", c.history...), final(t, "2025-01", c.year...)...)
			a := progress.Assess(i, cohort2025(t, c.measure, c.baseline, c.baseline/2), series, date(t, "2025-06-15"))
			wantFigure(t, "M", a.Value, c.want)
			if noData := a.Status == progress.NoData; noData != math.IsNaN(c.want) {
				t.Errorf("status is %s", a.Status)
			}
		})
	}
}

func TestObserved(t *testing.T) {
	series := final(t, "2025-01", 9, 8, 7)
	for _, c := range []struct {
		name        string
		status      programme.ObservationStatus
		provisional bool
		want        int
	}{
		{"final", programme.Final, false, 3},
		{"provisional", programme.Provisional, false, 2},
		{"provisional and judged", programme.Provisional, true, 3},
		{"estimated", programme.Estimated, false, 2},
		{"estimated and judged", programme.Estimated, true, 3},
		{"suppressed", programme.Suppressed, true, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := indicator(programme.Latest)
			i.JudgeProvisional = c.provisional
			a := progress.Assess(i, cohort2025(t, i.Measure, 10, 5), with(t, series, "2025-03", c.status), date(t, "2025-04-15"))
			if a.Observed != c.want || a.Periods != 12 {
				t.Errorf("%d of %d are observed, want %d of 12", a.Observed, a.Periods, c.want)
			}
		})
	}
}

func TestOnlyEndedPeriodsCount(t *testing.T) {
	i := indicator(programme.Latest)
	series := final(t, "2025-01", 9, 8, 7)
	r := cohort2025(t, i.Measure, 10, 5)
	for day, want := range map[string]float64{"2025-03-30": 8, "2025-03-31": 7, "2025-01-30": unknown} {
		wantFigure(t, "M on "+day, progress.Assess(i, r, series, date(t, day)).Value, want)
	}
}

func TestShareOfLongYears(t *testing.T) {
	weekly := indicator(programme.Total)
	weekly.Frequency = programme.Weekly
	daily := weekly
	daily.Frequency = programme.Daily
	for _, c := range []struct {
		name            string
		i               programme.Indicator
		first           string
		n               int
		s, t1, day      string
		share, observed float64
	}{
		// 2020 has 53 weeks; its last is compared with the last of 2019, which
		// is counted twice.
		{"week 53", weekly, "2019-W01", 104, "2019-12-29", "2021-01-03", "2020-12-27", 52. / 53, 52},
		{"29 February", daily, "2023-01-01", 365 + 60, "2023-12-31", "2024-12-31", "2024-02-29", 60. / 366, 60},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := progress.Resolved{
				Baseline: progress.Known(100), Target: progress.Known(90),
				BaselineEnd: date(t, c.s), Start: date(t, c.s), End: date(t, c.t1), Trajectory: programme.Level,
			}
			a := progress.Assess(c.i, r, final(t, c.first, constant(2, c.n)...), date(t, c.day))
			wantFigure(t, "share", a.Share, c.share)
			wantFigure(t, "M", a.Value, 2*c.observed/c.share)
		})
	}
}

func TestUnobserved(t *testing.T) {
	series := with(t, with(t, final(t, "2024-01", append(constant(5, 15), append([]float64{gap}, constant(5, 8)...)...)...), "2025-06", programme.Provisional), "2025-12", programme.Suppressed)
	for measure, want := range map[programme.Measure]string{
		programme.Total: "[2025-04 2025-06 2025-12]", programme.Mean: "[2025-04 2025-06 2025-12]", programme.Rolling: "[2025-04 2025-06 2025-12]", programme.Latest: "[2025-12]",
	} {
		i := indicator(measure)
		if got := fmt.Sprint(progress.Unobserved(i, cohort2025(t, measure, 60, 50), series)); got != want {
			t.Errorf("the verdict on a %s waits for %s, want %s", measure, got, want)
		}
	}
}
