package exposition

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/citygauge/citygauge/internal/source"
)

// Sources tells how the sources of the installation stand. It is a collector, to
// be registered with a registry that one server of several shows: what it tells
// is the same whoever asks.
type Sources struct {
	load  func(context.Context) ([]source.State, error)
	log   *slog.Logger
	known atomic.Pointer[map[string][]source.State] // by city
}

var (
	succeededDesc = prometheus.NewDesc("citygauge_source_last_success_timestamp_seconds",
		"When a source was last pulled without a failure.", []string{"city", "source"}, nil)
	sourceUpDesc = prometheus.NewDesc("citygauge_source_up",
		"Whether the last pull of a source went well.", []string{"city", "source"}, nil)
	runsDesc = prometheus.NewDesc("citygauge_source_runs_total",
		"Pulls of a source, by how they ended.", []string{"city", "source", "outcome"}, nil)
)

// NewSources shows nothing before [Sources.Run] has loaded something.
func NewSources(load func(context.Context) ([]source.State, error), log *slog.Logger) *Sources {
	return &Sources{load: load, log: log}
}

// Run loads how sources stand, every so often, until ctx ends. Where that fails,
// what was known stays.
func (s *Sources) Run(ctx context.Context, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		states, err := s.load(ctx)
		switch {
		case err == nil:
			known := map[string][]source.State{}
			for _, one := range states {
				known[one.Key.City] = append(known[one.Key.City], one)
			}
			s.known.Store(&known)
		case ctx.Err() == nil:
			s.log.Error("load how sources stand", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Describe implements [prometheus.Collector].
func (s *Sources) Describe(ch chan<- *prometheus.Desc) { describe(ch) }

func describe(ch chan<- *prometheus.Desc) {
	ch <- succeededDesc
	ch <- sourceUpDesc
	ch <- runsDesc
}

// Collect implements [prometheus.Collector].
func (s *Sources) Collect(ch chan<- prometheus.Metric) {
	if states := s.known.Load(); states != nil {
		for _, of := range *states {
			ofCity(of).Collect(ch)
		}
	}
}

// OfCity tells the same of one city's sources.
func (s *Sources) OfCity(city string) prometheus.Collector {
	if states := s.known.Load(); states != nil {
		return ofCity((*states)[city])
	}
	return ofCity(nil)
}

// ofCity is how a city's sources stood when they were loaded.
type ofCity []source.State

// Describe implements [prometheus.Collector].
func (o ofCity) Describe(ch chan<- *prometheus.Desc) { describe(ch) }

// Collect implements [prometheus.Collector].
func (o ofCity) Collect(ch chan<- prometheus.Metric) {
	for _, one := range o {
		city, name := one.Key.City, one.Key.Source
		if !one.Succeeded.IsZero() {
			seconds := float64(one.Succeeded.UnixMilli()) / float64(time.Second/time.Millisecond)
			ch <- prometheus.MustNewConstMetric(succeededDesc, prometheus.GaugeValue, seconds, city, name)
		}
		if one.Up != nil {
			up := 0.0
			if *one.Up {
				up = 1
			}
			ch <- prometheus.MustNewConstMetric(sourceUpDesc, prometheus.GaugeValue, up, city, name)
		}
		for _, outcome := range source.Outcomes() {
			ch <- prometheus.MustNewConstMetric(runsDesc, prometheus.CounterValue, float64(one.Runs[outcome]), city, name, string(outcome))
		}
	}
}
