package store

import (
	"cmp"
	"context"
	"slices"

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
		d := &declared{}
		if err := tx.read(ctx, d, cities, tx.readCohorts, tx.readCities, tx.readIndicators); err != nil {
			return err
		}
		g := newGathering(d)
		if err := tx.newestObservations(ctx, g, s.today); err != nil {
			return err
		}
		if err := tx.newestAssessments(ctx, g); err != nil {
			return err
		}
		all = g.standings(s.today)
		return nil
	})
	return all, err
}

// gathering is how cities stand, while it is read: what there is of the
// programme's indicators, in their order.
type gathering struct {
	*declared
	places     map[seriesID]int // of the indicators
	indicators []progress.IndicatorStanding
	delivered  []programme.Period // the newest, as [progress.FreshnessOf] understands it
	first      []programme.Period // of those by which a target is judged
}

func newGathering(d *declared) *gathering {
	n := len(d.Indicators)
	g := &gathering{
		declared: d, places: make(map[seriesID]int, n), indicators: make([]progress.IndicatorStanding, n),
		delivered: make([]programme.Period, n), first: make([]programme.Period, n),
	}
	for at, id := range d.indicatorIDs {
		g.places[id], g.indicators[at].Indicator = at, d.Indicators[at]
	}
	return g
}

// standings are the cities with their indicators, which stand in the order of
// cities.
func (g *gathering) standings(today func(programme.City) programme.Date) []progress.Standing {
	all := make([]progress.Standing, len(g.Cities))
	at := 0
	for n, c := range g.Cities {
		from, day := at, today(c)
		for ; at < len(g.indicators) && g.indicators[at].Indicator.City == c.ID; at++ {
			g.finish(at, day)
		}
		all[n] = progress.Standing{City: c, Indicators: g.indicators[from:at:at]}
	}
	return all
}

func (g *gathering) finish(at int, today programme.Date) {
	i := &g.indicators[at]
	slices.SortFunc(i.Targets, func(a, b progress.TargetStanding) int { return cmp.Compare(a.Cohort.ID, b.Cohort.ID) })
	for n := range i.Targets {
		if a := &i.Targets[n].Assessment; a.Day.IsZero() { // not judged yet
			a.Day = today
		}
	}
	switch delivered := g.delivered[at]; {
	case delivered.IsZero() && g.first[at].IsZero():
	case !delivered.IsZero() && over(i.Targets, delivered.Next()):
		i.Freshness = progress.Fresh
	default:
		i.Freshness, i.Due = progress.FreshnessOf(i.Indicator, delivered, g.first[at], today)
	}
}

// over reports whether an indicator's targets all end before a period does:
// nobody waits for values of it any more.
func over(targets []progress.TargetStanding, p programme.Period) bool {
	return len(targets) > 0 && !slices.ContainsFunc(targets, func(t progress.TargetStanding) bool { return p.Last() <= t.Ends })
}

// newestObservations are what is shown of every indicator, and which period of it
// was delivered last: one that has not ended yet is not.
func (t *Tx) newestObservations(ctx context.Context, g *gathering, today func(programme.City) programme.Date) error {
	on := map[programme.Date][]int32{} // few days: clocks differ by one, or two
	for n, c := range g.Cities {
		day := today(c)
		on[day] = append(on[day], g.cityIDs[n])
	}
	for day, cities := range on {
		if err := t.newestObservationsOn(ctx, g, day, cities); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) newestObservationsOn(ctx context.Context, g *gathering, day programme.Date, cities []int32) error {
	rows, err := t.QueryContext(ctx, `
		select i.city_id, i.indicator_id, delivered.period_start, o.period_start, coalesce(o.value, 0), coalesce(o.status::text, ''), coalesce(o.note, '')
		from citygauge.indicator i
		left join lateral (
		  select period_start from citygauge.observation
		  where city_id = i.city_id and indicator_id = i.indicator_id and (status in ('final', 'suppressed') or i.judge_provisional)
		        and period_end <= $2
		  order by period_start desc
		  limit 1
		) delivered on true
		left join lateral (
		  select period_start, value, status, note from citygauge.observation
		  where city_id = i.city_id and indicator_id = i.indicator_id and status <> 'suppressed'
		  order by period_start desc
		  limit 1
		) o on true
		where i.city_id = any($1)`, pq.Array(cities), day)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id seriesID
		var delivered, shown programme.Date
		var o programme.Observation
		if err := rows.Scan(&id.city, &id.indicator, &delivered, &shown, &o.Value, &o.Status, &o.Note); err != nil {
			return err
		}
		at := g.places[id]
		i := &g.indicators[at]
		if !delivered.IsZero() {
			g.delivered[at] = programme.PeriodOf(i.Indicator.Frequency, delivered)
		}
		if !shown.IsZero() {
			o.City, o.Indicator, o.Period = i.Indicator.City, i.Indicator.ID, programme.PeriodOf(i.Indicator.Frequency, shown)
			i.Newest = &o
		}
	}
	return rows.Err()
}

