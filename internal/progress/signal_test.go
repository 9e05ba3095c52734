package progress_test

import (
	"slices"
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// steady is a year of months with centre 100 and a mean moving range of 10, so
// that limits are 73.4 and 126.6, and two thirds of the way to them 82.27 and
// 117.73.
var steady = []float64{95, 105, 95, 105, 95, 105, 95, 105, 95, 105, 95, 105}

// after is the chart of a decrease after the steady months of 2024.
func after(t testing.TB, values ...float64) progress.Chart {
	t.Helper()
	series := append(final(t, "2024-01", steady...), final(t, "2025-01", values...)...)
	return progress.XmR(indicator(programme.Latest), cohort2025(t, programme.Latest, 100, 90), series, date(t, "2025-12-31"))
}

func TestRules(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []float64 // of 2025
		rule   progress.Rule
		up     bool
	}{
		{"within the limits", []float64{126.6}, "", false},
		{"above the upper limit", []float64{126.7}, progress.OutsideLimits, true},
		{"below the lower limit", []float64{73.3}, progress.OutsideLimits, false},
		{"outside, but not the newest", []float64{130, 100}, "", false},
		{"seven rising", []float64{97, 98, 99, 100, 101, 102, 103}, progress.Trend, true},
		{"six rising", []float64{104, 98, 99, 100, 101, 102, 103}, "", false},
		{"a tie breaks the run", []float64{97, 98, 99, 99, 101, 102, 103}, "", false},
		{"seven falling", []float64{103, 102, 101, 100, 99, 98, 97}, progress.Trend, false},
		{"seven rising beyond the limit", []float64{102, 104, 106, 108, 110, 112, 130}, progress.OutsideLimits, true},
		{"seven rising on one side", []float64{101, 102, 103, 104, 105, 106, 107}, progress.Trend, true},
		{"seven rising to the limit", []float64{101, 102, 103, 104, 105, 118, 119}, progress.Trend, true},
		{"two of three near the limit", []float64{118, 101, 118}, progress.NearLimit, true},
		{"the newest of three is not near it", []float64{118, 118, 101}, progress.NearLimit, true},
		{"two thirds of the limit", []float64{100 + 26.6*2/3, 101, 100 + 26.6*2/3}, progress.NearLimit, true},
		{"two of three below two thirds", []float64{117.7, 101, 117.7}, "", false},
		{"two of three, the third on the other side", []float64{118, 99, 118}, "", false},
		{"two of three, the third on the centre", []float64{118, 100, 118}, "", false},
		{"two of three, one on the other side", []float64{118, 101, 82}, "", false},
		{"outside is not near", []float64{118, 130, 101}, "", false},
		{"two of three near the lower limit", []float64{99, 80, 81}, progress.NearLimit, false},
		{"seven on one side", []float64{102, 101, 102, 101, 102, 101, 102}, progress.OneSide, true},
		{"six on one side", []float64{99, 101, 102, 101, 102, 101, 102}, "", false},
		{"seven, one of them on the centre", []float64{102, 101, 102, 100, 102, 101, 102}, "", false},
		{"near the limit before one side", []float64{102, 101, 102, 101, 102, 119, 118}, progress.NearLimit, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			chart := after(t, c.values...)
			if chart.Rule != c.rule || chart.Up != c.up {
				t.Errorf("rule is %q, up: %v; want %q, up: %v", chart.Rule, chart.Up, c.rule, c.up)
			}
			want := progress.NoSignal
			if c.rule != "" {
				want = progress.Improvement
				if c.up {
					want = progress.Concern
				}
			}
			if chart.Signal != want {
				t.Errorf("signal of a decrease is %s, want %s", chart.Signal, want)
			}
		})
	}
}

