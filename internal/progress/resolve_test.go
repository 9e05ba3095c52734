package progress_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

func year2025(t testing.TB) programme.Cohort {
	t.Helper()
	return programme.Cohort{ID: "2025", Starts: date(t, "2025-01-01"), Ends: date(t, "2025-12-31")}
}

func auto(t testing.TB, text string) programme.Baseline {
	t.Helper()
	return programme.Baseline{Auto: true, Period: span(t, text)}
}

func declared(t testing.TB, value float64, text string) programme.Baseline {
	t.Helper()
	return programme.Baseline{Value: value, Period: span(t, text)}
}

func goal(t testing.TB, text string) programme.Goal {
	t.Helper()
	g, err := programme.ParseGoal(text)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestAutoBaseline(t *testing.T) {
	months := make([]float64, 24) // 2023 and 2024: 1 to 24
	for n := range months {
		months[n] = float64(n + 1)
	}
	series := final(t, "2023-01", months...)
	for _, c := range []struct {
		name    string
		measure programme.Measure
		period  string
		series  []progress.Observed
		breaks  string
		want    float64
	}{
		{"latest: mean of the range", programme.Latest, "2024-11/2024-12", series, "", 23.5},
		{"mean: mean of the range", programme.Mean, "2024", series, "", 18.5},
		{"total: sum of the range", programme.Total, "2024", series, "", 222},
		{"rolling: sum of the year up to t0", programme.Rolling, "2024-06", series, "", 150},
		{"rolling mean: mean of the year up to t0", programme.RollingMean, "2024-06", series, "", 12.5},
		{"a period is not there yet", programme.Total, "2024", series[:23], "", unknown},
		{"a period is provisional", programme.Total, "2024", with(t, series, "2024-12", programme.Provisional), "", unknown},
		{"a period is suppressed", programme.Total, "2024", with(t, series, "2024-12", programme.Suppressed), "", unknown},
		{"a break in the range", programme.Total, "2024", series, "2024-07-01", unknown},
		{"a break before the range", programme.Total, "2024", series, "2024-01-01", 222},
		{"a break in the rolling year", programme.Rolling, "2024-06", series, "2024-01-01", unknown},
		{"no period ends in the range", programme.Latest, "2024-W20", series, "", unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := indicator(c.measure)
			if c.breaks != "" {
				i.Breaks = []programme.Date{date(t, c.breaks)}
			}
			wantFigure(t, "baseline", progress.AutoBaseline(i, span(t, c.period), c.series), c.want)
		})
	}
}

func TestResolve(t *testing.T) {
	i := indicator(programme.Latest)
	series := final(t, "2024-01", zigzag(100, 102, 12)...)
	steps := []programme.Milestone{{On: date(t, "2025-06-30"), Goal: goal(t, "-5%")}, {On: date(t, "2025-09-30"), Goal: goal(t, "93")}}
	for _, c := range []struct {
		name   string
		target programme.Target
		want   progress.Resolved
	}{
		{
			"relative to an automatic baseline",
			programme.Target{Baseline: auto(t, "2024"), Goal: goal(t, "-10%"), Path: programme.Steps, Milestones: steps},
			progress.Resolved{
				Baseline: progress.Known(101), Target: progress.Known(90.9),
				BaselineEnd: date(t, "2024-12-31"), Start: date(t, "2024-12-31"), End: date(t, "2025-12-31"),
				Trajectory: programme.Steps, Milestones: []progress.Milestone{{On: date(t, "2025-06-30"), Value: 95.95}, {On: date(t, "2025-09-30"), Value: 93}},
			},
		},
		{
			"a baseline that waits",
			programme.Target{Baseline: auto(t, "2023-07/2024-06"), Goal: goal(t, "-10%"), Period: span(t, "2025-06")},
			progress.Resolved{
				BaselineEnd: date(t, "2024-06-30"), Start: date(t, "2024-12-31"), End: date(t, "2025-06-30"), Trajectory: programme.Linear,
			},
		},
		{
			"points from a baseline within the year",
			programme.Target{Baseline: declared(t, 50, "2024-07/2025-03"), Goal: goal(t, "-10pp")},
			progress.Resolved{
				Baseline: progress.Known(50), Target: progress.Known(40),
				BaselineEnd: date(t, "2025-03-31"), Start: date(t, "2025-03-31"), End: date(t, "2025-12-31"), Trajectory: programme.Linear,
			},
		},
		{
			"a range to stay in",
			programme.Target{Band: &programme.Band{Low: 40, High: 60}},
			progress.Resolved{
				BaselineEnd: date(t, "2024-12-31"), Start: date(t, "2024-12-31"), End: date(t, "2025-12-31"), Trajectory: programme.Linear,
				Band: &programme.Band{Low: 40, High: 60},
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, faults := progress.Resolve(c.target, i, year2025(t), series)
			if len(faults) > 0 {
				t.Errorf("faults %v", faults)
			}
			if diff := cmp.Diff(c.want, got, approximately); diff != "" {
				t.Error(diff)
			}
			if ready := c.name != "a baseline that waits"; got.Ready() != ready {
				t.Errorf("ready is %v", got.Ready())
			}
		})
	}
}

