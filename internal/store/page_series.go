package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
)

// The observations of a series s behind a place, as many as a page has: those
// of now, and those that were known at a time.
const (
	chosen = `city_id = s.city_id and indicator_id = s.indicator_id
			    and ($4::date is null or period_end >= $4) and ($5::date is null or period_end <= $5)
			    and ((s.city_id, s.indicator_id) <> ($10::int, $11::bigint) or $8::date is null or period_start > $8)`
	pageNow = `
			  select r.*
			  from (select * from citygauge.observation where ` + chosen + ` order by period_start limit $9) present
			  join citygauge.observation_revision r using (city_id, indicator_id, period_start, revision)`
	pageThen = `
			  select * from (
			    select distinct on (period_start) * from citygauge.observation_revision where ` + chosen + ` and recorded_at <= $12
			    order by period_start, revision desc
			  ) newest
			  where status is not null
			  order by period_start
			  limit $9`
)

// ObservationsAfter are the first observations behind a place that a filter
// chooses, as many as limit says.
func (s *Store) ObservationsAfter(ctx context.Context, f Filter, after programme.Place, limit int) ([]Recorded, error) {
	var all []Recorded
	err := s.inScope(ctx, f.Scope, func(tx *Tx) error {
		id, err := tx.seriesNamed(ctx, after)
		if err != nil {
			return err
		}
		args := []any{
			pq.Array(f.Cities), pq.Array(f.Indicators), pq.Array(f.Cohorts), f.From, f.To, after.City, after.Indicator, after.Day, limit,
			id.city, id.indicator,
		}
		page := pageNow
		if !f.AsOf.IsZero() {
			page, args = pageThen, append(args, f.AsOf)
		}
		// Series by series, so that no more is read of any than a page has.
		rows, err := tx.QueryContext(ctx, `
			select s.city, s.indicator, s.frequency, o.period_start, coalesce(o.value, 0), o.status::text, coalesce(o.note, ''), o.revision, o.recorded_at
			from (
			  select city_id, indicator_id, frequency, city.slug collate "C" as city, i.slug collate "C" as indicator
			  from citygauge.indicator i
			  join citygauge.city using (city_id)
			  where `+seriesChosen+` and (city.slug collate "C", i.slug collate "C") >= ($6, $7)
			) s
			cross join lateral (`+page+`) o
			order by s.city, s.indicator, o.period_start
			limit $9`, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		return eachRecorded(rows, func(r Recorded) error {
			all = append(all, r)
			return nil
		})
	})
	return all, err
}

// seriesNamed is the id of a place's series, by which alone the workers of a
// Citus find it; nothing where there is none.
func (t *Tx) seriesNamed(ctx context.Context, at programme.Place) (id seriesID, err error) {
	err = t.QueryRowContext(ctx, `
		select i.city_id, i.indicator_id
		from citygauge.indicator i
		join citygauge.city using (city_id)
		where city.slug = $1 and i.slug = $2`, at.City, at.Indicator).Scan(&id.city, &id.indicator)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, err
}

// EachTargetFrom hands over the targets that a filter chooses, as
// [Store.EachTarget] does, in the order of bytes and from a place on, that of
// the place included, until do returns an error. Each city is one state of the
// data.
func (s *Store) EachTargetFrom(ctx context.Context, f Filter, from programme.Place, do func(Judgeable) error) error {
	for first := from.City; ; {
		cities, next, err := s.withTargets(ctx, f, first)
		if err != nil {
			return err
		}
		for _, city := range cities {
			if city != from.City {
				from = programme.Place{City: city}
			}
			if err := s.eachTargetOf(ctx, f, from, do); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		first = next
	}
}

// eachTargetOf hands over a city's from a place on.
func (s *Store) eachTargetOf(ctx context.Context, f Filter, from programme.Place, do func(Judgeable) error) error {
	f.Cities = []string{from.City}
	var targets []Judgeable
	if err := s.EachTarget(ctx, f, func(j Judgeable) error {
		if compareTarget(j, from) >= 0 {
			targets = append(targets, j)
		}
		return nil
	}); err != nil {
		return err
	}
	slices.SortFunc(targets, func(a, b Judgeable) int {
		return compareTarget(a, programme.Place{Indicator: b.Indicator.ID, Cohort: b.Cohort.ID})
	})
	for _, j := range targets {
		if err := do(j); err != nil {
			return err
		}
	}
	return nil
}

func compareTarget(j Judgeable, p programme.Place) int {
	return cmp.Or(cmp.Compare(j.Indicator.ID, p.Indicator), cmp.Compare(j.Cohort.ID, p.Cohort))
}

// citiesAtOnce are looked through for targets together.
const citiesAtOnce = 50

// withTargets looks through the next cities, from one on, for those in which a
// filter chooses a target, of now or of any time. Where to go on is empty at the
// end.
func (s *Store) withTargets(ctx context.Context, f Filter, from string) (cities []string, next string, err error) {
	err = s.inScope(ctx, f.Scope, func(tx *Tx) error {
		var all []struct {
			ID   int32 `db:"city_id"`
			Slug string
		}
		if err := tx.SelectContext(ctx, &all, `
			select city_id, slug
			from citygauge.city
			where ($1::text[] is null or slug = any($1)) and slug collate "C" >= $2
			order by slug collate "C"
			limit $3`, pq.Array(f.Cities), from, citiesAtOnce+1); err != nil {
			return err
		}
		if len(all) > citiesAtOnce {
			next, all = all[citiesAtOnce].Slug, all[:citiesAtOnce]
		}
		ids := make([]int32, len(all))
		for n, city := range all {
			ids[n] = city.ID
		}
		// By their numbers, so that no others' targets are read, on a Citus either.
		var chosen []int32
		if err := tx.SelectContext(ctx, &chosen, `
			select distinct t.city_id
			from citygauge.target_revision t
			join citygauge.indicator i using (city_id, indicator_id)
			join citygauge.cohort using (cohort_id)
			where t.city_id = any($1) and ($2::text[] is null or i.slug = any($2)) and ($3::text[] is null or cohort.slug = any($3))`,
			pq.Array(ids), pq.Array(f.Indicators), pq.Array(f.Cohorts)); err != nil {
			return err
		}
		for _, city := range all {
			if slices.Contains(chosen, city.ID) {
				cities = append(cities, city.Slug)
			}
		}
		return nil
	})
	return cities, next, err
}
