package account

import (
	"container/list"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits bound the sign-ins that fail.
type Limits struct {
	PerAccount, PerAddress Limit
	Kept                   int // how many accounts, and how many addresses, are remembered
}

// Limit allows some attempts at once, and one more each time that Every has
// passed.
type Limit struct {
	Burst int
	Every time.Duration
}

// DefaultLimits leave a guesser 2,900 attempts a day for an account, and an
// office in which everybody signs in through one address enough.
var DefaultLimits = Limits{
	PerAccount: Limit{10, 30 * time.Second},
	PerAddress: Limit{100, 6 * time.Second},
	Kept:       20_000,
}

// ErrTooMany is a [TooMany] in [errors.Is].
var ErrTooMany = errors.New("too many attempts to sign in")

// TooMany is the error of an attempt that came too soon after others.
type TooMany struct {
	RetryAfter time.Duration // in which the next attempt may be made
}

func (e TooMany) Error() string {
	return fmt.Sprintf("%v: try again in %v", ErrTooMany, e.RetryAfter.Round(time.Second))
}

// Is has it be [ErrTooMany].
func (TooMany) Is(target error) bool { return target == ErrTooMany }

// limiter counts attempts. Only those that fail count in the end.
type limiter struct {
	addresses, accounts, pairs *buckets
}

func newLimiter(l Limits) *limiter {
	return &limiter{newBuckets(l.PerAddress, l.Kept), newBuckets(l.PerAccount, l.Kept), newBuckets(l.PerAccount, l.Kept)}
}

// attempt is one that may be made; where it succeeds, it does not count.
type attempt struct {
	limiter       *limiter
	name, address string
	at            time.Time
	taken         []*rate.Reservation
}

// begin allows an attempt to sign in with a name from an address, or not. Where
// the account has signed in from there before, attempts from elsewhere do not
// count: nobody can lock somebody out of their own desk.
func (l *limiter) begin(name, address string, now time.Time) (attempt, error) {
	address = network(address)
	a := attempt{l, name, address, now, nil}
	if err := a.take(l.addresses.of(address)); err != nil {
		return a, err
	}
	bucket := l.pairs.known(name + " " + address)
	if bucket == nil {
		bucket = l.accounts.of(name)
	}
	if err := a.take(bucket); err != nil {
		a.undo()
		return a, err
	}
	return a, nil
}

func (a *attempt) take(bucket *rate.Limiter) error {
	r := bucket.ReserveN(a.at, 1)
	if wait := r.DelayFrom(a.at); wait > 0 {
		r.CancelAt(a.at)
		return TooMany{wait}
	}
	a.taken = append(a.taken, r)
	return nil
}

func (a *attempt) undo() {
	for _, r := range a.taken {
		r.CancelAt(a.at)
	}
}

// succeeded takes the attempt back, and remembers from where it came.
func (a *attempt) succeeded() {
	a.undo()
	a.limiter.pairs.of(a.name + " " + a.address)
}

// network is what stands for an address: of IPv6, the 64 bits that one customer
// has, at the least.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}

// buckets are rate limiters by key. The one that was not used for the longest
// time is forgotten where there are too many.
type buckets struct {
	sync.Mutex
	limit Limit
	most  int
	byKey map[string]*list.Element
	order *list.List // of bucket, the newest first
}

type bucket struct {
	key string
	*rate.Limiter
}

func newBuckets(l Limit, most int) *buckets {
	return &buckets{limit: l, most: most, byKey: map[string]*list.Element{}, order: list.New()}
}

// known is the bucket of a key, or nil.
func (b *buckets) known(key string) *rate.Limiter {
	b.Lock()
	defer b.Unlock()
	return b.find(key)
}

func (b *buckets) find(key string) *rate.Limiter {
	e := b.byKey[key]
	if e == nil {
		return nil
	}
	b.order.MoveToFront(e)
	return e.Value.(bucket).Limiter
}

// of is the bucket of a key, a full one where there was none.
func (b *buckets) of(key string) *rate.Limiter {
	b.Lock()
	defer b.Unlock()
	if found := b.find(key); found != nil {
		return found
	}
	made := bucket{key, rate.NewLimiter(rate.Every(b.limit.Every), b.limit.Burst)}
	b.byKey[key] = b.order.PushFront(made)
	for b.order.Len() > b.most {
		oldest := b.order.Back()
		delete(b.byKey, b.order.Remove(oldest).(bucket).key)
	}
	return made.Limiter
}