func TestSignalHasADirection(t *testing.T) {
	for _, c := range []struct {
		direction programme.Direction
		newest    float64
		want      progress.Signal
	}{
		{programme.Increase, 150, progress.Improvement},
		{programme.Increase, 50, progress.Concern},
		{programme.Decrease, 150, progress.Concern},
		{programme.Decrease, 50, progress.Improvement},
		{programme.Maintain, 150, progress.Concern},
		{programme.Maintain, 50, progress.Concern},
		{programme.Maintain, 100, progress.NoSignal},
	} {
		i := indicator(programme.Latest)
		i.Direction = c.direction
		series := final(t, "2024-01", append(slices.Clone(steady), c.newest)...)
		r := cohort2025(t, i.Measure, 100, 90)
		if got := progress.SignalOf(i, r, series, date(t, "2025-02-01")); got != c.want {
			t.Errorf("to %s at %v: %s, want %s", c.direction, c.newest, got, c.want)
		}
		if got := progress.Assess(i, r, series, date(t, "2025-02-01")).Signal; got != c.want {
			t.Errorf("assessed to %s at %v: %s, want %s", c.direction, c.newest, got, c.want)
		}
	}
}

func TestLimitsAreFrozenAtTheBaseline(t *testing.T) {
	quiet, wild := after(t, 100, 100), after(t, 300, 10)
	for _, c := range []progress.Chart{quiet, wild} {
		wantFigure(t, "centre", c.Centre, 100)
		wantFigure(t, "mean moving range", c.MeanRange, 10)
		wantFigure(t, "lower limit", c.Lower, 73.4)
		wantFigure(t, "upper limit", c.Upper, 126.6)
		if !c.Frozen || c.Basis != 12 || c.Seasonal {
			t.Errorf("frozen: %v, by %d points, seasonal: %v", c.Frozen, c.Basis, c.Seasonal)
		}
	}
	if wild.Points[12].Screened {
		t.Error("a range after the baseline is called screened, but was never in the mean")
	}
	short := progress.XmR(indicator(programme.Latest), cohort2025(t, programme.Latest, 100, 90),
		final(t, "2024-02", append(steady[1:], 300, 100)...), date(t, "2025-12-31"))
	if short.Frozen || short.Basis != 13 {
		t.Errorf("with eleven points up to the baseline's end: frozen: %v, by %d points", short.Frozen, short.Basis)
	}
	if !short.Points[11].Screened {
		t.Error("a range far from the others is in the mean")
	}
}

// season is a year of months that come back every year.
var season = []float64{10, 20, 30, 40, 50, 60, 60, 50, 40, 30, 20, 10}

func TestASeasonIsNoNews(t *testing.T) {
	years := slices.Concat(season, season)
	for _, c := range []struct {
		name     string
		first    string
		values   []float64
		breaks   string
		seasonal bool
		points   int
	}{
		{"twelve differences up to the baseline's end", "2023-01", append(slices.Clone(years), season[:3]...), "", true, 15},
		{"eleven", "2023-02", append(slices.Clone(years[1:]), season[:3]...), "", false, 26},
		{"one of twelve has a gap a year before", "2023-01", append([]float64{10, gap}, append(slices.Clone(years[2:]), season[:3]...)...), "", false, 26},
		{"a break in between", "2023-01", append(slices.Clone(years), season[:3]...), "2023-02-01", false, 26},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := indicator(programme.Latest)
			if c.breaks != "" {
				i.Breaks = []programme.Date{date(t, c.breaks)}
			}
			chart := progress.XmR(i, cohort2025(t, i.Measure, 35, 30), final(t, c.first, c.values...), date(t, "2025-12-31"))
			if chart.Seasonal != c.seasonal || len(chart.Points) != c.points {
				t.Fatalf("seasonal: %v, %d points; want %v, %d", chart.Seasonal, len(chart.Points), c.seasonal, c.points)
			}
			if newest := chart.Points[c.points-1]; c.seasonal && newest.Value != 0 {
				t.Errorf("the newest difference is %v, want 0", newest.Value)
			}
			if c.seasonal && chart.Signal != progress.NoSignal {
				t.Errorf("a year like the one before is %s", chart.Signal)
			}
		})
	}
}

