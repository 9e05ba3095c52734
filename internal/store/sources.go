package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
)

// Claim takes sources for a server until its lease runs out: up to most of those
// that are due and that no other server is at work on or, where some are named,
// these, due or not. Servers that claim at the same time get different ones.
func (s *Store) Claim(ctx context.Context, server string, lease time.Duration, most int, only []programme.SourceKey) ([]source.Job, error) {
	var jobs []source.Job
	err := s.System(ctx, func(tx *Tx) error {
		named, err := tx.sourceIDs(ctx, only)
		if err != nil {
			return err
		}
		// The queue's own tables alone: on Citus, cities are not where they are.
		rows, err := tx.QueryContext(ctx, `
			with due as (
			  select q.city_id, q.source_id
			  from citygauge.source_state q
			  where (q.leased_until is null or q.leased_until < clock_timestamp())
			        and case when $4::bigint[] is null then q.due_at <= clock_timestamp() else q.source_id = any($4) end
			  order by q.due_at, q.lot
			  limit $3
			  for update skip locked
			), claimed as (
			  update citygauge.source_state q
			  set claim = q.claim + 1, claimed_by = $1, leased_until = clock_timestamp() + $2 * interval '1 microsecond'
			  from due
			  where q.city_id = due.city_id and q.source_id = due.source_id
			  returning q.*
			)
			select c.city_id, c.source_id, c.claim, source.slug, source.declared, c.failures, c.records, c.digest, c.memory,
			       c.runs_applied + c.runs_unchanged + c.runs_failed
			from claimed c
			join citygauge.source using (city_id, source_id)
			order by c.lot, c.source_id`, server, lease.Microseconds(), most, pq.Array(named))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			j, err := scanJob(rows.Scan)
			if err != nil {
				return err
			}
			jobs = append(jobs, j)
		}
		if err := rows.Err(); err != nil || len(jobs) == 0 {
			return err
		}
		return tx.furnish(ctx, jobs)
	})
	return jobs, err
}

// sourceIDs are the ids of the sources that are named and exist; nil where none
// are named.
func (t *Tx) sourceIDs(ctx context.Context, named []programme.SourceKey) ([]int64, error) {
	if len(named) == 0 {
		return nil, nil
	}
	var cities, names []string
	for _, k := range named {
		cities, names = append(cities, k.City), append(names, k.Source)
	}
	ids := []int64{}
	err := t.SelectContext(ctx, &ids, `
		select source_id
		from unnest($1::text[], $2::text[]) as named(city, source)
		join citygauge.city on city.slug = named.city
		join citygauge.source using (city_id)
		where source.slug = named.source`, pq.Array(cities), pq.Array(names))
	return ids, err
}

func scanJob(scan func(...any) error) (source.Job, error) {
	var j source.Job
	var declared, memory []byte
	c := &j.Claim
	if err := scan(&c.City, &c.Source, &c.Number, &c.Key.Source, &declared, &j.Failures, &j.Last.Records, &j.Last.Digest, &memory, &j.Runs); err != nil {
		return j, err
	}
	if err := json.Unmarshal(declared, &j.Source); err != nil {
		return j, err
	}
	return j, json.Unmarshal(memory, &j.Last.Memory)
}

// furnish gives jobs their cities and indicators.
func (t *Tx) furnish(ctx context.Context, jobs []source.Job) error {
	ids := map[int32]bool{}
	for _, j := range jobs {
		ids[j.Claim.City] = true
	}
	var slugs []string
	if err := t.SelectContext(ctx, &slugs, `select slug from citygauge.city where city_id = any($1)`, pq.Array(sortedCities(ids))); err != nil {
		return err
	}
	d := &declared{}
	if err := t.read(ctx, d, slugs, t.readCities, t.readIndicators); err != nil {
		return err
	}
	cities := make(map[int32]programme.City, len(d.Cities))
	for n, c := range d.Cities {
		cities[d.cityIDs[n]] = c
	}
	indicators := map[string][]programme.Indicator{}
	for _, i := range d.Indicators {
		indicators[i.City] = append(indicators[i.City], i)
	}
	for n := range jobs {
		j := &jobs[n]
		j.City = cities[j.Claim.City]
		j.Indicators, j.Claim.Key.City = indicators[j.City.ID], j.City.ID
		j.Source.City, j.Source.ID = j.City.ID, j.Claim.Key.Source
	}
	return nil
}

