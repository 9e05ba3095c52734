package demo

import (
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// judged is every target of a sample with its assessment on the day.
func judged(t *testing.T, today programme.Date, seed uint64) map[programme.TargetKey]progress.Assessment {
	t.Helper()
	p, observations := Sample(today, seed)
	series := observed(observations)
	index := p.Index()
	all := make(map[programme.TargetKey]progress.Assessment, len(p.Targets))
	for _, target := range p.Targets {
		indicator := index.Indicators[programme.IndicatorKey{City: target.City, Indicator: target.Indicator}]
		resolved, faults := progress.Resolve(target, indicator, index.Cohorts[target.Cohort], series[indicator.Key()])
		for _, f := range faults {
			if !f.Warning {
				t.Errorf("%s on %s with seed %d is refused: %v", target.Key(), today, seed, f)
			}
		}
		all[target.Key()] = progress.Assess(indicator, resolved, series[indicator.Key()], today)
	}
	return all
}

func observed(observations iter.Seq[programme.Observation]) map[programme.IndicatorKey][]progress.Observed {
	series := make(map[programme.IndicatorKey][]progress.Observed)
	for o := range observations {
		key := programme.IndicatorKey{City: o.City, Indicator: o.Indicator}
		series[key] = append(series[key], progress.Observed{Period: o.Period, Value: o.Value, Status: o.Status})
	}
	return series
}

func TestEveryStatusOccursAllTheYear(t *testing.T) {
	for seed := range uint64(3) {
		for month := range time.Month(12) {
			today := programme.NewDate(2026, month+1, 1+int(seed)*9)
			t.Run(fmt.Sprintf("%s seed %d", today, seed), func(t *testing.T) {
				counts := make(map[progress.Status]int)
				freshness := make(map[progress.Freshness]int)
				for _, a := range judged(t, today, seed) {
					counts[a.Status]++
					freshness[a.Freshness]++
				}
				for _, status := range progress.Statuses() {
					if counts[status] == 0 {
						t.Errorf("no target is %s: %v", status, counts)
					}
				}
				for _, f := range progress.Freshnesses() {
					if freshness[f] == 0 {
						t.Errorf("no indicator is %s: %v", f, freshness)
					}
				}
			})
		}
	}
}
