package store

import (
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
)

// keptTargets are those in force that the programme does not name, although it
// changes what they mean: their indicator is measured in another way, or their
// cohort has other dates.
func (a *applying) keptTargets(d *declared) []programme.Target {
	named := a.p.Index().Targets
	var kept []programme.Target
	for _, t := range d.Targets {
		if _, ok := named[t.Key()]; ok {
			continue
		}
		key := programme.IndicatorKey{City: t.City, Indicator: t.Indicator}
		if !measuredAlike(a.stands.index.Indicators[key], d.index.Indicators[key]) || a.stands.index.Cohorts[t.Cohort] != d.index.Cohorts[t.Cohort] {
			kept = append(kept, t)
		}
	}
	return kept
}

// measuredAlike reports whether a target means the same for two declarations of
// its indicator.
func measuredAlike(a, b programme.Indicator) bool {
	return a.Frequency == b.Frequency && a.Direction == b.Direction && a.Measure == b.Measure && a.JudgeProvisional == b.JudgeProvisional &&
		slices.Equal(a.Breaks, b.Breaks)
}

// ofKept are the faults of a target that is kept, as faults of what changed its
// meaning: nobody declared it here.
func (a *applying) ofKept(d *declared, t programme.Target, faults []programme.Fault) (all []programme.Fault) {
	city := d.index.Cities[t.City]
	city.Cohorts = []string{t.Cohort} // that it left it is no matter here
	alone := programme.Programme{
		Cohorts: []programme.Cohort{d.index.Cohorts[t.Cohort]}, Cities: []programme.City{city}, Targets: []programme.Target{t},
		Indicators: []programme.Indicator{d.index.Indicators[programme.IndicatorKey{City: t.City, Indicator: t.Indicator}]},
	}
	for _, f := range slices.Concat(alone.Check(), faults) {
		if f.Noun != programme.TargetNoun || f.Warning {
			continue
		}
		where := a.changedFor(t)
		where.Message = "the target " + t.Key().String() + " stands, though the programme does not name it, and cannot be judged any more: " + f.Message
		where.Hint = "name the target as it is to be, or remove it with --prune"
		all = append(all, where)
	}
	return all
}

// changedFor is a fault of the indicator of a target that is kept, or else of
// its cohort.
func (a *applying) changedFor(t programme.Target) programme.Fault {
	at := slices.IndexFunc(a.p.Indicators, func(i programme.Indicator) bool { return i.City == t.City && i.ID == t.Indicator })
	if at >= 0 {
		return programme.Fault{Noun: programme.IndicatorNoun, Index: at}
	}
	at = slices.IndexFunc(a.p.Cohorts, func(c programme.Cohort) bool { return c.ID == t.Cohort })
	return programme.Fault{Noun: programme.CohortNoun, Index: at}
}