func TestResolveFaults(t *testing.T) {
	quiet := zigzag(100, 102, 24)
	unusual := append(zigzag(100, 102, 23), 120)
	for _, c := range []struct {
		name    string
		measure programme.Measure
		target  programme.Target
		history []float64 // of 2023 and 2024
		breaks  string
		want    []string // field and beginning of the message
	}{
		{"nothing wrong", programme.Latest, programme.Target{Baseline: auto(t, "2024"), Goal: goal(t, "80")}, quiet, "", nil},
		{
			"a target on the wrong side", programme.Latest,
			programme.Target{Baseline: declared(t, 70, "2023/2024"), Goal: goal(t, "80")},
			nil, "",
			[]string{"target: the target 80 is on the wrong side of the baseline 70 for an indicator to decrease"},
		},
		{"a target that is the baseline but for rounding", programme.Latest, programme.Target{Baseline: declared(t, 0.3, "2024"), Goal: goal(t, "0.30000000000000004")}, nil, "", nil},
		{
			"a relative target on nothing", programme.Latest,
			programme.Target{Baseline: declared(t, 0, "2024"), Goal: goal(t, "-10%")},
			nil, "",
			[]string{"target: -10% of a baseline of 0 is not defined"},
		},
		{"points from nothing", programme.Latest, programme.Target{Baseline: declared(t, 0, "2024"), Goal: goal(t, "-10pp")}, nil, "", nil},
		{
			"a relative target beyond what can be judged", programme.Latest,
			programme.Target{Baseline: declared(t, -9e14, "2024"), Goal: goal(t, "-5e14pp")},
			nil, "",
			[]string{"target: the target of -500000000000000pp is beyond 1e15"},
		},
		{
			"a total of another length", programme.Total,
			programme.Target{Baseline: auto(t, "2024-07/2024-12"), Goal: goal(t, "-50%")},
			quiet, "",
			[]string{"baseline.period: the total of 6 months (baseline 2024-07/2024-12) cannot be compared with that of 12 months"},
		},
		{
			"a range without a period", programme.Latest,
			programme.Target{Baseline: auto(t, "2024-W20"), Goal: goal(t, "80")},
			quiet, "",
			[]string{"baseline.period: no month ends within 2024-W20"},
		},
		{
			"compound through zero", programme.Latest,
			programme.Target{Baseline: declared(t, 5, "2024"), Goal: goal(t, "-5"), Path: programme.Compound},
			nil, "",
			[]string{"trajectory: a compound path cannot go from 5 to -5, through zero"},
		},
		{
			"compound to zero", programme.Latest,
			programme.Target{Baseline: declared(t, 5, "2024"), Goal: goal(t, "0"), Path: programme.Compound},
			nil, "",
			[]string{"trajectory: a compound path cannot go from 5 to 0, through zero"},
		},
		{
			"an automatic baseline across a break", programme.Latest,
			programme.Target{Baseline: auto(t, "2024"), Goal: goal(t, "80")},
			quiet, "2024-07-01",
			[]string{"baseline.period: the definition changed on 2024-07-01: a baseline of 2024 cannot be measured"},
		},
		{
			"an automatic baseline before a break", programme.Latest,
			programme.Target{Baseline: auto(t, "2024"), Goal: goal(t, "80")},
			quiet, "2025-01-01",
			[]string{"baseline.period: the definition changed on 2025-01-01: a baseline of 2024 cannot be measured"},
		},
		{
			"a declared baseline before a break", programme.Latest,
			programme.Target{Baseline: declared(t, 101, "2024"), Goal: goal(t, "80")},
			nil, "2025-01-01",
			[]string{"warning baseline.value: the definition changed on 2025-01-01, after the baseline's period 2024"},
		},
		{
			"a break within the year", programme.Latest,
			programme.Target{Baseline: auto(t, "2024"), Goal: goal(t, "80")},
			quiet, "2025-07-01",
			[]string{"warning : the definition changes on 2025-07-01, within the target's year"},
		},
		{
			"a single period", programme.Latest,
			programme.Target{Baseline: auto(t, "2024-12"), Goal: goal(t, "80")},
			quiet, "",
			[]string{"warning baseline.period: the baseline rests on one month alone"},
		},
		{
			"an unusual period", programme.Latest,
			programme.Target{Baseline: auto(t, "2024-12"), Goal: goal(t, "80")},
			unusual, "",
			[]string{"warning baseline.period: the baseline rests on one month alone", "warning baseline.value: the baseline is unusual: 120 per month, when earlier values vary from 95.64 to 106.3"},
		},
		{
			"a target within noise", programme.Latest,
			programme.Target{Baseline: auto(t, "2024"), Goal: goal(t, "-2%")},
			quiet, "",
			[]string{"warning target: the target is 2.02 away from the baseline, but a year in which nothing changes varies by 2.272"},
		},
		{"a total beyond noise", programme.Total, programme.Target{Baseline: auto(t, "2024"), Goal: goal(t, "-0.7%")}, quiet, "", nil},
		{
			"a milestone beyond what can be judged", programme.Latest,
			programme.Target{
				Baseline: declared(t, 9e14, "2024"), Goal: goal(t, "1"), Path: programme.Steps,
				Milestones: []programme.Milestone{{On: date(t, "2025-06-30"), Goal: goal(t, "+90%")}},
			},
			nil, "",
			[]string{"milestones.0: the milestone of +90% is beyond 1e15"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := indicator(c.measure)
			if c.breaks != "" {
				i.Breaks = []programme.Date{date(t, c.breaks)}
			}
			r, faults := progress.Resolve(c.target, i, year2025(t), final(t, "2023-01", c.history...))
			if len(faults) != len(c.want) {
				t.Fatalf("faults %v, want %q", faults, c.want)
			}
			if refused := slices.ContainsFunc(faults, func(f programme.Fault) bool { return !f.Warning }); r.Ready() == refused {
				t.Errorf("refused is %v, but ready is %v", refused, r.Ready())
			}
			for n, f := range faults {
				got := f.Field + ": " + f.Message
				if f.Warning {
					got = "warning " + got
				}
				if !strings.HasPrefix(got, c.want[n]) {
					t.Errorf("fault %q, want %q", got, c.want[n])
				}
				if f.Hint == "" || f.Noun != programme.TargetNoun {
					t.Errorf("fault %+v has no hint or not the noun", f)
				}
			}
		})
	}
}
