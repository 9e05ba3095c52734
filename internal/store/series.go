package store

import (
	"context"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// seriesOf reads what was observed in a city, by indicator and in order of
// time: of the named indicators, or of all where none are named; as it stands,
// or stood when d was read as of. A row of the answer is a whole series, which
// takes a fraction of the time of one for each observation.
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
		select indicator_id,
		       array_agg(period_start - date '0001-01-01' + 1 order by period_start),
		       array_agg(coalesce(value, 0) order by period_start),
		       string_agg(left(status::text, 1), '' order by period_start)
		from `+observations+` o
		where city_id = $1 and ($2::bigint[] is null or indicator_id = any($2)) and status is not null
		group by indicator_id`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	statuses := map[byte]programme.ObservationStatus{}
	for _, s := range programme.ObservationStatuses {
		statuses[s[0]] = s
	}
	all := map[int64][]progress.Observed{}
	for rows.Next() {
		var indicator int64
		var days []int64
		var values []float64
		var initials string
		if err := rows.Scan(&indicator, pq.Array(&days), pq.Array(&values), &initials); err != nil {
			return nil, err
		}
		series := make([]progress.Observed, len(days))
		for i, day := range days {
			series[i] = progress.Observed{
				Period: programme.PeriodOf(frequencies[indicator], programme.Date(day)), Value: values[i], Status: statuses[initials[i]],
			}
		}
		all[indicator] = series
	}
	return all, rows.Err()
}
