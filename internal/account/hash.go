package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
)

// Hashing is what a password's hash costs. Hashes keep what they were made
// with; a password is hashed anew at a sign-in where that has changed.
type Hashing struct {
	Memory  uint32 // KiB
	Passes  uint32
	Threads uint8
}

// OWASP is the least that the Password Storage Cheat Sheet recommends for
// argon2id: 19 MiB, two passes, one thread.
var OWASP = Hashing{Memory: 19 * 1024, Passes: 2, Threads: 1}

const (
	saltBytes = 16
	keyBytes  = 32
	// hashesAtOnce bounds the memory that sign-ins take: 4 of 19 MiB.
	hashesAtOnce = 4
	// hashesWaiting is how many more may wait for their turn.
	hashesWaiting = 200
)

// hasher hashes passwords, a few at a time.
type hasher struct {
	cost    Hashing
	turns   chan struct{}
	waiting atomic.Int32
	dummy   string                               // the hash of no password
	key     func(Hashing, []byte, []byte) []byte // argon2id
}

func newHasher(cost Hashing) *hasher {
	h := &hasher{cost: cost, turns: make(chan struct{}, hashesAtOnce), key: argon2id}
	// Nothing hashes to a key of random bytes.
	h.dummy = cost.encode(random(saltBytes), random(keyBytes))
	return h
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

func argon2id(cost Hashing, password, salt []byte) []byte {
	return argon2.IDKey(password, salt, cost.Passes, cost.Memory, cost.Threads, keyBytes)
}

// take waits for a turn; give it back. Where too many wait already it is
// [ErrBusy].
func (h *hasher) take(ctx context.Context) error {
	if h.waiting.Add(1) > hashesAtOnce+hashesWaiting {
		h.waiting.Add(-1)
		return ErrBusy
	}
	select {
	case h.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		h.waiting.Add(-1)
		return ctx.Err()
	}
}

func (h *hasher) give() {
	<-h.turns
	h.waiting.Add(-1)
}

// hash is what is kept of a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := h.take(ctx); err != nil {
		return "", err
	}
	defer h.give()
	salt := random(saltBytes)
	return h.cost.encode(salt, h.key(h.cost, []byte(composed(password)), salt)), nil
}

// matches reports whether a password is that of a hash. Where there is no hash
// it is not, after the same work.
func (h *hasher) matches(ctx context.Context, password, hash string) (bool, error) {
	if hash == "" {
		hash = h.dummy
	}
	cost, salt, key, err := decode(hash)
	if err != nil {
		return false, err
	}
	if err := h.take(ctx); err != nil {
		return false, err
	}
	defer h.give()
	return subtle.ConstantTimeCompare(key, h.key(cost, []byte(composed(password)), salt)) == 1, nil
}

// outdated reports whether a hash was made with other parameters than are now
// in force.
func (h *hasher) outdated(hash string) bool {
	cost, _, _, err := decode(hash)
	return err != nil || cost != h.cost
}

var b64 = base64.RawStdEncoding

// encode writes a hash in the PHC string format.
func (c Hashing) encode(salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Passes, c.Threads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

var errBadHash = errors.New("the password's hash in the database cannot be read: set the password anew")

func decode(hash string) (c Hashing, salt, key []byte, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errBadHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Passes, &c.Threads); err != nil || c.Passes == 0 || c.Threads == 0 {
		return c, nil, nil, errBadHash
	}
	salt, saltErr := b64.DecodeString(parts[4])
	key, keyErr := b64.DecodeString(parts[5])
	if saltErr != nil || keyErr != nil || len(key) != keyBytes {
		return c, nil, nil, errBadHash
	}
	return c, salt, key, nil
}
