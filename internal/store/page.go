package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

// What is read a page at a time stands in the order of bytes, whatever the
// database's own is, so that a place is before another for everybody.

// seriesChosen are the indicators i that a filter chooses: by city, by
// indicator, and by the cohorts in which they have a target.
const seriesChosen = `($1::text[] is null or city.slug = any($1)) and ($2::text[] is null or i.slug = any($2))
			      and ($3::text[] is null or exists (select 1 from citygauge.target t join citygauge.cohort using (cohort_id)
			                                         where t.city_id = i.city_id and t.indicator_id = i.indicator_id and cohort.slug = any($3)))`

// Unknown is the first city, indicator or cohort of a filter that its reader
// does not know: what it is, and its name; nothing where they know all.
func (s *Store) Unknown(ctx context.Context, f Filter) (what, name string, err error) {
	err = s.inScope(ctx, f.Scope, func(tx *Tx) error {
		err := tx.QueryRowContext(ctx, `
			select 'city', asked
			from unnest($1::text[]) asked
			where asked not in (select slug from citygauge.city where slug = any($1))
			union all
			select 'indicator', asked
			from unnest($2::text[]) asked
			where asked not in (select i.slug from citygauge.indicator i join citygauge.city using (city_id)
			                    where i.slug = any($2) and ($1::text[] is null or city.slug = any($1)))
			union all
			select 'cohort', asked
			from unnest($3::text[]) asked
			where asked not in (select slug from citygauge.cohort where slug = any($3))
			limit 1`, pq.Array(f.Cities), pq.Array(f.Indicators), pq.Array(f.Cohorts)).Scan(&what, &name)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return what, name, err
}

// Cohorts are those with a city that a reader may see, the newest first.
func (s *Store) Cohorts(ctx context.Context, scope upload.Scope) ([]programme.Cohort, error) {
	var all []programme.Cohort
	err := s.inScope(ctx, scope, func(tx *Tx) error {
		return tx.SelectContext(ctx, &all, `
			select slug as id, starts, ends
			from citygauge.cohort
			where exists (select 1 from citygauge.city_cohort join citygauge.city using (city_id) where city_cohort.cohort_id = cohort.cohort_id)
			order by starts desc, slug collate "C"`)
	})
	return all, err
}

// CitiesAfter are the first cities behind a place that a filter chooses by
// city, name and cohort, as many as limit says.
func (s *Store) CitiesAfter(ctx context.Context, f Filter, after programme.Place, limit int) ([]programme.City, error) {
	d := &declared{}
	err := s.inScope(ctx, f.Scope, func(tx *Tx) error {
		var slugs []string
		err := tx.SelectContext(ctx, &slugs, `
			select slug
			from citygauge.city
			where ($1::text[] is null or slug = any($1)) and slug collate "C" > $2
			      and ($5 = '' or strpos(lower(name), lower($5)) > 0 or strpos(slug, lower($5)) > 0)
			      and ($3::text[] is null or exists (select 1 from citygauge.city_cohort join citygauge.cohort using (cohort_id)
			                                         where city_cohort.city_id = city.city_id and cohort.slug = any($3)))
			order by slug collate "C"
			limit $4`, pq.Array(f.Cities), after.City, pq.Array(f.Cohorts), limit, f.Name)
		if err != nil || len(slugs) == 0 {
			return err
		}
		return tx.read(ctx, d, slugs, tx.readCities)
	})
	slices.SortFunc(d.Cities, func(a, b programme.City) int { return cmp.Compare(a.ID, b.ID) })
	return d.Cities, err
}

// IndicatorsAfter are the first indicators behind a place that a filter chooses
// by city, indicator and the cohorts in which they have a target, as many as
// limit says.
func (s *Store) IndicatorsAfter(ctx context.Context, f Filter, after programme.Place, limit int) ([]programme.Indicator, error) {
	var all []programme.Indicator
	err := s.inScope(ctx, f.Scope, func(tx *Tx) error {
		var keys []struct{ City, Indicator string }
		err := tx.SelectContext(ctx, &keys, `
			select city.slug as city, i.slug as indicator
			from citygauge.indicator i
			join citygauge.city using (city_id)
			where `+seriesChosen+` and (city.slug collate "C", i.slug collate "C") > ($4, $5)
			order by city.slug collate "C", i.slug collate "C"
			limit $6`, pq.Array(f.Cities), pq.Array(f.Indicators), pq.Array(f.Cohorts), after.City, after.Indicator, limit)
		if err != nil || len(keys) == 0 {
			return err
		}
		var cities []string
		for _, k := range keys {
			cities = append(cities, k.City)
		}
		d := &declared{}
		if err := tx.read(ctx, d, slices.Compact(cities), tx.readCities, tx.readIndicators); err != nil {
			return err
		}
		byKey := d.Programme.Index().Indicators
		for _, k := range keys {
			all = append(all, byKey[programme.IndicatorKey{City: k.City, Indicator: k.Indicator}])
		}
		return nil
	})
	return all, err
}
