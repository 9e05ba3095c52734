package metric_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/metric"
	"github.com/citygauge/citygauge/internal/progress"
)

func gauges() []metric.Gauge {
	all := []metric.Gauge{metric.Value()}
	for _, s := range metric.AllStates() {
		all = append(all, s.Gauge)
	}
	for _, f := range metric.Figures() {
		all = append(all, f.Gauge)
	}
	return all
}

func TestGauges(t *testing.T) {
	name := regexp.MustCompile(`^citygauge_indicator(_[a-z]+)+$`)
	seen := map[string]bool{}
	for _, g := range gauges() {
		t.Run(g.Name, func(t *testing.T) {
			if !name.MatchString(g.Name) || seen[g.Name] {
				t.Errorf("the name is no name of an indicator's metric, or is there twice")
			}
			if !strings.HasSuffix(g.Help, ".") || strings.ContainsAny(g.Help, "\\\"\n") {
				t.Errorf("help is no sentence, or needs escaping: %s", g.Help)
			}
			seen[g.Name] = true
		})
	}
}

// No two gauges may show the same number of an assessment under two names.
func TestFiguresDiffer(t *testing.T) {
	a := progress.Assessment{
		Value: progress.Known(1), Baseline: progress.Known(2), Target: progress.Known(3), Expected: progress.Known(4),
		Progress: progress.Known(5), ExpectedProgress: progress.Known(6), Pace: progress.Known(7), PaceLower: progress.Known(8), PaceUpper: progress.Known(9),
		Forecast: progress.Forecast{
			Projected: progress.Known(10), Lower: progress.Known(11), Upper: progress.Known(12), Probability: progress.Known(13),
		},
	}
	for n, f := range metric.Figures() {
		if got, want := f.Of(&a), progress.Known(float64(n+1)); got != want {
			t.Errorf("%s is %v, want %v", f.Name, got, want)
		}
	}
}

func TestStatus(t *testing.T) {
	status := metric.Status()
	for _, s := range progress.Statuses() {
		if got := status.Of(&progress.Assessment{Status: s}); got != string(s) || !slices.Contains(status.All, got) {
			t.Errorf("%s is %q, one of %q", s, got, status.All)
		}
	}
}
