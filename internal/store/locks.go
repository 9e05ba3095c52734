package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/lib/pq"
)

// lockCityRows keeps every other change of some cities waiting until the
// transaction ends, and answers with the time from then on; nil is all cities. The rows are taken
// in the order of ids, so that two changes never wait for each other.
func (t *Tx) lockCityRows(ctx context.Context, cities []int32) (time.Time, error) {
	if _, err := t.ExecContext(ctx, `
		select city_id from citygauge.city_state
		where $1::int[] is null or city_id = any($1)
		order by city_id
		for no key update`, pq.Array(cities)); err != nil {
		return time.Time{}, err
	}
	var now time.Time
	err := t.GetContext(ctx, &now, `select clock_timestamp()`)
	return now, err
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
