package progress_test

import (
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// TestStatusByPace goes from 110 to 10 on a level path, so that the newest value
// v has the pace (110 - v)/100; history lends it the half-width given.
func TestStatusByPace(t *testing.T) {
	const normal80 = 1.2815515655446004
	for _, c := range []struct {
		name            string
		pace, halfWidth float64
		want            progress.Status
	}{
		{"on the path", 1, 0, progress.OnTrack},
		{"ahead", 3, 0.5, progress.OnTrack},
		{"at the upper cut point", 0.95, 0, progress.OnTrack},
		{"just under it", 0.9499, 0, progress.Slipping},
		{"good, but by noise", 1, 0.5, progress.TooClose},
		{"good, with noise to the lower cut point", 1, 0.4, progress.OnTrack},
		{"bad, but by noise", 0.7, 0.25, progress.TooClose},
		{"bad, beyond noise", 0.7, 0.24, progress.Slipping},
		{"at the lower cut point", 0.6, 0, progress.Slipping},
		{"just under it", 0.5999, 0, progress.OffTrack},
		{"nothing done", 0, 0, progress.OffTrack},
		{"backwards, but by noise", -0.3, 0.31, progress.OffTrack},
		{"backwards", -0.3, 0.29, progress.MovingAway},
		{"backwards in great noise", -0.3, 2, progress.TooClose},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := indicator(programme.Latest)
			r := cohort2025(t, i.Measure, 110, 10)
			r.Trajectory = programme.Level
			step := c.halfWidth * 100 / normal80 * 1.128
			series := append(final(t, "2023-01", zigzag(110, 110+step, 24)...), final(t, "2025-01", 110-100*c.pace)...)
			a := progress.Assess(i, r, series, date(t, "2025-02-01"))
			wantFigure(t, "pace", a.Pace, c.pace)
			wantFigure(t, "h", a.HalfWidth, c.halfWidth)
			if a.Status != c.want {
				t.Errorf("status is %s, want %s", a.Status, c.want)
			}
		})
	}
}

func TestStatusByDay(t *testing.T) {
	falling := final(t, "2025-01", 109, 90, 85, 80, 70, 60, 50, 40, 30, 20, 15, 10)
	for _, c := range []struct {
		name    string
		measure programme.Measure
		b       float64
		target  float64
		series  []progress.Observed
		day     string
		want    progress.Status
	}{
		{"before the year", programme.Latest, 110, 10, falling, "2024-12-31", progress.NoData},
		{"nothing came", programme.Latest, 110, 10, nil, "2025-06-30", progress.NoData},
		{"nothing came all year", programme.Latest, 110, 10, nil, "2026-06-30", progress.NoData},
		{"in time", programme.Latest, 110, 10, falling[:6], "2025-08-30", progress.OnTrack},
		{"late by one period", programme.Latest, 110, 10, falling[:6], "2025-09-30", progress.OnTrack},
		{"late by two", programme.Latest, 110, 10, falling[:6], "2025-10-01", progress.Awaiting},
		{"at the target, before the end", programme.Latest, 110, 10, falling, "2025-12-31", progress.OnTrack},
		{"reached", programme.Latest, 110, 10, falling, "2026-01-01", progress.Met},
		{"reached but for rounding", programme.Latest, 110, 10 - 1e-10, falling, "2026-01-01", progress.Met},
		{"missed by a little", programme.Latest, 110, 9.99, falling, "2026-01-01", progress.Missed},
		{"a latest value needs the last period alone", programme.Latest, 110, 10, falling[11:], "2026-01-01", progress.Met},
		{"a mean needs all", programme.Mean, 110, 10, falling[1:], "2026-01-01", progress.Awaiting},
		{"a mean that has all", programme.Mean, 110, 60, falling, "2026-01-01", progress.Met},
		{"a rolling year needs its window", programme.Rolling, 1100, 660, falling, "2026-01-01", progress.Met},
		{"a rolling year that ended before", programme.Rolling, 1100, 660, append(final(t, "2024-12", 1), falling[:11]...), "2026-01-01", progress.Awaiting},
		{"years later", programme.Latest, 110, 10, falling, "2035-01-01", progress.Met},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := indicator(c.measure)
			a := progress.Assess(i, cohort2025(t, c.measure, c.b, c.target), c.series, date(t, c.day))
			if a.Status != c.want {
				t.Errorf("status is %s (M %s, pace %s, %s), want %s", a.Status, a.Value, a.Pace, a.Freshness, c.want)
			}
		})
	}
}

func TestEarly(t *testing.T) {
	daily := indicator(programme.Latest)
	daily.Frequency = programme.Daily
	total := indicator(programme.Total)
	lateSeason := append(constant(1, 11), 1000)
	for _, c := range []struct {
		name   string
		i      programme.Indicator
		series []progress.Observed
		day    string
		want   progress.Status
	}{
		{"18 of 365 days", daily, final(t, "2025-01-18", 100), "2025-01-18", progress.Early},
		{"19 of 365 days", daily, final(t, "2025-01-19", 100), "2025-01-19", progress.OnTrack},
		{"a small share of the year", total, append(final(t, "2024-01", lateSeason...), final(t, "2025-01", constant(1, 11)...)...), "2025-11-30", progress.Early},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := progress.Assess(c.i, cohort2025(t, c.i.Measure, 1011, 1001), c.series, date(t, c.day))
			if a.Status != c.want {
				t.Errorf("status is %s (e %s, share %s), want %s", a.Status, a.ExpectedProgress, a.Share, c.want)
			}
		})
	}
}

func TestAtTarget(t *testing.T) {
	i := indicator(programme.Latest)
	for _, c := range []struct {
		name  string
		value float64
		day   string
		want  bool
	}{
		{"reached early", 10, "2025-06-30", true},
		{"on the path only", 20, "2025-06-30", false},
		{"after the end", 10, "2026-01-01", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := cohort2025(t, i.Measure, 30, 10)
			a := progress.Assess(i, r, final(t, "2025-06", c.value, c.value, c.value, c.value, c.value, c.value, c.value), date(t, c.day))
			if a.AtTarget != c.want {
				t.Errorf("at target is %v at %s, want %v", a.AtTarget, a.Status, c.want)
			}
		})
	}
}

func TestNotReadyHasNoData(t *testing.T) {
	i := indicator(programme.Total)
	r := cohort2025(t, i.Measure, 0, 0)
	r.Baseline, r.Target = progress.Unknown, progress.Unknown
	a := progress.Assess(i, r, final(t, "2025-01", 1, 2), date(t, "2025-03-15"))
	if a.Status != progress.NoData || a.Freshness != progress.Fresh {
		t.Errorf("status is %s, freshness %s", a.Status, a.Freshness)
	}
	wantFigure(t, "M", a.Value, 18)
	wantFigure(t, "x", a.Expected, unknown)
}
