package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// Filter chooses what is read; see [programme.Filter].
type Filter = programme.Filter

// Recorded is an observation with where it stands in its history.
type Recorded = programme.Recorded

const (
	presentObservations = `(
			  select r.*
			  from citygauge.observation
			  join citygauge.observation_revision r using (city_id, indicator_id, period_start, revision)
			)`
	observationsThen = `(
			  select *, row_number() over (partition by city_id, indicator_id, period_start order by revision desc) as age
			  from citygauge.observation_revision
			  where recorded_at <= $5
			)`
)

// EachObservation hands over the observations that a filter chooses, in the
// order of city, indicator and period, until do returns an error.
func (s *Store) EachObservation(ctx context.Context, f Filter, do func(Recorded) error) error {
	return s.inScope(ctx, f.Scope, func(tx *Tx) error {
		args := []any{pq.Array(f.Cities), pq.Array(f.Indicators), f.From, f.To}
		observations, newest := presentObservations, ""
		if !f.AsOf.IsZero() {
			observations, newest = observationsThen, " and o.age = 1"
			args = append(args, f.AsOf)
		}
		rows, err := tx.QueryContext(ctx, `
			select city.slug, i.slug, i.frequency, o.period_start, coalesce(o.value, 0), o.status::text, coalesce(o.note, ''), o.revision, o.recorded_at
			from `+observations+` o
			join citygauge.indicator i using (city_id, indicator_id)
			join citygauge.city using (city_id)
			where o.status is not null`+newest+`
			      and ($1::text[] is null or city.slug = any($1)) and ($2::text[] is null or i.slug = any($2))
			      and ($3::date is null or o.period_end >= $3) and ($4::date is null or o.period_end <= $4)
			order by city.slug, i.slug, o.period_start`, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		return eachRecorded(rows, do)
	})
}

func eachRecorded(rows *sql.Rows, do func(Recorded) error) error {
	for rows.Next() {
		var r Recorded
		var frequency programme.Frequency
		var first programme.Date
		if err := rows.Scan(&r.City, &r.Indicator, &frequency, &first, &r.Value, &r.Status, &r.Note, &r.Revision, &r.RecordedAt); err != nil {
			return err
		}
		r.Period = programme.PeriodOf(frequency, first)
		if err := do(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Judgeable is a target with all that it is judged by.
type Judgeable = progress.Judgeable

// EachTarget hands over the targets in force of the cities, indicators and
// cohorts that a filter chooses, in the order of city, indicator and cohort, until do
// returns an error. All of it is one state of the data, that of now or as of
// the filter's time; From and To do not matter.
func (s *Store) EachTarget(ctx context.Context, f Filter, do func(Judgeable) error) error {
	return s.inOneState(ctx, f.Scope, func(tx *Tx) error {
		d, err := tx.declaredThen(ctx, f.Cities, f.AsOf)
		if err != nil {
			return err
		}
		var city int32
		var observed map[int64][]progress.Observed
		var atStart map[targetID]progress.Resolved
		for n, t := range d.Targets {
			if len(f.Indicators) > 0 && !slices.Contains(f.Indicators, t.Indicator) || len(f.Cohorts) > 0 && !slices.Contains(f.Cohorts, t.Cohort) {
				continue
			}
			id := d.targets[n].id
			if id.city != city {
				if observed, err = tx.seriesOf(ctx, d, id.city, nil); err != nil {
					return err
				}
				city = id.city
				if atStart, err = tx.targetsAtStart(ctx, d, city); err != nil {
					return err
				}
			}
			var then *progress.Resolved
			if r, ok := atStart[id]; ok {
				then = &r
			}
			err := do(Judgeable{
				City: d.index.Cities[t.City], Indicator: d.index.Indicators[programme.IndicatorKey{City: t.City, Indicator: t.Indicator}],
				Cohort: d.index.Cohorts[t.Cohort], Declared: t, Version: d.targets[n].version,
				Target: d.targets[n].resolved, AtStart: then, Series: observed[id.indicator],
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// FormulasThen is the version of the formulas by which the newest judgement
// until a time was made; 0 where there was none.
func (s *Store) FormulasThen(ctx context.Context, asOf time.Time) (int, error) {
	var version int
	err := s.System(ctx, func(tx *Tx) error {
		return tx.GetContext(ctx, &version, `
			select coalesce((select formulas from citygauge.assessment_revision where assessed_at <= $1 order by assessed_at desc limit 1), 0)`, asOf)
	})
	return version, err
}
