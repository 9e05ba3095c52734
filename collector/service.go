package collector

import (
	"context"
	"log/slog"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
	"github.com/citygauge/citygauge/internal/upload"
)

// Store is where sources are claimed, and what became of them is kept. All of
// its methods may be called at the same time.
type Store interface {
	// Claim takes up to most sources for a server, for as long as the lease
	// lasts: those that are due or, where some are named, these. None that it
	// answers with is claimed by anybody else meanwhile.
	Claim(ctx context.Context, server string, lease time.Duration, most int, only []programme.SourceKey) ([]source.Job, error)
	// Renew prolongs leases, and answers with the claims that are lost.
	Renew(ctx context.Context, lease time.Duration, claims []source.Claim) (lost []source.Claim, err error)
	// Finish ends claims; false where one was lost, and nothing is kept of it.
	Finish(ctx context.Context, all ...source.Ended) (kept []bool, err error)
	// Release gives claims back whose runs came to no end.
	Release(ctx context.Context, claims []source.Claim) error
	// NewestPeriods is the last day of each indicator's newest period that was
	// delivered.
	NewestPeriods(ctx context.Context, city string) (map[string]programme.Date, error)
	// Given is the first days of the periods of which a source's own value
	// stands, for each indicator.
	Given(ctx context.Context, c source.Claim) (map[string][]programme.Date, error)
}

// Uploads takes in what is delivered: a file by itself, or small ones together.
type Uploads interface {
	Import(ctx context.Context, r upload.Request) (upload.Report, error)
	ImportAll(ctx context.Context, all []upload.Request) []upload.Outcome
}

// Options are how a service works; the zero value of each is fit for use but
// for Now and Today.
type Options struct {
	Server  string        // names this one in the record of runs
	Workers int           // runs at a time; 0: 32
	Lease   time.Duration // 0: a minute
	Poll    time.Duration // how often is looked for what is due; 0: five seconds
	Limit   time.Duration // of one run; 0: an hour
	Now     func() time.Time
	Today   func(programme.City) programme.Date
	Log     *slog.Logger // nil: none
	// AcceptFewer lets records be as few as they are, where a person looked.
	AcceptFewer bool
	// Observe is told of every run at its end, and Progress of records that
	// came; nil: nobody is. They are called by several runs at a time.
	Observe  func(source.Run)
	Progress func(key programme.SourceKey, records int64)
}

// Service pulls sources that are due. Several of them, in one process or many,
// share the work.
type Service struct {
	store   Store
	uploads Uploads
	client  *Client
	options Options
}

// New is a service that has not begun.
func New(store Store, uploads Uploads, client *Client, o Options) *Service {
	if o.Workers == 0 {
		o.Workers = 32
	}
	if o.Lease == 0 {
		o.Lease = time.Minute
	}
	if o.Poll == 0 {
		o.Poll = 5 * time.Second
	}
	if o.Limit == 0 {
		o.Limit = time.Hour
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Observe == nil {
		o.Observe = func(source.Run) {}
	}
	return &Service{store, uploads, client, o}
}

// Run pulls what is due until ctx ends. What fails is kept as a run and logged;
// so is a database that does not answer, which is asked again.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(s.options.Poll)
	defer tick.Stop()
	away := false
	s.work(ctx, func(most int) ([]source.Job, bool) {
		jobs, err := s.store.Claim(ctx, s.options.Server, s.options.Lease, most, nil)
		if err != nil && ctx.Err() == nil && !away {
			s.options.Log.Error("look for sources that are due", "error", err)
		}
		away = err != nil
		if len(jobs) > 0 {
			return jobs, true
		}
		select {
		case <-tick.C:
			return nil, true
		case <-ctx.Done():
			return nil, false
		}
	})
	return nil
}

// Collect pulls sources now, and answers with those that another server is at
// work on or that do not exist. How the others ended is told to Observe.
func (s *Service) Collect(ctx context.Context, keys []programme.SourceKey) (held []programme.SourceKey, err error) {
	left := make(map[programme.SourceKey]bool, len(keys))
	for _, k := range keys {
		left[k] = true
	}
	s.work(ctx, func(most int) ([]source.Job, bool) {
		var named []programme.SourceKey
		for _, k := range keys {
			if left[k] {
				named = append(named, k)
			}
		}
		if len(named) == 0 || err != nil {
			return nil, false
		}
		var jobs []source.Job
		if jobs, err = s.store.Claim(ctx, s.options.Server, s.options.Lease, most, named); len(jobs) == 0 {
			return nil, false
		}
		for _, j := range jobs {
			delete(left, j.Claim.Key)
		}
		return jobs, true
	})
	for _, k := range keys {
		if left[k] {
			held = append(held, k)
		}
	}
	if err == nil {
		err = ctx.Err()
	}
	return held, err
}
