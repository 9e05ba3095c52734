package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"
)

// TokenPrefix begins every token, so that one that got where it should not be
// is found.
const TokenPrefix = "cg_"

// secretLength is that of what follows the prefix: 52 characters of 5 bits.
const secretLength = 52

const (
	// MaxTokenDays is how long a token may be valid.
	MaxTokenDays = 366
	// usedEvery is how often is written that a token was used.
	usedEvery = time.Minute
)

// Token lets a script do what its account may. The token itself is known to
// nobody but who got it: only its hash is kept.
type Token struct {
	ID       int64
	Account  string // the name of its account
	Title    string // what it is for
	ReadOnly bool
	Cities   []string // narrows it to some of its account's; nil does not
	Created  time.Time
	Expires  time.Time
	Used     time.Time // last, to the minute; zero is never
	Revoked  time.Time // zero is not
}

// Valid reports whether the token is good at a time.
func (t Token) Valid(now time.Time) bool { return t.Revoked.IsZero() && now.Before(t.Expires) }

// NewToken is a token that somebody wants to have.
type NewToken struct {
	Title    string
	ReadOnly bool
	Cities   []string // some of the account's; nil is all
	Days     int      // for which it is valid
}

// AddToken makes a token for an account, and answers with its text, which is
// never seen again.
func (s *Service) AddToken(ctx context.Context, by Actor, id int64, n NewToken) (Token, string, error) {
	a, err := s.store.Account(ctx, id)
	if err != nil {
		return Token{}, "", err
	}
	now := s.now()
	t := Token{Account: a.Name, Title: strings.TrimSpace(n.Title), ReadOnly: n.ReadOnly, Cities: n.Cities, Created: now, Expires: now.AddDate(0, 0, n.Days)}
	switch {
	case a.Disabled:
		return Token{}, "", fmt.Errorf("%w: the account %s is disabled", ErrInvalid, a.Name)
	case t.Title == "" || len(t.Title) > maxText:
		return Token{}, "", fmt.Errorf("%w: say in at most %d bytes what the token is for", ErrInvalid, maxText)
	case n.Days < 1 || n.Days > MaxTokenDays:
		return Token{}, "", fmt.Errorf("%w: a token is valid for 1 to %d days, not %d", ErrInvalid, MaxTokenDays, n.Days)
	}
	if i := slices.IndexFunc(n.Cities, func(city string) bool { return !a.Sees(city) }); i >= 0 {
		return Token{}, "", fmt.Errorf("%w: %q is no city of the account %s", ErrNoCity, n.Cities[i], a.Name)
	}
	// 256 bits at the least.
	text := TokenPrefix + rand.Text() + rand.Text()
	t.ID, err = s.store.AddToken(ctx, id, t, hashToken(text), Entry{At: now, By: by, Action: TokenAdded, Subject: a.Name, Cities: n.Cities})
	return t, text, err
}

// hashToken is what is kept of a token. It is as random as its hash, so that
// nothing slower is needed.
func hashToken(text string) [sha256.Size]byte { return sha256.Sum256([]byte(text)) }

// ByToken is the account that a bearer's token stands for, narrowed as the
// token is. Its error is [ErrDenied].
func (s *Service) ByToken(ctx context.Context, bearer string) (Account, error) {
	if len(bearer) != len(TokenPrefix)+secretLength || !strings.HasPrefix(bearer, TokenPrefix) {
		return Account{}, ErrDenied
	}
	a, err := s.store.AccountOfToken(ctx, hashToken(bearer))
	if err != nil {
		return Account{}, denied(err)
	}
	now := s.now()
	if a.Disabled || !a.Token.Valid(now) {
		return Account{}, ErrDenied
	}
	if now.Sub(a.Token.Used) >= usedEvery {
		if err := s.store.TokenUsed(ctx, a.Token.ID, now); err != nil {
			return Account{}, err
		}
		a.Token.Used = now
	}
	return a, nil
}

// Tokens are those of an account, or all where it is 0, the newest first.
func (s *Service) Tokens(ctx context.Context, id int64) ([]Token, error) {
	return s.store.Tokens(ctx, id)
}

// RevokeToken ends a token at once: one of an account, or anybody's where that
// is 0. Its error is [ErrNoToken], also of one that is revoked already.
func (s *Service) RevokeToken(ctx context.Context, by Actor, id, token int64) error {
	return s.store.RevokeToken(ctx, id, token, Entry{At: s.now(), By: by, Action: TokenRevoked})
}
