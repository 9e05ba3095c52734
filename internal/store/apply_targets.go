package store

import (
	"context"
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// writeTargets resolves every declared target against the observations that
// there are, and brings those that differ from the ones in force into force.
func (a *applying) writeTargets(ctx context.Context) error {
	d, err := a.declared(ctx)
	if err != nil {
		return err
	}
	versions, err := a.targetVersions(ctx)
	if err != nil {
		return err
	}
	stands := make(map[programme.TargetKey]int, len(a.stands.Targets))
	for n, t := range a.stands.Targets {
		stands[t.Key()] = n
	}
	all := slices.Concat(a.p.Targets, a.keptTargets(d))
	var changed []newTarget
	for city, targets := range byCity(d, all) {
		observed, err := a.seriesOf(ctx, d, city, nil)
		if err != nil {
			return err
		}
		for _, n := range targets {
			next, faults := resolve(d, all[n], observed)
			if n >= len(a.p.Targets) {
				faults = a.ofKept(d, all[n], faults)
			}
			for _, f := range faults {
				if f.Noun == programme.TargetNoun {
					f.Index = n
				}
				a.faults = append(a.faults, f)
			}
			if at, ok := stands[next.declared.Key()]; ok {
				if a.stands.frequencies[city][next.id.indicator] == next.frequency &&
					sameTarget(a.stands.Targets[at], next.declared) && sameResolution(a.stands.targets[at].resolved, next.resolved) {
					continue
				}
				a.noteMoved(a.stands.targets[at].resolved.Baseline, next)
			}
			next.version = versions[next.id] + 1
			changed = append(changed, next)
			a.changed[city] = true
		}
	}
	slices.SortFunc(changed, func(a, b newTarget) int { return a.id.compare(b.id) })
	return a.putTargets(ctx, changed, a.now)
}

// noteMoved notes an automatic baseline that is no longer what it was.
func (a *applying) noteMoved(was progress.Figure, next newTarget) {
	if now := next.resolved.Baseline; next.declared.Baseline.Auto && was.Known && now != was {
		a.moved = append(a.moved, MovedBaseline{next.declared.Key(), was, now})
	}
}

// targetVersions is the newest version that each target ever had, also of those
// that were removed.
func (t *Tx) targetVersions(ctx context.Context) (map[targetID]int, error) {
	rows, err := t.QueryContext(ctx, `
		select city_id, indicator_id, cohort_id, max(version) from citygauge.target_revision
		group by city_id, indicator_id, cohort_id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	versions := map[targetID]int{}
	for rows.Next() {
		var id targetID
		var version int
		if err := rows.Scan(&id.city, &id.indicator, &id.cohort, &version); err != nil {
			return nil, err
		}
		versions[id] = version
	}
	return versions, rows.Err()
}

// byCity is the places of targets, by their city's id.
func byCity(d *declared, targets []programme.Target) map[int32][]int {
	byCity := map[int32][]int{}
	for n, t := range targets {
		city := d.series(t.City, t.Indicator).city
		byCity[city] = append(byCity[city], n)
	}
	return byCity
}

// resolve works out a target.
func resolve(d *declared, t programme.Target, observed map[int64][]progress.Observed) (newTarget, []programme.Fault) {
	series := d.series(t.City, t.Indicator)
	i := d.index.Indicators[programme.IndicatorKey{City: t.City, Indicator: t.Indicator}]
	resolved, faults := progress.Resolve(t, i, d.index.Cohorts[t.Cohort], observed[series.indicator])
	return newTarget{
		id: targetID{series, d.cohorts[t.Cohort]}, declared: t, resolved: resolved, frequency: i.Frequency,
	}, faults
}

// finish judges again every target of the cities that changed, and tells those
// who follow them.
func (a *applying) finish(ctx context.Context) error {
	d, err := a.declared(ctx)
	if err != nil {
		return err
	}
	a.would = d.Programme
	all := touched{}
	for _, t := range d.targets {
		if a.changed[t.id.city] {
			all[t.id.seriesID] = 0
		}
	}
	today := standingStill(a.opts.Today)
	j := &judging{Tx: a.Tx, d: d, today: today, now: a.now}
	if _, err := j.judge(ctx, all); err != nil {
		return err
	}
	if err := a.judgedOn(ctx, d, a.changed, today, false); err != nil {
		return err
	}
	return a.raiseGenerations(ctx, sortedCities(a.changed), true)
}
