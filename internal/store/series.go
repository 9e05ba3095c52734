package store

import (
	"context"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// seriesOf reads what was observed in a city, by indicator and in order of
// time: of the named indicators, or of all where none are named; as it stands,
// or stood when d was read as of.
func (t *Tx) seriesOf(ctx context.Context, d *declared, city int32, indicators []int64) (map[int64][]progress.Observed, error) {
	frequencies := d.frequencies[city]
	observations, args := "citygauge.observation", []any{city, pq.Array(indicators)}
	if !d.asOf.IsZero() {
		observations = `(
		  select distinct on (indicator_id, period_start) * from citygauge.observation_revision
		  where city_id = $1 and recorded_at <= $3
		  order by indicator_id, period_start, revision desc
		)`
		args = append(args, d.asOf)
	}
	rows, err := t.QueryContext(ctx, `
		select indicator_id, period_start - date '0001-01-01' + 1, coalesce(value, 0), status::text
		from `+observations+` o
		where city_id = $1 and ($2::bigint[] is null or indicator_id = any($2)) and status is not null
		order by indicator_id, period_start`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[int64][]progress.Observed{}
	var series []progress.Observed
	var current int64
	for rows.Next() {
		var indicator int64
		var day int32
		var o progress.Observed
		if err := rows.Scan(&indicator, &day, &o.Value, &o.Status); err != nil {
			return nil, err
		}
		if indicator != current {
			all[current], current, series = series, indicator, nil
		}
		o.Period = programme.PeriodOf(frequencies[indicator], programme.Date(day))
		series = append(series, o)
	}
	all[current] = series
	delete(all, 0) // ids begin at 1
	return all, rows.Err()
}
