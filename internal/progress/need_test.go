package progress_test

import (
	"math"
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

func TestNeed(t *testing.T) {
	history := append(constant(10, 9), 4, 5, 6) // of 2024, the end of it the best
	half := constant(9, 6)
	for _, c := range []struct {
		name      string
		measure   programme.Measure
		direction programme.Direction
		b, target float64
		history   []float64
		year      []float64
		form      progress.NeedForm
		need      float64
		periods   int
		best      float64
		sentence  string
	}{
		{
			"a total", programme.Total, programme.Decrease, 105, 84, history, half,
			progress.NeedTotal, 5, 6, 7, "needs at most 5 a month for 6 months; best 6 months so far: 7 a month",
		},
		{
			"a total that may not be rounded up", programme.Total, programme.Decrease, 105, 84, history, constant(9, 5),
			progress.NeedTotal, 39. / 7, 7, 51. / 7, "needs at most 5.5 a month for 7 months; best 7 months so far: 7.3 a month",
		},
		{
			"a total before anything came", programme.Total, programme.Decrease, 105, 84, history, nil,
			progress.NeedTotal, 7, 12, 105. / 12, "needs at most 7 a month for 12 months; best 12 months so far: 8.8 a month",
		},
		{
			"a total without enough history", programme.Total, programme.Decrease, 105, 84, nil, constant(9, 5),
			progress.NeedTotal, 39. / 7, 7, unknown, "needs at most 5.5 a month for 7 months",
		},
		{
			"a stretch has no gap", programme.Total, programme.Decrease, 105, 84,
			[]float64{1, 1, 1, gap, 1, 1, 1, 9, 9, 9, 9, 9},
			half,
			progress.NeedTotal, 5, 6, 5, "needs at most 5 a month for 6 months; best 6 months so far: 5 a month",
		},
		{
			"a total to increase", programme.Total, programme.Increase, 105, 124, history, half,
			progress.NeedTotal, 70. / 6, 6, 10, "needs at least 11.7 a month for 6 months; best 6 months so far: 10 a month",
		},
		{
			"a total that is reached", programme.Total, programme.Increase, 20, 50, history, half,
			progress.NeedTotal, -4. / 6, 6, 10, "the year's target is reached",
		},
		{
			"the limit was passed", programme.Total, programme.Decrease, 105, 50, history, half,
			progress.NeedTotal, -4. / 6, 6, 7, "the year's limit was passed",
		},
		{
			"the last month", programme.Total, programme.Decrease, 105, 100, history, constant(9, 11),
			progress.NeedTotal, 1, 1, 4, "needs at most 1 a month for 1 month; best month so far: 4 a month",
		},
		{
			"a mean", programme.Mean, programme.Decrease, 9, 7, history, half,
			progress.NeedMean, 5, 6, 7, "needs a mean of at most 5 over 6 months; best 6 months so far: a mean of 7",
		},
		{
			"a rolling year", programme.Rolling, programme.Decrease, 105, 84, history, half,
			progress.NeedTotal, 5, 6, 7, "needs at most 5 a month for 6 months; best 6 months so far: 7 a month",
		},
		{
			"a rolling mean", programme.RollingMean, programme.Decrease, 9, 7, history, half,
			progress.NeedMean, 5, 6, 7, "needs a mean of at most 5 over 6 months; best 6 months so far: a mean of 7",
		},
		{
			"a level", programme.Latest, programme.Decrease, 20, 6, history, half,
			progress.NeedChange, -0.5, 6, -1, "needs to fall by 0.5 a month for 6 months; best 6 months so far: fell by 1 a month",
		},
		{
			"a level to increase", programme.Latest, programme.Increase, 2, 10, history, half,
			progress.NeedChange, 1. / 6, 6, 5. / 6, "needs to rise by 0.2 a month for 6 months; best 6 months so far: rose by 0.8 a month",
		},
		{
			"a level that is reached", programme.Latest, programme.Decrease, 20, 12, history, half,
			progress.NeedChange, 0.5, 6, -1, "is at the target: needs no further change",
		},
		{
			"a level that is reached but for rounding", programme.Latest, programme.Decrease, 20, 0.3, history, constant(math.Nextafter(0.3, 1), 6),
			progress.NeedChange, 0, 6, -9.7 / 6, "is at the target: needs no further change",
		},
		{"a level before anything came", programme.Latest, programme.Decrease, 20, 6, history, nil, "", unknown, 0, unknown, ""},
		{"a gap before the end of a level", programme.Latest, programme.Decrease, 20, 6, nil, []float64{9, gap, 8, 8, 8, 8, 8, 8, 8, 8, 8, 7}, "", unknown, 0, unknown, ""},
		{"a whole year", programme.Total, programme.Decrease, 105, 84, history, constant(9, 12), "", unknown, 0, unknown, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := indicator(c.measure)
			i.Direction = c.direction
			series := append(final(t, "2024-01", c.history...), final(t, "2025-01", c.year...)...)
			n := progress.Assess(i, cohort2025(t, c.measure, c.b, c.target), series, date(t, "2025-12-31")).Need
			wantFigure(t, "need", n.PerPeriod, c.need)
			wantFigure(t, "best", n.Best, c.best)
			if n.Form != c.form || n.Periods != c.periods {
				t.Errorf("%q for %d periods, want %q for %d", n.Form, n.Periods, c.form, c.periods)
			}
			if got := n.Sentence(i); got != c.sentence {
				t.Errorf("%q, want %q", got, c.sentence)
			}
		})
	}
}