// newestAssessments are those of every target, with what is shown of the target
// itself. Of one that is not judged yet, that is all there is.
func (t *Tx) newestAssessments(ctx context.Context, g *gathering) error {
	rows, err := t.QueryContext(ctx, `
		select t.city_id, t.indicator_id, t.cohort_id, t.starts, t.ends, range_low, range_high, a.day, as_of, value,
		       case when a.day is null then t.baseline else a.baseline end, case when a.day is null then t.target else a.target end,
		       expected, progress, expected_progress, pace, pace_lower, pace_upper, noise, coalesce(status, 'no-data'),
		       coalesce(at_target, false), coalesce(freshness, ''), due, coalesce(observed, 0), coalesce(periods, 0),
		       coalesce(need_form, ''), need, coalesce(need_periods, 0), need_best, coalesce(limit_passed, false), coalesce(signal, ''),
		       projected, projected_lower, projected_upper, target_probability, coalesce(status_at_start, '')
		from citygauge.target t
		left join lateral (
		  select * from citygauge.assessment
		  where city_id = t.city_id and indicator_id = t.indicator_id and cohort_id = t.cohort_id
		  order by day desc
		  limit 1
		) a on true
		where t.city_id = any($1)`, pq.Array(g.cityIDs))
	if err != nil {
		return err
	}
	defer rows.Close()
	cohorts := make(map[int32]programme.Cohort, len(g.Cohorts))
	for n, id := range g.cohortIDs {
		cohorts[id] = g.Cohorts[n]
	}
	for rows.Next() {
		var id targetID
		var starts programme.Date
		var low, high progress.Figure
		var s progress.TargetStanding
		a := &s.Assessment
		err := rows.Scan(&id.city, &id.indicator, &id.cohort, &starts, &s.Ends, &low, &high, &a.Day, &a.AsOf, &a.Value, &a.Baseline, &a.Target,
			&a.Expected, &a.Progress, &a.ExpectedProgress, &a.Pace, &a.PaceLower, &a.PaceUpper, &a.Noise, &a.Status,
			&a.AtTarget, &a.Freshness, &a.Due, &a.Observed, &a.Periods, &a.Need.Form, &a.Need.PerPeriod, &a.Need.Periods, &a.Need.Best,
			&a.Need.LimitPassed, &a.Signal, &a.Forecast.Projected, &a.Forecast.Lower, &a.Forecast.Upper, &a.Forecast.Probability, &a.AtStart)
		if err != nil {
			return err
		}
		at := g.places[id.seriesID]
		i := &g.indicators[at]
		if run := programme.Ending(i.Indicator.Frequency, starts, s.Ends); g.first[at].IsZero() || run.First.Compare(g.first[at]) < 0 {
			g.first[at] = run.First
		}
		s.Cohort, s.Band = cohorts[id.cohort], bandOf(low, high)
		i.Targets = append(i.Targets, s)
	}
	return rows.Err()
}
