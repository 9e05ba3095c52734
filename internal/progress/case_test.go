package progress_test

import (
	"math"
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// gap stands for a period without an observation in the series of a test.
var gap = math.NaN()

func date(t testing.TB, text string) programme.Date {
	t.Helper()
	d, err := programme.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func period(t testing.TB, text string) programme.Period {
	t.Helper()
	p, err := programme.ParsePeriod(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func span(t testing.TB, text string) programme.Range {
	t.Helper()
	r, err := programme.ParseRange(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// final is a series of final values from a period on.
func final(t testing.TB, first string, values ...float64) []progress.Observed {
	t.Helper()
	p := period(t, first)
	var series []progress.Observed
	for n, v := range values {
		if !math.IsNaN(v) {
			series = append(series, progress.Observed{Period: p.Plus(n), Value: v, Status: programme.Final})
		}
	}
	return series
}

// with gives one period of a series another status.
func with(t testing.TB, series []progress.Observed, at string, status programme.ObservationStatus) []progress.Observed {
	t.Helper()
	p := period(t, at)
	changed := append([]progress.Observed(nil), series...)
	for n := range changed {
		if changed[n].Period == p {
			changed[n].Status = status
			return changed
		}
	}
	t.Fatalf("the series has no %s", at)
	return nil
}

func constant(v float64, n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = v
	}
	return values
}

// indicator is a monthly quantity that should decrease.
func indicator(m programme.Measure) programme.Indicator {
	return programme.Indicator{
		ID: "thefts", Kind: programme.Quantity, Frequency: programme.Monthly,
		Direction: programme.Decrease, Measure: m, DueDays: programme.DefaultDueDays,
	}
}

// cohort2025 is a target for the year 2025 against a baseline of 2024.
func cohort2025(t testing.TB, m programme.Measure, b, target float64) progress.Resolved {
	t.Helper()
	return progress.Resolved{
		Baseline: progress.Known(b), Target: progress.Known(target),
		BaselineEnd: date(t, "2024-12-31"), Start: date(t, "2024-12-31"), End: date(t, "2025-12-31"),
		Trajectory: m.DefaultTrajectory(),
	}
}

func wantFigure(t testing.TB, name string, got progress.Figure, want float64) {
	t.Helper()
	switch {
	case math.IsNaN(want):
		if got.Known {
			t.Errorf("%s is %v, want unknown", name, got)
		}
	case !got.Known:
		t.Errorf("%s is unknown, want %.12f", name, want)
	case math.Abs(got.Number-want) > 1e-9*max(1, math.Abs(want)):
		t.Errorf("%s is %.12f, want %.12f", name, got.Number, want)
	}
}

var unknown = math.NaN()
