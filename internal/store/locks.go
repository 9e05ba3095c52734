package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"github.com/lib/pq"
)

// version is a city's, as it is counted: of its declarations, and of anything.
type version struct {
	declared, generation int64
}

// lockCityRows keeps every other change of some cities waiting until the
// transaction ends; nil is all cities. It answers with the time from then on, and
// with the cities' versions. The rows are taken in the order of ids, so that two
// changes never wait for each other.
func (t *Tx) lockCityRows(ctx context.Context, cities []int32) (now time.Time, versions map[int32]version, err error) {
	rows, err := t.QueryContext(ctx, `
		with locked as materialized (
		  select city_id, declared, generation
		  from citygauge.city_state
		  where $1::int[] is null or city_id = any($1)
		  order by city_id
		  for no key update
		), ready as materialized (
		  select count(*) from locked
		)
		select city_id, declared, generation, clock_timestamp() from ready left join locked on true`, pq.Array(cities))
	if err != nil {
		return now, nil, err
	}
	defer rows.Close()
	versions = map[int32]version{}
	for rows.Next() {
		var city, declared, generation sql.NullInt64
		var at time.Time
		if err := rows.Scan(&city, &declared, &generation, &at); err != nil {
			return now, nil, err
		}
		versions[int32(city.Int64)] = version{declared.Int64, generation.Int64}
		if now.IsZero() {
			now = at
		}
	}
	return now, versions, rows.Err()
}

// sortedCities is a set in order; an empty one is an empty list, not nil, which
// would stand for all cities.
func sortedCities(set map[int32]bool) []int32 {
	return append([]int32{}, slices.Sorted(maps.Keys(set))...)
}

// raiseGenerations tells everybody who follows the cities that they changed.
func (t *Tx) raiseGenerations(ctx context.Context, cities []int32, declared bool) error {
	if len(cities) == 0 {
		return nil
	}
	if _, err := t.ExecContext(ctx, `
		update citygauge.city_state
		set generation = generation + 1, declared = declared + $2::boolean::int
		where city_id = any($1)`, pq.Array(cities), declared); err != nil {
		return err
	}
	_, err := t.ExecContext(ctx, `notify `+channel)
	return err
}

// lockJob waits until no other process does a job, and keeps it until the
// transaction ends.
func (t *Tx) lockJob(ctx context.Context, name string) error {
	if _, err := t.ExecContext(ctx, `insert into citygauge.job (name) values ($1) on conflict do nothing`, name); err != nil {
		return err
	}
	_, err := t.ExecContext(ctx, `update citygauge.job set done_at = clock_timestamp() where name = $1`, name)
	return err
}
