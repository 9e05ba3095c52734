package exposition

import (
	"context"
	"maps"
	"math"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// fakeSource holds standings in memory.
type fakeSource struct {
	changed chan struct{}

	mu          sync.Mutex
	generations map[string]int64
	standings   map[string]progress.Standing
	failure     error // of everything but Wait
	deaf        error // of Wait
	asked       int
	loaded      [][]string
}

func newSource(standings ...progress.Standing) *fakeSource {
	s := &fakeSource{
		changed:     make(chan struct{}, 1),
		generations: map[string]int64{},
		standings:   map[string]progress.Standing{},
	}
	s.set(standings...)
	return s
}

// set changes standings without a notification.
func (s *fakeSource) set(standings ...progress.Standing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, standing := range standings {
		s.standings[standing.City.ID] = standing
		s.generations[standing.City.ID]++
	}
}

// put changes standings and says so.
func (s *fakeSource) put(standings ...progress.Standing) {
	s.set(standings...)
	s.notify()
}

func (s *fakeSource) change(how func()) {
	s.mu.Lock()
	how()
	s.mu.Unlock()
	s.notify()
}

func (s *fakeSource) notify() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

func (s *fakeSource) Generations(context.Context) (map[string]int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	return maps.Clone(s.generations), s.failure
}

func (s *fakeSource) Standings(_ context.Context, cities []string) ([]progress.Standing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loaded = append(s.loaded, slices.Clone(cities))
	var all []progress.Standing
	for _, city := range cities {
		standing, found := s.standings[city]
		if !found {
			continue
		}
		standing.Indicators = slices.Clone(standing.Indicators)
		for i := range standing.Indicators {
			standing.Indicators[i].Targets = slices.Clone(standing.Indicators[i].Targets)
		}
		all = append(all, standing)
	}
	return all, s.failure
}

func (s *fakeSource) Wait(ctx context.Context) error {
	s.mu.Lock()
	deaf := s.deaf
	s.mu.Unlock()
	if deaf != nil {
		return deaf
	}
	select {
	case <-s.changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// sampleTime is the clock of views that are not run.
var sampleTime = time.Date(2025, time.October, 14, 8, 30, 0, 250_000_000, time.UTC)

// newView is a view of a source with a clock that stands still, and all of the
// process's metrics that are the same on every machine.
func newView(source Source) *View {
	process := prometheus.NewRegistry()
	uploads := NewUploads()
	uploads.Observe(Applied, Rows{New: 12, Changed: 1}, 80*time.Millisecond)
	process.MustRegister(uploads)
	return New(source, process, Options{
		Clock: func() time.Time { return sampleTime },
		Build: Build{Version: "1.2.3", Revision: "0123abc", GoVersion: "go1.26"}, Installation: "0c7f4b1e-3a52-4f6e-9d0a-1f2e3d4c5b6a",
	})
}

// newLoadedView is a view that shows the standings.
func newLoadedView(t testing.TB, standings ...progress.Standing) *View {
	t.Helper()
	v := newView(newSource(standings...))
	if err := v.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return v
}

// get is what a client without compression gets.
func get(t testing.TB, v *View, path string) string {
	t.Helper()
	answer := httptest.NewRecorder()
	v.Handler().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
	return answer.Body.String()
}

// simple is a city with one indicator that has one value.
func simple(city string, value float64) progress.Standing {
	return progress.Standing{
		City: programme.City{ID: city, Name: city, Country: "US"},
		Indicators: []progress.IndicatorStanding{{
			Indicator: programme.Indicator{City: city, ID: "robberies", Title: "Robberies", Unit: "incidents", Frequency: programme.Monthly},
			Newest:    &programme.Observation{Period: programme.Month(2025, time.September), Value: value},
		}},
	}
}

func date(month time.Month, day int) programme.Date { return programme.NewDate(2025, month, day) }

// sample is a programme with one of everything that the exposition tells apart.
func sample() []progress.Standing {
	year := programme.Cohort{ID: "2025", Starts: date(time.January, 1), Ends: date(time.December, 31)}
	earlier := programme.Cohort{ID: "2024", Starts: date(time.January, 1).AddYears(-1), Ends: date(time.December, 31).AddYears(-1)}
	robberies := progress.IndicatorStanding{
		Indicator: programme.Indicator{
			City: "riverton", ID: "robberies", Title: `Robberies, "street" \ shop`, Unit: "incidents", Problem: "violence",
			Lens: programme.Outcome, Kind: programme.Count, Frequency: programme.Monthly,
			Direction: programme.Decrease, Measure: programme.Total,
		},
		Newest:    &programme.Observation{Period: programme.Month(2025, time.September), Value: 61},
		Freshness: progress.Fresh,
		Due:       date(time.November, 30),
		Targets: []progress.TargetStanding{
			{Cohort: year, Ends: year.Ends, Assessment: progress.Assessment{
				Value: progress.Known(754.264462809917), Baseline: progress.Known(833), Target: progress.Known(749.7), Expected: progress.Known(749.7),
				Progress: progress.Known(0.945204528092), ExpectedProgress: progress.Known(1), Pace: progress.Known(0.945204528092),
				PaceLower: progress.Known(0.688842937537), PaceUpper: progress.Known(1.201566118647), Status: progress.TooClose,
			}},
			{Cohort: earlier, Ends: earlier.Ends, Assessment: progress.Assessment{
				Value: progress.Known(833), Baseline: progress.Known(900), Target: progress.Known(850), Expected: progress.Known(850),
				Progress: progress.Known(1.34), ExpectedProgress: progress.Known(1), Pace: progress.Known(1.34),
				PaceLower: progress.Known(1.34), PaceUpper: progress.Known(1.34), Status: progress.Met,
			}},
		},
	}
	beds := progress.IndicatorStanding{
		Indicator: programme.Indicator{
			City: "riverton", ID: "beds", Title: "Shelter beds in use\nper night", Unit: "%",
			Lens: programme.Cause, Kind: programme.Quantity, Frequency: programme.Weekly,
			Direction: programme.Maintain, Measure: programme.Latest,
		},
		Newest:    &programme.Observation{Period: programme.PeriodOf(programme.Weekly, date(time.October, 1)), Value: -0.5},
		Freshness: progress.Late,
		Due:       date(time.October, 12),
		Targets: []progress.TargetStanding{{Cohort: year, Ends: date(time.December, 28), Assessment: progress.Assessment{
			Value: progress.Known(-0.5), Status: progress.OnTrack,
		}}},
	}
	unheard := progress.IndicatorStanding{
		Indicator: programme.Indicator{
			City: "aldea", ID: "weight", Title: "Children who are overweight", Unit: "%", Problem: "obesity",
			Lens: programme.Outcome, Kind: programme.Quantity, Frequency: programme.Annual,
			Direction: programme.Decrease, Measure: programme.Latest,
		},
		Targets: []progress.TargetStanding{{Cohort: year, Ends: year.Ends, Assessment: progress.Assessment{
			Baseline: progress.Known(31.5), Target: progress.Known(3e6),
			Pace:   progress.Figure{Number: math.NaN(), Known: true},
			Status: progress.NoData,
		}}},
	}
	return []progress.Standing{
		{
			City:       programme.City{ID: "riverton", Name: "Riverton", Country: "US", Timezone: "America/New_York"},
			Indicators: []progress.IndicatorStanding{robberies, beds},
		},
		{
			City:       programme.City{ID: "aldea", Name: "Aldea del Río \xff", Country: "MX"},
			Indicators: []progress.IndicatorStanding{unheard},
		},
		{City: programme.City{ID: "newcomer", Name: "Newcomer", Country: "GB", Timezone: "Europe/London"}},
	}
}
