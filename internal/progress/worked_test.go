package progress_test

import (
	"math"
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// Boston's reported robberies and homicides from January 2024 on, a month each:
// Real-Time Crime Index (AH Datalytics).
var (
	robberies = []float64{61, 60, 65, 67, 74, 76, 79, 80, 75, 51, 79, 66, 46, 57, 55, 55, 86, 51, 68, 75, 81, 77, 71, 39}
	homicides = []float64{0, 2, 0, 1, 2, 1, 3, 5, 3, 3, 3, 2, 2, 4, 0, 1, 6, 2, 0, 4, 1, 2, 4, 1}
)

// boston is an indicator with a target of 10 % below the year 2024 for 2025.
func boston(t testing.TB, months []float64) (programme.Indicator, progress.Resolved, []progress.Observed) {
	t.Helper()
	i := indicator(programme.Total)
	i.Kind = programme.Count
	series := final(t, "2024-01", months...)
	target := programme.Target{
		Baseline: programme.Baseline{Auto: true, Period: span(t, "2024")},
		Goal:     programme.Goal{Value: -10, Form: programme.Percent},
	}
	cohort := programme.Cohort{ID: "2025", Starts: date(t, "2025-01-01"), Ends: date(t, "2025-12-31")}
	r, faults := progress.Resolve(target, i, cohort, series)
	for _, f := range faults {
		if !f.Warning {
			t.Fatalf("refused: %v", f)
		}
	}
	return i, r, series
}

func TestWorkedExamples(t *testing.T) {
	for _, c := range []struct {
		name                string
		months              []float64
		day                 string
		b, s, m, pace, v, h float64
		status              progress.Status
	}{
		{"robberies after nine months", robberies, "2025-09-30", 833, 574, 754.264462809917, 0.945204528092, 8.331666499967, 0.256361590555, progress.TooClose},
		{"homicides after three months", homicides, "2025-03-31", 25, 6, unknown, -0.166666666667, 1.443375672974, 4.439424848085, progress.TooClose},
	} {
		t.Run(c.name, func(t *testing.T) {
			i, r, series := boston(t, c.months)
			a := progress.Assess(i, r, series, date(t, c.day))
			wantFigure(t, "b", a.Baseline, c.b)
			wantFigure(t, "T", a.Target, c.b*0.9)
			if !math.IsNaN(c.m) {
				wantFigure(t, "M", a.Value, c.m)
			}
			wantFigure(t, "S", progress.Known(a.Value.Number*a.Share.Number), c.s)
			wantFigure(t, "p", a.Progress, c.pace)
			wantFigure(t, "e", a.ExpectedProgress, 1)
			wantFigure(t, "pace", a.Pace, c.pace)
			wantFigure(t, "lower pace", a.PaceLower, c.pace-c.h)
			wantFigure(t, "upper pace", a.PaceUpper, c.pace+c.h)
			wantFigure(t, "v", a.Noise, c.v)
			wantFigure(t, "h", a.HalfWidth, c.h)
			if a.Status != c.status {
				t.Errorf("status is %s, want %s", a.Status, c.status)
			}
		})
	}
}

// Where the measure should be by now does not hang on whether there is one.
func TestExpectedNeedsNoMeasure(t *testing.T) {
	for _, measure := range programme.Measures {
		t.Run(string(measure), func(t *testing.T) {
			i := indicator(measure)
			r := cohort2025(t, measure, 120, 108)
			r.Trajectory = programme.Linear
			// June is observed, and not a year up to it.
			a := progress.Assess(i, r, final(t, "2025-06", 10), date(t, "2025-07-10"))
			if wants := measure == programme.Rolling || measure == programme.RollingMean; a.Value.Known == wants {
				t.Fatalf("M is %s", a.Value)
			}
			wantFigure(t, "x", a.Expected, 120-12*181./365)
			wantFigure(t, "e", a.ExpectedProgress, 181./365)
		})
	}
}

func TestVerdictNeedsTheWholeYear(t *testing.T) {
	i, r, series := boston(t, robberies)
	for _, c := range []struct {
		name   string
		series []progress.Observed
		day    string
		want   progress.Status
	}{
		{"on the last day", series, "2025-12-31", progress.Slipping},
		{"the day after", series, "2026-01-01", progress.Missed},
		{"years later", series, "2035-01-01", progress.Missed},
		{"after months of another year", append(append([]progress.Observed{}, series...), final(t, "2026-01", 0, 0, 0)...), "2026-05-01", progress.Missed},
		{"December withheld", series[:23], "2026-01-01", progress.Awaiting},
		{"March withheld", append(append([]progress.Observed{}, series[:14]...), series[15:]...), "2026-01-01", progress.Awaiting},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := progress.Assess(i, r, c.series, date(t, c.day)).Status; got != c.want {
				t.Errorf("status is %s, want %s", got, c.want)
			}
		})
	}
}
