package collector

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/citygauge/citygauge/internal/source"
)

// claims are those that this service holds, each with what ends its run.
type claims struct {
	mu  sync.Mutex
	all map[source.Claim]context.CancelCauseFunc
}

func (c *claims) add(ctx context.Context, claim source.Claim) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all[claim] = cancel
	return ctx, cancel
}

func (c *claims) remove(claim source.Claim) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.all, claim)
}

func (c *claims) list() []source.Claim {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]source.Claim, 0, len(c.all))
	for claim := range c.all {
		list = append(list, claim)
	}
	return list
}

// lose ends the runs of claims that are another server's now.
func (c *claims) lose(lost []source.Claim) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, claim := range lost {
		if cancel, ok := c.all[claim]; ok {
			cancel(errLost)
		}
	}
}

var errLost = errors.New("another server took the source over, or it was declared anew")

// claimed is a job whose run may be ended from outside.
type claimed struct {
	source.Job
	ctx    context.Context // one run's
	cancel context.CancelCauseFunc
}

// work runs what claim gives until it says that there is no more, some at a
// time, and returns when all of them ended. claim is asked for more while what
// it gave is worked on.
func (s *Service) work(ctx context.Context, claim func(most int) (jobs []source.Job, more bool)) {
	held := &claims{all: map[source.Claim]context.CancelCauseFunc{}}
	renewing, stop := context.WithCancel(ctx)
	var group sync.WaitGroup
	group.Go(func() { s.renew(renewing, held) })
	queue := make(chan claimed, s.options.Workers)
	var underWay atomic.Int64
	var workers, settling sync.WaitGroup
	var settled [settlers]chan *pulled
	for n := range settled {
		settled[n] = make(chan *pulled, settledMost)
		settling.Go(func() {
			gather(settled[n], &underWay, func(some []*pulled) {
				s.settle(ctx, some)
				for _, p := range some {
					p.cancel(nil)
					held.remove(p.Claim)
				}
			})
		})
	}
	for range s.options.Workers {
		workers.Go(func() {
			for j := range queue {
				p := s.pull(j)
				underWay.Add(-1)
				settled[int(j.Claim.City)%settlers] <- p
			}
		})
	}
	for more := true; more && ctx.Err() == nil; {
		var jobs []source.Job
		// As many as are worked on, so that claiming is worth its while.
		jobs, more = claim(s.options.Workers)
		underWay.Add(int64(len(jobs)))
		// All before the first waits for a worker: leases are renewed meanwhile.
		waiting := make([]claimed, len(jobs))
		for n, job := range jobs {
			waiting[n].Job = job
			waiting[n].ctx, waiting[n].cancel = held.add(ctx, job.Claim)
		}
		for _, j := range waiting {
			queue <- j
		}
	}
	close(queue)
	workers.Wait()
	for n := range settled {
		close(settled[n])
	}
	settling.Wait()
	stop()
	group.Wait()
}

// renew prolongs the leases of what is worked on or waits to be.
func (s *Service) renew(ctx context.Context, held *claims) {
	const timely = 3
	tick := time.NewTicker(s.options.Lease / timely)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		list := held.list()
		if len(list) == 0 {
			continue
		}
		lost, err := s.store.Renew(ctx, s.options.Lease, list)
		if err != nil && ctx.Err() == nil {
			s.options.Log.Error("renew the claims of sources", "error", err)
		}
		held.lose(lost)
	}
}