func TestWhatAChartShows(t *testing.T) {
	long := final(t, "2024-01", append(slices.Clone(steady), 100, 100, 100)...)
	for _, c := range []struct {
		name   string
		i      func(*programme.Indicator)
		series []progress.Observed
		day    string
		last   string
		points int
		signal progress.Signal
	}{
		{"nothing", nil, nil, "2025-12-31", "", 0, progress.TooShort},
		{"one point", nil, long[:1], "2025-12-31", "2024-01", 1, progress.TooShort},
		{"eleven points", nil, long[:11], "2025-12-31", "2024-11", 11, progress.TooShort},
		{"twelve points", nil, long[:12], "2025-12-31", "2024-12", 12, progress.NoSignal},
		{"nothing later than the day", nil, long, "2025-02-27", "2025-01", 13, progress.NoSignal},
		{"nothing later than the year", nil, final(t, "2024-01", constant(5, 30)...), "2027-01-01", "2025-12", 24, progress.NoSignal},
		{"a provisional value", nil, with(t, long, "2025-03", programme.Provisional), "2025-12-31", "2025-02", 14, progress.NoSignal},
		{"a provisional value that is judged", func(i *programme.Indicator) { i.JudgeProvisional = true }, with(t, long, "2025-03", programme.Provisional), "2025-12-31", "2025-03", 15, progress.NoSignal},
		{"a suppressed value", nil, with(t, long, "2024-06", programme.Suppressed), "2025-12-31", "2025-03", 14, progress.NoSignal},
		{"a break", func(i *programme.Indicator) { i.Breaks = []programme.Date{date(t, "2024-06-01")} }, long, "2025-12-31", "2025-03", 10, progress.TooShort},
		{"a break after the newest", func(i *programme.Indicator) { i.Breaks = []programme.Date{date(t, "2025-04-01")} }, long, "2025-12-31", "2025-03", 15, progress.NoSignal},
		{"a constant", nil, final(t, "2024-01", constant(0.1, 24)...), "2025-12-31", "2025-12", 24, progress.NoSignal},
		{"a constant that changes", nil, final(t, "2024-01", append(constant(0.1, 23), 0.2)...), "2025-12-31", "2025-12", 24, progress.Concern},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := indicator(programme.Latest)
			if c.i != nil {
				c.i(&i)
			}
			chart := progress.XmR(i, cohort2025(t, i.Measure, 100, 90), c.series, date(t, c.day))
			last := ""
			if n := len(chart.Points); n > 0 {
				last = chart.Points[n-1].Period.String()
			}
			if last != c.last || len(chart.Points) != c.points || chart.Signal != c.signal {
				t.Errorf("%d points up to %q, %s; want %d up to %q, %s", len(chart.Points), last, chart.Signal, c.points, c.last, c.signal)
			}
			if known := c.points > 1; chart.Centre.Known != known || chart.Upper.Known != known || chart.MeanRange.Known != known {
				t.Errorf("limits of %d points are %v and %v around %v", c.points, chart.Lower, chart.Upper, chart.Centre)
			}
		})
	}
}

func TestChartWithoutTarget(t *testing.T) {
	series := final(t, "2024-01", append(slices.Clone(steady), 300)...)
	c := progress.XmRWithoutTarget(indicator(programme.Latest), series, date(t, "2026-01-01"))
	if c.Frozen || c.Basis != 13 || c.Signal != progress.Concern {
		t.Errorf("frozen: %v, by %d points: %s", c.Frozen, c.Basis, c.Signal)
	}
}

func TestNeighboursAreAcrossAGap(t *testing.T) {
	c := after(t, gap, 107)
	wantFigure(t, "moving range across January", c.Points[12].MovingRange, 2)
}

func TestSignalsHaveWords(t *testing.T) {
	for _, s := range progress.Signals() {
		if s.Words() == string(s) {
			t.Errorf("%s has no words", s)
		}
	}
	for _, r := range []progress.Rule{progress.OutsideLimits, progress.Trend, progress.NearLimit, progress.OneSide} {
		if r.Words(true) == "" || r.Words(true) == r.Words(false) {
			t.Errorf("%s is %q, whether up or down", r, r.Words(true))
		}
	}
}
