package collector

import (
	"context"
	"sync"

	"golang.org/x/time/rate"
)

// hosts spares each host: so many requests at a time, and so many a second.
type hosts struct {
	connections int
	perSecond   rate.Limit

	mu  sync.Mutex
	all map[string]*host
}

type host struct {
	places chan struct{}
	pace   *rate.Limiter
}

func newHosts(connections int, perSecond float64) *hosts {
	limit := rate.Limit(perSecond)
	if perSecond <= 0 {
		limit = rate.Inf
	}
	return &hosts{connections: connections, perSecond: limit, all: map[string]*host{}}
}

// enter waits until a request may be made to a host, and returns what to call
// when it is over.
func (h *hosts) enter(ctx context.Context, name string) (leave func(), err error) {
	at := h.host(name)
	select {
	case at.places <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := at.pace.Wait(ctx); err != nil {
		<-at.places
		return nil, err
	}
	var once sync.Once
	return func() { once.Do(func() { <-at.places }) }, nil
}

func (h *hosts) host(name string) *host {
	h.mu.Lock()
	defer h.mu.Unlock()
	at, ok := h.all[name]
	if !ok {
		at = &host{make(chan struct{}, h.connections), rate.NewLimiter(h.perSecond, h.connections)}
		h.all[name] = at
	}
	return at
}
