package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/lib/pq"
)

// channel is where changes are announced, without a payload: anybody may
// listen.
const channel = "citygauge"

// Bounds of the time between attempts to restore a broken connection.
const (
	minReconnect = time.Second
	maxReconnect = 30 * time.Second
)

// follower hears of changes over a connection of its own, opened when it is
// first needed.
type follower struct {
	start    sync.Once
	listener *pq.Listener
	heard    chan error    // of listening at all
	broke    chan struct{} // told when the connection did, or could not be made
}

func (f *follower) open(url string) {
	f.heard = make(chan error, 1)
	f.broke = make(chan struct{}, 1)
	f.listener = pq.NewListener(url, minReconnect, maxReconnect, func(e pq.ListenerEventType, _ error) {
		if e != pq.ListenerEventDisconnected && e != pq.ListenerEventConnectionAttemptFailed {
			return
		}
		select {
		case f.broke <- struct{}{}:
		default: // and is told already
		}
	})
	go func() { f.heard <- f.listener.Listen(channel) }() // ends at the latest when the listener is closed
}

// Wait blocks until a city may have changed since it last returned, or the
// connection broke or was restored. One goroutine waits at a time.
func (s *Store) Wait(ctx context.Context) error {
	s.follower.start.Do(func() { s.follower.open(s.url) })
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-s.follower.heard:
		// What changed before was not heard: the caller must look once.
		if err != nil {
			return fmt.Errorf("listen for changes: %w", err)
		}
	case <-s.follower.broke:
	case <-s.follower.listener.NotificationChannel():
	}
	return nil
}

func (f *follower) close() error {
	if f.listener == nil {
		return nil
	}
	return f.listener.Close()
}
