package progress_test

import (
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// BenchmarkAssess judges a total by five years of months.
func BenchmarkAssess(b *testing.B) {
	i := indicator(programme.Total)
	i.Kind = programme.Count
	var months []float64
	for len(months) < 60 {
		months = append(months, robberies[:12]...)
	}
	series := final(b, "2021-01", months...)
	r := cohort2025(b, i.Measure, 833, 749.7)
	day := date(b, "2025-09-30")
	b.ReportAllocs()
	for b.Loop() {
		if progress.Assess(i, r, series, day).Status == progress.NoData {
			b.Fatal("no data")
		}
	}
}
