package progress_test

import (
	"slices"
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

func TestLimits(t *testing.T) {
	// A year like the one before it, with 100 more in July.
	season := []float64{95, 105, 95, 105, 95, 105, 195, 105, 95, 105, 95, 105}
	years := append(slices.Clone(season), season...)
	for n := range season {
		years[12+n] += float64(n%2) * 2
	}
	broken := indicator(programme.Latest)
	broken.Breaks = []programme.Date{date(t, "2025-02-01")}
	for _, c := range []struct {
		name      string
		i         programme.Indicator
		series    []progress.Observed
		period    string
		low, high float64
		ok        bool
	}{
		{"the next month", indicator(programme.Latest), final(t, "2024-01", steady...), "2025-01", 73.4, 126.6, true},
		{"too few", indicator(programme.Latest), final(t, "2024-01", steady[1:]...), "2025-01", 0, 0, false},
		{"none", indicator(programme.Latest), nil, "2025-01", 0, 0, false},
		{"what stands, beyond them", indicator(programme.Latest), append(final(t, "2024-01", steady...), final(t, "2025-01", 400)...), "2025-01", 1600.0/13 - 26.6, 400, true},
		{"before the first", indicator(programme.Latest), final(t, "2024-01", steady...), "2023-12", 0, 0, false},
		{"across a break", broken, final(t, "2024-01", steady...), "2025-02", 0, 0, false},
		{"before a break", broken, final(t, "2024-01", steady...), "2025-01", 73.4, 126.6, true},
		{"a season's July", indicator(programme.Latest), final(t, "2023-01", years...), "2025-07", 195 + 1 - 5.32, 195 + 1 + 5.32, true},
		{"a season without the year before", indicator(programme.Latest), final(t, "2023-01", years...), "2026-01", 0, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			low, high, ok := progress.LimitsOf(&c.i, c.series).At(period(t, c.period))
			if ok != c.ok || !near(low, c.low) || !near(high, c.high) {
				t.Errorf("%v to %v (%v), want %v to %v (%v)", low, high, ok, c.low, c.high, c.ok)
			}
		})
	}
}

func near(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }
