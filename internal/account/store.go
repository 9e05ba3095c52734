package account

import (
	"context"
	"crypto/sha256"
	"time"
)

// Store keeps accounts. What it changes and the entry that tells of it are kept
// together, or not at all. An account that is not there is [ErrNoAccount].
type Store interface {
	Account(ctx context.Context, id int64) (Account, error)
	AccountNamed(ctx context.Context, name string) (Account, error)
	AccountOf(ctx context.Context, who Identity) (Account, error)
	// AccountOfToken has the account's Token set.
	AccountOfToken(ctx context.Context, hash [sha256.Size]byte) (Account, error)
	// Accounts are all, in the order of names.
	Accounts(ctx context.Context) ([]Account, error)

	// AddAccount's errors are ErrExists and ErrNoCity.
	AddAccount(ctx context.Context, a Account, e Entry) (int64, error)
	// ChangeAccount's errors are ErrNoAccount and ErrNoCity.
	ChangeAccount(ctx context.Context, id int64, c Change, e Entry) error

	AddToken(ctx context.Context, account int64, t Token, hash [sha256.Size]byte, e Entry) (int64, error)
	TokenUsed(ctx context.Context, token int64, at time.Time) error
	// Tokens are those of an account, or all where it is 0, the newest first.
	Tokens(ctx context.Context, account int64) ([]Token, error)
	// RevokeToken revokes one of an account, or anybody's where that is 0. It
	// completes the entry.
	RevokeToken(ctx context.Context, account, token int64, e Entry) error

	Record(ctx context.Context, e Entry) error
	// Trail is the newest entries.
	Trail(ctx context.Context, most int) ([]Entry, error)
}

// Change is what changes of an account; nil stays.
type Change struct {
	Title    *string
	Role     *Role
	Cities   *[]string
	Disabled *bool
	Password *string   // its hash
	Instead  *string   // of this hash alone: where another stands, nothing changes
	Identity *Identity // where none is known yet, unless it is zero
	SignedIn *time.Time
	SignOut  bool // of all sessions
}
