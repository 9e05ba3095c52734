package collector

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/citygauge/citygauge/internal/source"
	"github.com/citygauge/citygauge/internal/upload"
)

// Taking a run's observations in and keeping what became of it cost the database
// about as much for one run as for many. So runs are settled many at a time,
// those of one city by one settler, for they would wait for each other.
const (
	settlers    = 2
	settledMost = 64
	// gathering is how long a run waits for others, as long as there are any
	// under way.
	gathering = 200 * time.Millisecond
	// smallDelivery is how many bytes are settled with those of others.
	smallDelivery = 64 << 10
	// farewell is how long it may take to keep what became of a run.
	farewell = 15 * time.Second
)

// small is whether others do not notice how long a delivery takes.
func (d *delivery) small() bool { return len(d.files) == 1 && d.files[0].size <= smallDelivery }

// gather gives do runs that come in, several at a time, until there are no more.
func gather(runs <-chan *pulled, underWay *atomic.Int64, do func([]*pulled)) {
	for first := range runs {
		some, wait := []*pulled{first}, time.After(gathering)
		for enough := false; !enough && (len(runs) > 0 || underWay.Load() > 0); {
			select {
			case p, ok := <-runs:
				if ok {
					some = append(some, p)
				}
				enough = len(some) == settledMost
			case <-wait:
				enough = true
			}
		}
		do(some)
	}
}

// settle takes in what runs delivered, and keeps what became of them.
func (s *Service) settle(ctx context.Context, all []*pulled) {
	s.takeTogether(ctx, all)
	// What became of a run is kept also where its server is about to end.
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer stop()
	var ended []source.Ended
	var released []source.Claim
	for _, p := range all {
		p.run.Ended = s.options.Now()
		if p.delivery != nil {
			s.forget(p.delivery)
		}
		// A run that was interrupted, or whose claim was lost, is nobody's failure.
		if p.ctx.Err() != nil && p.failed != nil {
			released = append(released, p.Claim)
			continue
		}
		due, err := s.due(ctx, p.Job, p.run, p.failed)
		if err != nil {
			s.options.Log.Error("find out when a source is due", "source", p.Claim.Key.String(), "error", err)
		}
		ended = append(ended, source.Ended{Run: p.run, Claim: p.Claim, Last: p.last, Due: due})
	}
	if len(released) > 0 {
		if err := s.store.Release(ctx, released); err != nil {
			s.options.Log.Error("give claims of sources back", "error", err)
		}
	}
	s.keep(ctx, ended)
}

func (s *Service) takeTogether(ctx context.Context, all []*pulled) {
	ctx, cancel := context.WithTimeout(ctx, s.options.Limit)
	defer cancel()
	var held []*pulled
	for _, p := range all {
		if p.failed != nil || p.delivery == nil || !p.delivery.small() {
			continue
		}
		if err := context.Cause(p.ctx); err != nil {
			s.ended(p, err)
			continue
		}
		held = append(held, p)
	}
	if len(held) == 0 {
		return
	}
	err := s.renewed(ctx, held...)
	var taken []*pulled
	var requests []upload.Request
	for _, p := range held {
		if err != nil {
			s.ended(p, err)
		}
		if p.failed == nil {
			taken, requests = append(taken, p), append(requests, p.request(p.delivery.files[0]))
		}
	}
	for n, o := range s.uploads.ImportAll(ctx, requests) {
		s.ended(taken[n], taken[n].took([]upload.Outcome{o}))
	}
}

// keep keeps runs; each by itself where together they cannot be.
func (s *Service) keep(ctx context.Context, ended []source.Ended) {
	if len(ended) == 0 {
		return
	}
	kept, err := s.store.Finish(ctx, ended...)
	switch {
	case err == nil:
		for n, e := range ended {
			if kept[n] {
				s.options.Observe(e.Run)
			}
		}
	case len(ended) == 1:
		s.options.Log.Error("keep the run of a source", "source", ended[0].Key.String(), "error", err)
	default:
		for _, e := range ended {
			s.keep(ctx, []source.Ended{e})
		}
	}
}

// forget removes the copies of files that were delivered.
func (s *Service) forget(d *delivery) {
	if err := d.remove(); err != nil {
		s.options.Log.Warn("remove the copies of a source's files", "error", err)
	}
}
