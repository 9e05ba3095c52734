package progress_test

import (
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// fiveYears is a total to be judged by five years of months.
func fiveYears(t testing.TB) (programme.Indicator, progress.Resolved, []progress.Observed, programme.Date) {
	t.Helper()
	i := indicator(programme.Total)
	i.Kind = programme.Count
	var months []float64
	for len(months) < 60 {
		months = append(months, robberies[:12]...)
	}
	return i, cohort2025(t, i.Measure, 833, 749.7), final(t, "2021-01", months...), date(t, "2025-09-30")
}

func BenchmarkAssess(b *testing.B) {
	i, r, series, day := fiveYears(b)
	b.ReportAllocs()
	for b.Loop() {
		if progress.Assess(i, r, series, day).Status == progress.NoData {
			b.Fatal("no data")
		}
	}
}
