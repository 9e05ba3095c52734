package exposition

import (
	"context"

	"github.com/citygauge/citygauge/internal/progress"
)

// Source is where standings come from. Its methods are called one at a time, but
// for Standings, of which several calls run at once; each returns an error soon
// after its context ends.
type Source interface {
	// Generations is the generation of every city by its slug: a number that
	// differs from the one before whenever anything in the city's standing may
	// differ, be it by an upload, an edited programme or a new day. A city that
	// no longer exists is not in it. It is called at every change and every 30
	// seconds, so it must be cheap, and the caller keeps the map.
	//
	// A generation must never be newer than what Standings then reads. The other
	// way round is harmless: the city is loaded once more.
	Generations(ctx context.Context) (map[string]int64, error)

	// Standings is how the named cities stand now, in any order, all of it from
	// one consistent view of the database; a city that no longer exists is left
	// out. The caller owns what it is given and sorts it in place.
	Standings(ctx context.Context, cities []string) ([]progress.Standing, error)

	// Wait blocks until something may have changed since it last returned (the
	// first time: since the source was made), and then returns nil at once. A
	// change between two calls must not be lost; several may be taken together,
	// and returning too often costs no more than a call of Generations. It
	// returns nil too when its connection broke, since the database may be down, or
	// was restored, since changes may have been missed, and an error where it
	// cannot listen.
	Wait(ctx context.Context) error
}
