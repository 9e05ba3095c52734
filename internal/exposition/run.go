package exposition

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/citygauge/citygauge/internal/programme"
)

const (
	compareEvery   = 30 * time.Second // without a notification
	longestRetry   = 10 * time.Second
	compareTimeout = 10 * time.Second // so that a dead connection is not waited for
	loadTimeout    = 2 * time.Minute  // for one batch
	batch          = 100              // cities: bounds the memory of the first load
	loaders        = 4                // batches at a time
)

// Run follows the source until the context ends, and then returns nil. It
// compares generations when told of a change and every 30 seconds, loads the
// cities that changed, and shows them. Where the source fails it keeps what it
// shows and tries again after one interval, then twice that, up to 10 seconds.
func (v *View) Run(ctx context.Context) error {
	delay := v.options.MinInterval
	for ctx.Err() == nil {
		// Counted from here, so that what is committed while a comparison runs is
		// shown at most one interval after it.
		rested := time.After(v.options.MinInterval)
		err := v.refresh(ctx)
		if err == nil {
			err = v.wait(ctx)
		}
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // being asked to end is no failure
		case err != nil:
			v.options.Log.Warn("following the database failed; the metrics shown may be old", "err", err, "retry_in", delay)
			rested = time.After(delay)
			delay = min(2*delay, longestRetry)
		default:
			delay = v.options.MinInterval
		}
		select {
		case <-rested:
		case <-ctx.Done():
		}
	}
	return nil
}

// wait returns nil when something may have changed, or after 30 seconds.
func (v *View) wait(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, compareEvery)
	defer cancel()
	if err := v.source.Wait(limited); err != nil && limited.Err() == nil {
		return fmt.Errorf("listen for changes: %w", err)
	}
	return nil
}

// refresh makes the view agree with the database, or says in the state that it
// could not.
func (v *View) refresh(ctx context.Context) error {
	// From before the question: the answer is at least that new.
	asked := v.options.Clock()
	was := v.now.Load()
	shown, err := v.compare(ctx, was.shown)
	if ctx.Err() != nil {
		return ctx.Err() // an interrupted question says nothing of the database
	}
	if err != nil {
		v.now.Store(&state{was.shown, was.agreed, false})
		return err
	}
	v.now.Store(&state{shown, asked, true})
	if !was.up {
		v.options.Log.Info("the metrics shown agree with the database", "cities", len(shown.cities))
	}
	return nil
}

// compare is the snapshot of the present; the one before where nothing changed.
func (v *View) compare(ctx context.Context, before *snapshot) (*snapshot, error) {
	generations, err := v.generations(ctx)
	if err != nil {
		return nil, err
	}
	if before != nil && maps.Equal(generations, v.known) {
		return before, nil
	}
	parts := make(map[string]*exposed, len(generations))
	var changed []string
	for id, is := range generations {
		if was, had := v.known[id]; !had || was != is {
			changed = append(changed, id)
		} else if part, found := before.city(id); found {
			parts[id] = part
		}
	}
	slices.Sort(changed)
	if err := v.load(ctx, changed, parts); err != nil {
		return nil, err
	}
	v.known = generations
	ids := slices.Sorted(maps.Keys(parts))
	cities := make([]*exposed, len(ids))
	for i, id := range ids {
		cities[i] = parts[id]
	}
	return newSnapshot(cities, v.zips), nil
}

func (v *View) generations(ctx context.Context) (map[string]int64, error) {
	ctx, cancel := context.WithTimeout(ctx, compareTimeout)
	defer cancel()
	generations, err := v.source.Generations(ctx)
	if err != nil {
		return nil, fmt.Errorf("compare with the database: %w", err)
	}
	return generations, nil
}

// load puts cities into parts, several batches at a time: the database works on
// one while another is read.
func (v *View) load(ctx context.Context, cities []string, parts map[string]*exposed) error {
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(loaders)
	for some := range slices.Chunk(cities, batch) {
		group.Go(func() error {
			loaded, err := v.loadBatch(ctx, some)
			mu.Lock()
			defer mu.Unlock()
			for _, e := range loaded {
				parts[e.id] = e
			}
			return err
		})
	}
	return group.Wait()
}

func (v *View) loadBatch(ctx context.Context, cities []string) ([]*exposed, error) {
	ctx, cancel := context.WithTimeout(ctx, loadTimeout)
	defer cancel()
	standings, err := v.source.Standings(ctx, cities)
	if err != nil {
		return nil, fmt.Errorf("load %d changed cities: %w", len(cities), err)
	}
	loaded := make([]*exposed, len(standings))
	for n, s := range standings {
		loaded[n] = expose(s, v.zone(s.City), v.zips)
	}
	return loaded, nil
}

// zone is UTC for a time zone that this machine does not know: hours that are
// wrong by half a day serve better than a city that is not shown.
func (v *View) zone(c programme.City) *time.Location {
	zone, err := c.Zone()
	if err != nil {
		v.options.Log.Warn("the timestamps of a city are in UTC: install the time zone database (tzdata)", "err", err)
		return time.UTC
	}
	return zone
}
