package store

import (
	"context"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/progress"
)

// history is what was observed before in the cities that a file speaks of, as
// far as it fits.
type history struct {
	cities map[int32]map[int64]standing
	known  map[int]*expected // by the indicator's place in the programme
	newest *expected         // the one that was asked for last, whose rows go on
	last   int               // its place
	held   int               // observations
	reads  map[int32]int     // of each city
	mixed  bool              // rows of a city do not stand together
}

// expected is what a series lets expect.
type expected struct {
	standing
	limits progress.Limits
	next   int // the place of the observation that its next row speaks of, probably
}

const (
	// heldAtFirst is how many observations are held while the rows of each city
	// stand together: those of the newest cities are enough.
	heldAtFirst = 100_000
	// heldObservations take up some 30 MB; they are those of forty cities with
	// ten years of weekly values of 50 indicators.
	heldObservations = 1_000_000
	// readsOfCity is how often a city's history is read for a file whose rows
	// leave and come back to it. After that nothing is unusual there.
	readsOfCity = 3
)

// startHistory makes none where nothing was observed, so that asking costs
// nothing.
func (t *taking) startHistory(ctx context.Context) error {
	if t.asked {
		return nil
	}
	var some bool
	err := t.GetContext(ctx, &some, `select exists (select 1 from citygauge.observation where city_id = any($1))`, pq.Array(t.declared.cityIDs))
	if err != nil {
		return err
	}
	t.asked = true
	if some {
		t.history = &history{cities: map[int32]map[int64]standing{}, known: map[int]*expected{}, reads: map[int32]int{}}
	}
	return nil
}

// Bounds are the limits that what was observed before sets.
func (t *taking) Bounds(ctx context.Context, k intake.Key) (intake.Bounds, error) {
	if err := t.startHistory(ctx); err != nil || t.history == nil {
		return intake.Bounds{}, explained(err)
	}
	e, err := t.expected(ctx, k.Indicator)
	if err != nil {
		return intake.Bounds{}, explained(err)
	}
	low, high, ok := e.limits.At(k.Period)
	return intake.Bounds{Low: low, High: high, Known: ok}, nil
}

// expected is what an indicator, by its place in the programme, lets expect.
func (t *taking) expected(ctx context.Context, place int) (*expected, error) {
	h := t.history
	if h.newest != nil && h.last == place {
		return h.newest, nil
	}
	e, known := h.known[place]
	if !known {
		id := t.declared.indicatorIDs[place]
		series, err := t.observedIn(ctx, id.city)
		if err != nil {
			return nil, err
		}
		stands := series[id.indicator]
		e = &expected{standing: stands, limits: progress.LimitsOf(&t.declared.Indicators[place], stands.observed)}
		h.known[place] = e
	}
	h.newest, h.last = e, place
	return e, nil
}

// observedIn is what was observed in a city.
func (t *taking) observedIn(ctx context.Context, city int32) (map[int64]standing, error) {
	h := t.history
	if all, ok := h.cities[city]; ok || h.reads[city] == readsOfCity {
		return all, nil
	}
	h.reads[city]++
	all, err := t.standingOf(ctx, t.declared, city, nil)
	if err != nil {
		return nil, err
	}
	n := 0
	for _, series := range all {
		n += len(series.observed)
	}
	most := heldAtFirst
	if h.mixed = h.mixed || h.reads[city] > 1; h.mixed {
		most = heldObservations
	}
	if h.held += n; h.held > most {
		clear(h.cities)
		clear(h.known)
		h.newest = nil
		h.held = n
	}
	h.cities[city] = all
	return all, nil
}
