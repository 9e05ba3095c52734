package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
)

// BenchmarkPageOfTargets reads a page of a programme, and of one that is thirty
// times as large. x-larger is how many times as long the latter takes, by turns:
// 1 where a page costs what is on it, 30 where it costs what there is.
func BenchmarkPageOfTargets(b *testing.B) {
	const cities, indicators, larger, onPage = 100, 2, 30, 60
	small, large := installAt(b, testdb.New(b)), installAt(b, testdb.New(b))
	small.apply(b, besideProgramme(cities, indicators))
	large.apply(b, besideProgramme(cities*larger, indicators))
	full := errors.New("the page is full")
	page := func(i *installation, f store.Filter) time.Duration {
		began, read := time.Now(), 0
		err := i.EachTargetFrom(b.Context(), f, programme.Place{City: "city-5", Indicator: "i1"}, func(store.Judgeable) error {
			if read++; read == onPage {
				return full
			}
			return nil
		})
		if !errors.Is(err, full) {
			b.Fatal(read, err)
		}
		return time.Since(began)
	}
	for _, c := range []struct {
		name string
		store.Filter
	}{
		{name: "all"},
		{"cohort", store.Filter{Cohorts: []string{"2025"}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			var ofSmall, ofLarge time.Duration
			for b.Loop() {
				ofSmall += page(small, c.Filter)
				ofLarge += page(large, c.Filter)
			}
			b.ReportMetric(ofLarge.Seconds()/ofSmall.Seconds(), "x-larger")
			b.ReportMetric(ms(ofLarge, b.N), "page-ms")
		})
	}
}