// Renew prolongs a server's leases, and answers with the claims that it lost: to
// a server that took over, or because the source was declared anew.
func (s *Store) Renew(ctx context.Context, lease time.Duration, claims []source.Claim) (lost []source.Claim, err error) {
	cities, sources, numbers := make([]int32, len(claims)), make([]int64, len(claims)), make([]int64, len(claims))
	for n, c := range claims {
		cities[n], sources[n], numbers[n] = c.City, c.Source, c.Number
	}
	var kept claimed
	err = s.System(ctx, func(tx *Tx) error {
		// In one order, so that two servers never wait for each other.
		return tx.SelectContext(ctx, &kept, `
			with held as (
			  select q.city_id, q.source_id
			  from citygauge.source_state q
			  join unnest($1::int[], $2::bigint[], $3::bigint[]) as mine(city_id, source_id, claim) using (city_id, source_id, claim)
			  where q.leased_until is not null
			  order by q.city_id, q.source_id
			  for update of q
			)
			update citygauge.source_state q
			set leased_until = clock_timestamp() + $4 * interval '1 microsecond'
			from held
			where q.city_id = held.city_id and q.source_id = held.source_id
			returning q.source_id as source, q.claim as number`, pq.Array(cities), pq.Array(sources), pq.Array(numbers), lease.Microseconds())
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(claims), kept.has), nil
}

// claimed are claims that stand. A server may hold one of a source and have lost
// a former one, whose run goes on.
type claimed []struct{ Source, Number int64 }

func (all claimed) has(c source.Claim) bool {
	for _, one := range all {
		if one.Source == c.Source && one.Number == c.Number {
			return true
		}
	}
	return false
}

// runsKept is how many runs of a source are kept: three years of daily ones.
const runsKept = 1100

// Finish ends claims and keeps the records of their runs. It answers false, and
// keeps nothing, for those that were lost.
func (s *Store) Finish(ctx context.Context, all ...source.Ended) ([]bool, error) {
	records := make([]record, len(all))
	for n, r := range all {
		var due *time.Time
		if !r.Due.IsZero() {
			due = &r.Due
		}
		records[n] = record{
			"city_id": r.Claim.City, "source_id": r.Claim.Source, "claim": r.Claim.Number, "due_at": due,
			"last_records": r.Last.Records, "digest": hex.EncodeToString(r.Last.Digest), "memory": r.Last.Memory,
			"server": r.Server, "started_at": r.Started, "ended_at": r.Ended, "outcome": r.Outcome, "reason": r.Reason, "message": storable(r.Message),
			"records": r.Records, "upload_id": r.Upload,
		}
	}
	text, err := json.Marshal(records)
	if err != nil {
		return nil, err
	}
	var kept claimed
	err = s.System(ctx, func(tx *Tx) error {
		return tx.SelectContext(ctx, &kept, `
			with told as materialized (
			  select * from jsonb_to_recordset($1::jsonb) as d(
			    city_id int, source_id bigint, claim bigint, due_at timestamptz, last_records bigint, digest text, memory jsonb, server text,
			    started_at timestamptz, ended_at timestamptz, outcome text, reason text, message text, records bigint, upload_id bigint)
			), held as materialized (
			  select told.*
			  from told
			  join citygauge.source_state q using (city_id, source_id, claim)
			  where q.leased_until is not null
			  order by city_id, source_id
			  for update of q
			), ended as (
			  update citygauge.source_state q
			  set leased_until = null, due_at = held.due_at, up = held.outcome <> 'failed',
			      failures = case when held.outcome = 'failed' then q.failures + 1 else 0 end,
			      succeeded_at = case when held.outcome = 'failed' then q.succeeded_at else held.ended_at end,
			      records = held.last_records, digest = nullif(decode(held.digest, 'hex'), ''), memory = held.memory,
			      runs_applied = q.runs_applied + (held.outcome = 'applied')::int,
			      runs_unchanged = q.runs_unchanged + (held.outcome = 'unchanged')::int,
			      runs_failed = q.runs_failed + (held.outcome = 'failed')::int
			  from held
			  where q.city_id = held.city_id and q.source_id = held.source_id
			  returning held.*
			), forgotten as (
			  delete from citygauge.source_run r
			  using ended
			  cross join lateral (
			    select run_id
			    from citygauge.source_run o
			    where o.city_id = ended.city_id and o.source_id = ended.source_id
			    order by run_id desc
			    offset $2
			    limit 1
			  ) oldest
			  where r.city_id = ended.city_id and r.source_id = ended.source_id and r.run_id <= oldest.run_id
			), kept as (
			  insert into citygauge.source_run (city_id, source_id, server, started_at, ended_at, outcome, reason, message, records, upload_id)
			  select city_id, source_id, server, started_at, ended_at, outcome, reason, message, records, nullif(upload_id, 0)
			  from ended
			  order by city_id, source_id
			)
			select source_id as source, claim as number from ended`, string(text), runsKept-1)
	})
	if err != nil {
		return nil, err
	}
	held := make([]bool, len(all))
	for n, r := range all {
		held[n] = kept.has(r.Claim)
	}
	return held, nil
}

// Release gives claims back whose runs did not come to an end, so that others
// need not wait for the leases to run out.
func (s *Store) Release(ctx context.Context, claims []source.Claim) error {
	sources, numbers := make([]int64, len(claims)), make([]int64, len(claims))
	for n, c := range claims {
		sources[n], numbers[n] = c.Source, c.Number
	}
	return s.System(ctx, func(tx *Tx) error {
		_, err := tx.ExecContext(ctx, `
			update citygauge.source_state q
			set leased_until = null
			from unnest($1::bigint[], $2::bigint[]) as mine(source_id, claim)
			where q.source_id = mine.source_id and q.claim = mine.claim`, pq.Array(sources), pq.Array(numbers))
		return err
	})
}

// Given is the first days of the periods of which a source's own value stands:
// nobody else has written it since. They are by indicator, by slug.
func (s *Store) Given(ctx context.Context, c source.Claim) (map[string][]programme.Date, error) {
	given := map[string][]programme.Date{}
	err := s.System(ctx, func(tx *Tx) error {
		var uploads []int64
		// Two statements: on Citus, uploads are not where observations are.
		if err := tx.SelectContext(ctx, &uploads, `
			select upload_id
			from citygauge.upload
			where account = $1 and state = 'applied' and city_ids @> array[$2::int]`,
			"source:"+c.Key.Source, c.City); err != nil || len(uploads) == 0 {
			return err
		}
		rows, err := tx.QueryContext(ctx, `
			select i.slug, o.period_start
			from citygauge.observation o
			join citygauge.observation_revision r using (city_id, indicator_id, period_start, revision)
			join citygauge.indicator i using (city_id, indicator_id)
			where o.city_id = $1 and r.upload_id = any($2)
			order by i.slug, o.period_start`, c.City, pq.Array(uploads))
		if err != nil {
			return err
		}
		return eachDay(rows, func(slug string, day programme.Date) { given[slug] = append(given[slug], day) })
	})
	return given, err
}

// NewestPeriods is, for a city's indicators by slug, the last day of the newest
// period that was delivered, as [progress.FreshnessOf] understands it: the value
// of one that has not ended or settled yet is still to come.
func (s *Store) NewestPeriods(ctx context.Context, city string) (map[string]programme.Date, error) {
	newest := map[string]programme.Date{}
	err := s.System(ctx, func(tx *Tx) error {
		c := programme.City{ID: city}
		err := tx.GetContext(ctx, &c.Timezone, `select timezone from citygauge.city where slug = $1`, city)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return nil
		case err != nil:
			return err
		}
		rows, err := tx.QueryContext(ctx, `
			select i.slug, o.period_end
			from citygauge.city
			join citygauge.indicator i using (city_id)
			cross join lateral (
			  select period_end
			  from citygauge.observation
			  where city_id = i.city_id and indicator_id = i.indicator_id and (status in ('final', 'suppressed') or i.judge_provisional)
			        and period_end <= $2
			  order by period_start desc
			  limit 1
			) o
			where city.slug = $1`, city, s.today(c))
		if err != nil {
			return err
		}
		return eachDay(rows, func(slug string, day programme.Date) { newest[slug] = day })
	})
	return newest, err
}

// eachDay hands on rows of an indicator's slug and a day, and closes them.
func eachDay(rows *sql.Rows, do func(slug string, day programme.Date)) error {
	defer rows.Close()
	for rows.Next() {
		var slug string
		var day programme.Date
		if err := rows.Scan(&slug, &day); err != nil {
			return err
		}
		do(slug, day)
	}
	return rows.Err()
}
