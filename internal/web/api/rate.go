package api

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rate is how many requests an account may make: so many at once, and so many
// more each second.
type Rate struct {
	Burst     int
	PerSecond float64
}

// DefaultRate lets a script read everything a page at a time, and no script
// keep others from being answered.
var DefaultRate = Rate{Burst: 100, PerSecond: 10}

// rates count the requests of accounts.
type rates struct {
	sync.Mutex
	Rate
	byAccount map[int64]*rate.Limiter
}

func newRates(r Rate) *rates { return &rates{Rate: r, byAccount: map[int64]*rate.Limiter{}} }

// remembered is how many accounts are remembered before those are forgotten
// that may make all their requests again.
const remembered = 1000

// take counts a request of an account, or says in how long it may be made.
func (r *rates) take(id int64, now time.Time) time.Duration {
	r.Lock()
	defer r.Unlock()
	l := r.byAccount[id]
	if l == nil {
		if len(r.byAccount) >= remembered {
			r.forget(now)
		}
		l = rate.NewLimiter(rate.Limit(r.PerSecond), r.Burst)
		r.byAccount[id] = l
	}
	one := l.ReserveN(now, 1)
	wait := one.DelayFrom(now)
	if wait > 0 {
		one.CancelAt(now)
	}
	return wait
}

func (r *rates) forget(now time.Time) {
	for id, l := range r.byAccount {
		if l.TokensAt(now) >= float64(r.Burst) {
			delete(r.byAccount, id)
		}
	}
}
