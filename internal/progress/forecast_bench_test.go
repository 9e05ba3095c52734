package progress_test

import (
	"sync"
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// BenchmarkPredict forecasts a year of months after four others.
func BenchmarkPredict(b *testing.B) {
	for _, kind := range programme.Kinds {
		b.Run(string(kind), func(b *testing.B) {
			i, r, series, day := fiveYears(b)
			i.Kind = kind
			b.ReportAllocs()
			for b.Loop() {
				if !progress.Predict(i, r, series, day).Projected.Known {
					b.Fatal("no forecast")
				}
			}
		})
	}
}

// BenchmarkJudgeAll judges many indicators of 60 observations as of a day,
// forecasts included, as a server with two cores would.
func BenchmarkJudgeAll(b *testing.B) {
	const cores = 2
	for _, size := range []struct {
		name       string
		indicators int
	}{{"5k", 5_000}, {"500k", 500_000}} {
		b.Run(size.name, func(b *testing.B) {
			i, r, series, day := fiveYears(b)
			for b.Loop() {
				var all sync.WaitGroup
				for range cores {
					all.Go(func() {
						for n := range size.indicators / cores {
							of := i
							of.Kind = programme.Kinds[n%len(programme.Kinds)]
							of.Measure = programme.Measures[n%len(programme.Measures)]
							progress.Assess(of, r, series, day)
							if !progress.Predict(of, r, series, day).Projected.Known {
								b.Error("no forecast")
								return
							}
						}
					})
				}
				all.Wait()
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "judge-s")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*size.indicators), "ns/indicator")
		})
	}
}
