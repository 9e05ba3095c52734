package store

import (
	"context"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// history is what was observed before in the cities that a file speaks of, as
// far as it fits.
type history struct {
	cities map[int32]map[int64][]progress.Observed
	limits map[int]progress.Limits // by the indicator's place in the programme
	held   int                     // observations
	reads  map[int32]int           // of each city
}

const (
	// heldObservations take up some 30 MB; they are those of forty cities with
	// ten years of weekly values of 50 indicators.
	heldObservations = 1_000_000
	// readsOfCity is how often a city's history is read for a file whose rows
	// leave and come back to it. After that nothing is unusual there.
	readsOfCity = 3
)

// startHistory is nil where nothing was observed, so that asking costs nothing.
func (t *taking) startHistory(ctx context.Context) (*history, error) {
	var some bool
	err := t.GetContext(ctx, &some, `select exists (select 1 from citygauge.observation where city_id = any($1))`, pq.Array(t.declared.cityIDs))
	if err != nil || !some {
		return nil, err
	}
	return &history{cities: map[int32]map[int64][]progress.Observed{}, limits: map[int]progress.Limits{}, reads: map[int32]int{}}, nil
}

// Bounds are the limits that what was observed before sets.
func (t *taking) Bounds(ctx context.Context, k intake.Key) (intake.Bounds, error) {
	if t.history == nil {
		return intake.Bounds{}, nil
	}
	limits, known := t.history.limits[k.Indicator]
	if !known {
		id := t.declared.indicatorIDs[k.Indicator]
		series, err := t.observedIn(ctx, id.city)
		if err != nil {
			return intake.Bounds{}, explained(err)
		}
		limits = progress.LimitsOf(&t.declared.Indicators[k.Indicator], series[id.indicator])
		t.history.limits[k.Indicator] = limits
	}
	low, high, ok := limits.At(k.Period)
	return intake.Bounds{Low: low, High: high, Known: ok}, nil
}

// observedIn is what was observed in a city.
func (t *taking) observedIn(ctx context.Context, city int32) (map[int64][]progress.Observed, error) {
	h := t.history
	if all, ok := h.cities[city]; ok || h.reads[city] == readsOfCity {
		return all, nil
	}
	h.reads[city]++
	all, n, err := t.wholeSeriesOf(ctx, t.declared, city)
	if err != nil {
		return nil, err
	}
	if h.held += n; h.held > heldObservations {
		clear(h.cities)
		clear(h.limits)
		h.held = n
	}
	h.cities[city] = all
	return all, nil
}

// wholeSeriesOf is every observation of a city, n in all. A row of the answer
// is a whole series, which takes a fraction of the time of one for each
// observation.
func (t *Tx) wholeSeriesOf(ctx context.Context, d *declared, city int32) (all map[int64][]progress.Observed, n int, err error) {
	rows, err := t.QueryContext(ctx, `
		select indicator_id,
		       array_agg(period_start - date '0001-01-01' + 1 order by period_start),
		       array_agg(coalesce(value, 0) order by period_start),
		       string_agg(left(status::text, 1), '' order by period_start)
		from citygauge.observation
		where city_id = $1 and status is not null
		group by indicator_id`, city)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	statuses := map[byte]programme.ObservationStatus{}
	for _, s := range programme.ObservationStatuses {
		statuses[s[0]] = s
	}
	all = map[int64][]progress.Observed{}
	for rows.Next() {
		var indicator int64
		var days []int64
		var values []float64
		var initials string
		if err := rows.Scan(&indicator, pq.Array(&days), pq.Array(&values), &initials); err != nil {
			return nil, 0, err
		}
		series := make([]progress.Observed, len(days))
		for i, day := range days {
			series[i] = progress.Observed{
				Period: programme.PeriodOf(d.frequencies[city][indicator], programme.Date(day)), Value: values[i], Status: statuses[initials[i]],
			}
		}
		all[indicator] = series
		n += len(series)
	}
	return all, n, rows.Err()
}
