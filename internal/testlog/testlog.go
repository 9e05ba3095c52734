// Package testlog keeps what is said while a test runs. Tests alone import it.
package testlog

import (
	"strings"
	"sync"
)

// Transcript is what has been said so far, by many at once. The zero value is
// one of nothing.
type Transcript struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write adds to it, and never fails.
func (s *Transcript) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

// String is all of it.
func (s *Transcript) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}
