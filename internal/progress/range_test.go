package progress_test

import (
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

func TestMaintain(t *testing.T) {
	i := indicator(programme.Latest)
	i.Direction = programme.Maintain
	r := cohort2025(t, i.Measure, 0, 0)
	r.Baseline, r.Target = progress.Unknown, progress.Unknown
	r.Band = &programme.Band{Low: 40, High: 60} // a tenth of its width is 2
	for _, c := range []struct {
		name  string
		value float64
		noise float64 // the difference of neighbours
		day   string
		want  progress.Status
	}{
		{"within", 50, 0, "2025-02-01", progress.OnTrack},
		{"on the edge", 60, 0, "2025-02-01", progress.OnTrack},
		{"on the edge but for rounding", 60 + 1e-9, 0, "2025-02-01", progress.OnTrack},
		{"near below", 38, 0, "2025-02-01", progress.Slipping},
		{"near above", 62, 0, "2025-02-01", progress.Slipping},
		{"far", 62.1, 0, "2025-02-01", progress.OffTrack},
		{"far, but by noise", 65, 5, "2025-02-01", progress.TooClose},
		{"far beyond noise", 66, 5, "2025-02-01", progress.OffTrack},
		{"kept", 50, 0, "2026-01-01", progress.Met},
		{"left", 60.1, 0, "2026-01-01", progress.Missed},
	} {
		t.Run(c.name, func(t *testing.T) {
			series := append(final(t, "2023-01", zigzag(50, 50+c.noise, 24)...), final(t, "2025-01", constant(c.value, 12)...)...)
			a := progress.Assess(i, r, series, date(t, c.day))
			if a.Status != c.want {
				t.Errorf("status is %s, want %s", a.Status, c.want)
			}
			if a.Pace.Known || a.Expected.Known || a.AtTarget || a.Need != (progress.Need{}) {
				t.Errorf("a range has no way to go, but %+v", a)
			}
		})
	}
}

func TestTargetThatIsTheBaseline(t *testing.T) {
	for _, c := range []struct {
		name      string
		direction programme.Direction
		target    float64
		value     float64
		want      progress.Status
	}{
		{"kept at most", programme.Decrease, 50, 20, progress.OnTrack},
		{"near", programme.Decrease, 50, 55, progress.Slipping},
		{"over", programme.Decrease, 50, 55.1, progress.OffTrack},
		{"kept but for rounding", programme.Decrease, 5e12, 5e12 + 1000, progress.OnTrack},
		{"kept at least", programme.Increase, 50, 90, progress.OnTrack},
		{"under", programme.Increase, 50, 44, progress.OffTrack},
		{"one of the last decimal is near nothing", programme.Decrease, 0, 1, progress.Slipping},
		{"two are not", programme.Decrease, 0, 2, progress.OffTrack},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := indicator(programme.Latest)
			i.Direction = c.direction
			r := cohort2025(t, i.Measure, c.target*(1+1e-12), c.target)
			a := progress.Assess(i, r, final(t, "2025-01", c.value), date(t, "2025-02-01"))
			if a.Status != c.want {
				t.Errorf("status is %s, want %s", a.Status, c.want)
			}
			wantFigure(t, "pace", a.Pace, unknown)
			wantFigure(t, "x", a.Expected, c.target)
		})
	}
}
