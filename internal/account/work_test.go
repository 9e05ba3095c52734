package account

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// one is a store that has the account of one name.
type one struct {
	Store   // for what is not asked
	account Account
	entries []Entry
}

func (o *one) AccountNamed(_ context.Context, name string) (Account, error) {
	if name != o.account.Name {
		return Account{}, ErrNoAccount
	}
	return o.account, nil
}

func (o *one) Record(_ context.Context, e Entry) error {
	o.entries = append(o.entries, e)
	return nil
}

// Whoever is refused waits as long as anybody else: one hash at the same cost
// is made for each.
func TestEveryRefusalIsTheSameWork(t *testing.T) {
	store := &one{}
	s := NewService(store, Options{Now: time.Now})
	var made []Hashing
	s.hasher.key = func(cost Hashing, _, _ []byte) []byte {
		made = append(made, cost)
		return make([]byte, keyBytes)
	}
	known := s.hasher.cost.encode(random(saltBytes), random(keyBytes))
	for _, c := range []struct {
		name     string
		account  Account
		as       string
		password string
	}{
		{"a wrong password", Account{Name: "ana@example.org", Password: known}, "ana@example.org", "a wrong password"},
		{"nobody's name", Account{Name: "ana@example.org", Password: known}, "nobody@example.org", "a wrong password"},
		{"no name at all", Account{Name: "ana@example.org", Password: known}, "!", "a wrong password"},
		{"a disabled account", Account{Name: "ana@example.org", Password: known, Disabled: true}, "ana@example.org", "a wrong password"},
		{"an account without a password", Account{Name: "ana@example.org"}, "ana@example.org", "a wrong password"},
		{"an endless password", Account{Name: "ana@example.org", Password: known}, "ana@example.org", string(make([]byte, 1<<16))},
	} {
		t.Run(c.name, func(t *testing.T) {
			store.account, made, store.entries = c.account, nil, nil
			if _, err := s.SignIn(t.Context(), c.as, c.password, "192.0.2.1"); !errors.Is(err, ErrDenied) {
				t.Fatal(err)
			}
			if len(made) != 1 || made[0] != OWASP || len(store.entries) != 1 {
				t.Errorf("%d hashes (%v) and %d entries were made, want one each", len(made), made, len(store.entries))
			}
		})
	}
}

// A flood of sign-ins waits, and more than can wait are sent away.
func TestFewHashesAtOnce(t *testing.T) {
	h := newHasher(OWASP)
	var at, most atomic.Int32
	enough, goOn := make(chan struct{}, hashesAtOnce), make(chan struct{})
	h.key = func(Hashing, []byte, []byte) []byte {
		now := at.Add(1)
		for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
		}
		select {
		case enough <- struct{}{}:
		default:
		}
		<-goOn
		at.Add(-1)
		return make([]byte, keyBytes)
	}
	var all sync.WaitGroup
	var busy, done atomic.Int32
	const flood = 1000
	sentAway := make(chan struct{}, flood)
	for range flood {
		all.Go(func() {
			switch _, err := h.hash(t.Context(), "a password"); {
			case errors.Is(err, ErrBusy):
				busy.Add(1)
				sentAway <- struct{}{}
			case err == nil:
				done.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	for range hashesAtOnce {
		<-enough
	}
	for range flood - hashesAtOnce - hashesWaiting {
		<-sentAway
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.hash(ctx, "a password"); !errors.Is(err, ErrBusy) {
		t.Errorf("one more: %v", err)
	}
	close(goOn)
	all.Wait()
	if most.Load() != hashesAtOnce || busy.Load() != flood-hashesAtOnce-hashesWaiting || done.Load() != hashesAtOnce+hashesWaiting {
		t.Errorf("%d at once, %d done, %d sent away", most.Load(), done.Load(), busy.Load())
	}
	// Who goes away while waiting leaves the place to others.
	h.turns <- struct{}{}
	h.turns <- struct{}{}
	h.turns <- struct{}{}
	h.turns <- struct{}{}
	if _, err := h.hash(ctx, "a password"); !errors.Is(err, context.Canceled) || h.waiting.Load() != 0 {
		t.Errorf("%v, and %d wait", err, h.waiting.Load())
	}
}

func TestHashesAreToldApart(t *testing.T) {
	h := newHasher(Hashing{Memory: 64, Passes: 1, Threads: 1})
	hash, err := h.hash(t.Context(), "a good password")
	if err != nil {
		t.Fatal(err)
	}
	again, err := h.hash(t.Context(), "a good password")
	if err != nil || again == hash {
		t.Errorf("two hashes of one password are the same, %v", err)
	}
	for password, want := range map[string]bool{"a good password": true, "a good passwore": false, "": false} {
		if right, err := h.matches(t.Context(), password, hash); err != nil || right != want {
			t.Errorf("%q: %t, %v", password, right, err)
		}
	}
	for _, bad := range []string{"x", "$2b$12$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=64,t=0,p=1$AAAA$AAAA", "$argon2id$v=19$m=64,t=1,p=1$AAAA$AAAA", hash[1:]} {
		if _, err := h.matches(t.Context(), "a good password", bad); !errors.Is(err, errBadHash) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if !h.outdated("x") || h.outdated(hash) {
		t.Error("what is outdated is not told")
	}
}

// However many names and addresses are tried, few are remembered.
func TestBucketsAreBounded(t *testing.T) {
	b := newBuckets(Limit{1, time.Hour}, 3)
	now := time.Unix(0, 0)
	for _, key := range []string{"a", "b", "c", "a", "d"} {
		b.of(key).AllowN(now, 1)
	}
	if len(b.byKey) != 3 || b.order.Len() != 3 || b.known("b") != nil || b.known("a") == nil {
		t.Errorf("%d are kept in %d places, and b, which was not used for the longest time, is one: %t", len(b.byKey), b.order.Len(), b.known("b") != nil)
	}
	if b.of("a").AllowN(now, 1) {
		t.Error("one that is kept was forgotten")
	}
}

func TestNetworks(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8::1": "2001:db8::/64", "2001:db8::ffff:1": "2001:db8::/64",
		"fe80::1%eth0": "fe80::/64", "": "", "a pipe": "a pipe",
	} {
		if got := network(address); got != want {
			t.Errorf("%s is of %s, want %s", address, got, want)
		}
	}
}

// OWASP's cost, beside that of a hash that is far too cheap.
func BenchmarkHash(b *testing.B) {
	for name, cost := range map[string]Hashing{"owasp": OWASP, "64KiB": {Memory: 64, Passes: 1, Threads: 1}} {
		b.Run(name, func(b *testing.B) {
			h := newHasher(cost)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := h.hash(b.Context(), "a good password"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
