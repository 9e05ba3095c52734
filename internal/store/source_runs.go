package store

import (
	"context"
	"slices"

	"github.com/citygauge/citygauge/internal/source"
	"github.com/citygauge/citygauge/internal/upload"
)

// SourceStates is how every source stands, by slugs.
func (s *Store) SourceStates(ctx context.Context) ([]source.State, error) {
	var all []source.State
	err := s.System(ctx, func(tx *Tx) (err error) {
		all, err = tx.sourceStates(ctx, nil)
		return err
	})
	return all, err
}

// SourceStatesFor is how a city's sources stand, by slug. A city that is not in
// the scope has none, like one that does not exist.
func (s *Store) SourceStatesFor(ctx context.Context, scope upload.Scope, city string) ([]source.State, error) {
	if scope != nil && !slices.Contains(scope, city) {
		return nil, nil
	}
	var all []source.State
	err := s.inScope(ctx, upload.Scope{city}, func(tx *Tx) (err error) {
		all, err = tx.sourceStates(ctx, &city)
		return err
	})
	return all, err
}

// sourceStates is how the sources of a city stand; nil is all cities.
func (t *Tx) sourceStates(ctx context.Context, city *string) ([]source.State, error) {
	rows, err := t.QueryContext(ctx, `
		select city.slug, source.slug, q.up, coalesce(q.succeeded_at, timestamptz '0001-01-01 00:00:00+00'), q.runs_applied, q.runs_unchanged, q.runs_failed
		from citygauge.source_state q
		join citygauge.source using (city_id, source_id)
		join citygauge.city using (city_id)
		where $1::text is null or city.slug = $1
		order by city.slug, source.slug`, city)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []source.State
	for rows.Next() {
		var one source.State
		var applied, unchanged, failed int64
		if err := rows.Scan(&one.Key.City, &one.Key.Source, &one.Up, &one.Succeeded, &applied, &unchanged, &failed); err != nil {
			return nil, err
		}
		one.Runs = map[source.Outcome]int64{source.Applied: applied, source.Unchanged: unchanged, source.Failed: failed}
		all = append(all, one)
	}
	return all, rows.Err()
}

// SourceTroubles is why sources are failing whose last runs did, by slugs. What
// was declared anew since has not failed yet.
func (s *Store) SourceTroubles(ctx context.Context) ([]source.Trouble, error) {
	var all []source.Trouble
	err := s.System(ctx, func(tx *Tx) error {
		rows, err := tx.QueryContext(ctx, `
			with failed as (
			  select r.city_id, r.source_id, min(r.ended_at) as since, max(r.run_id) as run_id
			  from citygauge.source_state q
			  join citygauge.source_run r using (city_id, source_id)
			  where not q.up and q.failures > 0 and r.run_id > coalesce((
			    select max(run_id)
			    from citygauge.source_run
			    where city_id = q.city_id and source_id = q.source_id and outcome <> 'failed'), 0)
			  group by r.city_id, r.source_id
			)
			select city.slug, source.slug, failed.since, q.failures, r.reason, r.message, coalesce(q.due_at, timestamptz '0001-01-01 00:00:00+00')
			from failed
			join citygauge.source_run r using (city_id, source_id, run_id)
			join citygauge.source_state q using (city_id, source_id)
			join citygauge.source using (city_id, source_id)
			join citygauge.city using (city_id)
			order by city.slug, source.slug`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var one source.Trouble
			if err := rows.Scan(&one.Key.City, &one.Key.Source, &one.Since, &one.Failures, &one.Reason, &one.Message, &one.Due); err != nil {
				return err
			}
			all = append(all, one)
		}
		return rows.Err()
	})
	return all, err
}

// SourceRuns are the newest runs of each of a city's sources, so many of each,
// the newest first. A city that is not in the scope has none, like one that does
// not exist.
func (s *Store) SourceRuns(ctx context.Context, scope upload.Scope, city string, limit int) ([]source.Run, error) {
	if scope != nil && !slices.Contains(scope, city) {
		return nil, nil
	}
	var runs []source.Run
	err := s.inScope(ctx, upload.Scope{city}, func(tx *Tx) error {
		rows, err := tx.QueryContext(ctx, `
			select city.slug, source.slug, r.server, r.started_at, r.ended_at, r.outcome, r.reason, r.message, r.records, coalesce(r.upload_id, 0)
			from citygauge.city
			join citygauge.source using (city_id)
			cross join lateral (
			  select *
			  from citygauge.source_run
			  where city_id = source.city_id and source_id = source.source_id
			  order by run_id desc
			  limit $2
			) r
			where city.slug = $1
			order by r.run_id desc`, city, limit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var r source.Run
			if err := rows.Scan(&r.Key.City, &r.Key.Source, &r.Server, &r.Started, &r.Ended, &r.Outcome, &r.Reason, &r.Message, &r.Records, &r.Upload); err != nil {
				return err
			}
			runs = append(runs, r)
		}
		return rows.Err()
	})
	return runs, err
}
