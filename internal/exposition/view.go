package exposition

import (
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// View is the Prometheus view of a source. [View.Run] keeps it up to date;
// [View.Handler] serves it, and may do so before Run begins and after it ended.
type View struct {
	source  Source
	process prometheus.Gatherer
	options Options

	known map[string]int64 // the generations of what is shown; Run's alone
	now   atomic.Pointer[state]
	zips  *zips
}

// state is what the view knows. It never changes: Run replaces it.
type state struct {
	shown  *snapshot // nil before the first
	agreed time.Time // when shown last agreed with the database; zero before the first
	up     bool      // whether the database answered when it was last asked
}

// Options are what a view may be told; the zero value is fit for use.
type Options struct {
	Clock func() time.Time // nil: time.Now
	Log   *slog.Logger     // of failures and recoveries; nil: none
	// MinInterval is the least time from the beginning of one comparison with
	// the database to that of the next, and so between renderings. 0: a second.
	MinInterval time.Duration
	Build       Build
	// Installation is the id of the one whose database this is; empty: none is
	// shown.
	Installation string
	// Beside are families of the whole installation that come from elsewhere:
	// /metrics shows them, and /metrics/process does not. nil: none.
	Beside prometheus.Gatherer
	// BesideCity are those of one city, which its page shows. nil: none.
	BesideCity func(city string) prometheus.Collector
}

// Build is what citygauge_build_info says of this program.
type Build struct {
	Version, Revision, GoVersion string
}

// New is a view that shows nothing yet. It registers its own metrics with the
// process's registry, whose families are added to every scrape; a registry that
// has them already, from another view, makes it panic.
func New(source Source, process *prometheus.Registry, o Options) *View {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.MinInterval == 0 {
		o.MinInterval = time.Second
	}
	v := &View{
		source:  source,
		process: process,
		options: o,
		zips:    newZips(),
	}
	v.now.Store(&state{})
	process.MustRegister(ownMetrics{v})
	return v
}
