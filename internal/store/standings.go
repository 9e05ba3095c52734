package store

import (
	"context"
	"database/sql"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/upload"
)

// Generations is how often each city changed, by slug: a city whose number is
// another than before is to be read again, one that is missing is gone.
func (s *Store) Generations(ctx context.Context) (map[string]int64, error) {
	generations := map[string]int64{}
	err := s.System(ctx, func(tx *Tx) error {
		rows, err := tx.QueryContext(ctx, `select slug, generation from citygauge.city join citygauge.city_state using (city_id)`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var city string
			var generation int64
			if err := rows.Scan(&city, &generation); err != nil {
				return err
			}
			generations[city] = generation
		}
		return rows.Err()
	})
	return generations, err
}

// Standings is how cities stand, by slug, in the order of slugs; those that do
// not exist are left out.
func (s *Store) Standings(ctx context.Context, cities []string) ([]progress.Standing, error) {
	return s.StandingsFor(ctx, nil, cities)
}

// StandingsFor is [Store.Standings] for a reader who may see the cities of a
// scope alone; nil is all.
func (s *Store) StandingsFor(ctx context.Context, scope upload.Scope, cities []string) ([]progress.Standing, error) {
	var all []progress.Standing
	err := s.inOneState(ctx, scope, func(tx *Tx) error {
		d, err := tx.declaredOf(ctx, cities)
		if err != nil {
			return err
		}
		newest, err := tx.newestObservations(ctx, d)
		if err != nil {
			return err
		}
		assessments, err := tx.newestAssessments(ctx, d)
		if err != nil {
			return err
		}
		all = d.standings(newest, assessments, s.today)
		return nil
	})
	return all, err
}

func (d *declared) standings(newest map[seriesID]newestObservations, assessments map[targetID]progress.Assessment,
	today func(programme.City) programme.Date,
) []progress.Standing {
	targets := map[seriesID][]int{}
	for n, t := range d.targets {
		targets[t.id.seriesID] = append(targets[t.id.seriesID], n)
	}
	all := make([]progress.Standing, len(d.Cities))
	places := make(map[string]int, len(d.Cities))
	for n, c := range d.Cities {
		all[n].City, places[c.ID] = c, n
	}
	for n, i := range d.Indicators {
		at := places[i.City]
		standing := d.indicatorStanding(i, targets[d.indicatorIDs[n]], newest[d.indicatorIDs[n]], assessments, today(d.Cities[at]))
		all[at].Indicators = append(all[at].Indicators, standing)
	}
	return all
}

func (d *declared) indicatorStanding(i programme.Indicator, targets []int, newest newestObservations,
	assessments map[targetID]progress.Assessment, today programme.Date,
) progress.IndicatorStanding {
	standing := progress.IndicatorStanding{Indicator: i, Newest: newest.shown}
	var first programme.Period
	for _, at := range targets {
		t := d.targets[at]
		if run := t.resolved.Window(i.Frequency); first.IsZero() || run.First.Compare(first) < 0 {
			first = run.First
		}
		a, judged := assessments[t.id]
		if !judged {
			a = progress.Assessment{Day: today, Status: progress.NoData, Baseline: t.resolved.Baseline, Target: t.resolved.Target}
		}
		standing.Targets = append(standing.Targets, progress.TargetStanding{
			Cohort: d.index.Cohorts[d.Targets[at].Cohort], Ends: t.resolved.End, Band: t.resolved.Band, Assessment: a,
		})
	}
	if !newest.delivered.IsZero() || !first.IsZero() {
		standing.Freshness, standing.Due = progress.FreshnessOf(i, newest.delivered, first, today)
	}
	return standing
}

// newestObservations are the newest of an indicator's observations: the newest
// with a value, and the period of the newest that was delivered as
// [progress.FreshnessOf] understands it, if there is one.
type newestObservations struct {
	shown     *programme.Observation
	delivered programme.Period
}

func (t *Tx) newestObservations(ctx context.Context, d *declared) (map[seriesID]newestObservations, error) {
	rows, err := t.QueryContext(ctx, `
		select i.city_id, i.indicator_id, delivered.period_start, o.period_start, o.value, o.status::text, o.note
		from citygauge.indicator i
		left join lateral (
		  select period_start from citygauge.observation
		  where city_id = i.city_id and indicator_id = i.indicator_id and (status in ('final', 'suppressed') or i.judge_provisional)
		  order by period_start desc
		  limit 1
		) delivered on true
		left join lateral (
		  select period_start, value, status, note from citygauge.observation
		  where city_id = i.city_id and indicator_id = i.indicator_id and status <> 'suppressed'
		  order by period_start desc
		  limit 1
		) o on true
		where i.city_id = any($1)`, pq.Array(d.cityIDs))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	byID := d.indicatorsByID()
	newest := map[seriesID]newestObservations{}
	for rows.Next() {
		var id seriesID
		var delivered, shown programme.Date
		var value progress.Figure
		var status, note sql.NullString
		if err := rows.Scan(&id.city, &id.indicator, &delivered, &shown, &value, &status, &note); err != nil {
			return nil, err
		}
		i := byID[id]
		var n newestObservations
		if !delivered.IsZero() {
			n.delivered = programme.PeriodOf(i.Frequency, delivered)
		}
		if !shown.IsZero() {
			n.shown = &programme.Observation{
				City: i.City, Indicator: i.ID, Period: programme.PeriodOf(i.Frequency, shown),
				Value: value.Number, Status: programme.ObservationStatus(status.String), Note: note.String,
			}
		}
		newest[id] = n
	}
	return newest, rows.Err()
}

func (t *Tx) newestAssessments(ctx context.Context, d *declared) (map[targetID]progress.Assessment, error) {
	rows, err := t.QueryContext(ctx, `
		select t.city_id, t.indicator_id, t.cohort_id, a.day, as_of, value, a.baseline, a.target, expected, progress, expected_progress,
		       pace, pace_lower, pace_upper, noise, status, at_target, coalesce(freshness, ''), due, observed, periods,
		       coalesce(need_form, ''), need, need_periods, need_best, limit_passed, signal, projected, projected_lower,
		       projected_upper, target_probability, coalesce(status_at_start, '')
		from citygauge.target t
		cross join lateral (
		  select * from citygauge.assessment
		  where city_id = t.city_id and indicator_id = t.indicator_id and cohort_id = t.cohort_id
		  order by day desc
		  limit 1
		) a
		where t.city_id = any($1)`, pq.Array(d.cityIDs))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	newest := map[targetID]progress.Assessment{}
	for rows.Next() {
		var id targetID
		var a progress.Assessment
		err := rows.Scan(&id.city, &id.indicator, &id.cohort, &a.Day, &a.AsOf, &a.Value, &a.Baseline, &a.Target, &a.Expected, &a.Progress,
			&a.ExpectedProgress, &a.Pace, &a.PaceLower, &a.PaceUpper, &a.Noise, &a.Status, &a.AtTarget, &a.Freshness, &a.Due,
			&a.Observed, &a.Periods, &a.Need.Form, &a.Need.PerPeriod, &a.Need.Periods, &a.Need.Best, &a.Need.LimitPassed, &a.Signal,
			&a.Forecast.Projected, &a.Forecast.Lower, &a.Forecast.Upper, &a.Forecast.Probability, &a.AtStart)
		if err != nil {
			return nil, err
		}
		newest[id] = a
	}
	return newest, rows.Err()
}