func TestNeedWithinHalfAYear(t *testing.T) {
	// Of the year up to June, its first half is history that cannot change.
	i := indicator(programme.Rolling)
	r := cohort2025(t, i.Measure, 120, 108)
	r.End = date(t, "2025-06-30")
	series := append(final(t, "2024-01", constant(10, 12)...), final(t, "2025-01", 8, 8)...)
	n := progress.Assess(i, r, series, date(t, "2025-03-15")).Need
	wantFigure(t, "need", n.PerPeriod, (108-60-16)/4.)

	late := append(append([]progress.Observed{}, series[:8]...), series[9:]...)
	if n := progress.Assess(i, r, late, date(t, "2025-03-15")).Need; n != (progress.Need{}) {
		t.Errorf("without September 2024 the need is %+v", n)
	}
}

func TestNoNeed(t *testing.T) {
	i := indicator(programme.Total)
	series := append(final(t, "2024-01", constant(10, 12)...), final(t, "2025-01", 8, 8)...)
	for _, c := range []struct {
		name   string
		breaks string
		day    string
		ready  bool
	}{
		{"after the end", "", "2026-01-01", true},
		{"a break to come", "2025-09-01", "2025-03-15", true},
		{"no baseline yet", "", "2025-03-15", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			i.Breaks = nil
			if c.breaks != "" {
				i.Breaks = []programme.Date{date(t, c.breaks)}
			}
			r := cohort2025(t, i.Measure, 120, 108)
			r.Baseline.Known = c.ready
			n := progress.Assess(i, r, series, date(t, c.day)).Need
			if n != (progress.Need{}) || n.Sentence(i) != "" {
				t.Errorf("need is %+v: %q", n, n.Sentence(i))
			}
		})
	}
}

func TestShownTarget(t *testing.T) {
	for _, c := range []struct {
		name      string
		direction programme.Direction
		decimals  int
		target    float64
		want      float64
	}{
		{"decrease goes down", programme.Decrease, 0, 749.7, 749},
		{"increase goes up", programme.Increase, 0, 749.2, 750},
		{"a range stays", programme.Maintain, 0, 749.2, 749.2},
		{"zero has no sign", programme.Increase, 0, -0.5, 0},
		{"decimals", programme.Decrease, 1, 7.48, 7.4},
		{"below zero", programme.Decrease, 0, -7.2, -8},
		{"rounding of a whole number", programme.Decrease, 0, 0.1 * 3 * 10 * (1 - 1e-12), 3},
		{"rounding of a whole number up", programme.Increase, 0, 0.1 * 3 * 10, 3},
		{"rounding of a large number", programme.Decrease, 2, 123456789012.34, 123456789012.34},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := programme.Indicator{Direction: c.direction, Decimals: c.decimals}
			// As text, in which zero has a sign.
			if got, want := progress.Known(progress.ShownTarget(i, c.target)).String(), progress.Known(c.want).String(); got != want {
				t.Errorf("%v is shown as %s, want %s", c.target, got, want)
			}
		})
	}
}

// What may be negative, such as a balance of people who come and go, has no
// limit that is passed for good.
func TestNoLimitOfWhatMayFallAgain(t *testing.T) {
	i := indicator(programme.Total)
	i.Kind = programme.Quantity
	series := final(t, "2024-01", append(constant(10, 12), 40, -5, 40)...)
	need := progress.Assess(i, cohort2025(t, i.Measure, 120, 60), series, date(t, "2025-03-31")).Need
	if need.LimitPassed || need.Sentence(i) == "the year's limit was passed" || need.PerPeriod != progress.Known(-15./9) {
		t.Errorf("it %s, by %+v", need.Sentence(i), need)
	}
}
