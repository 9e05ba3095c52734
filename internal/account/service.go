package account

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"time"
)

// ErrDenied is the error of whoever may not come in, for whatever reason.
var ErrDenied = errors.New("the sign-in is not known, or is over")

// ErrBusy is the error of a sign-in for which too many others wait.
var ErrBusy = errors.New("too many people sign in at this moment: try again")

// SessionKey is under what a session keeps [Account.Session].
const SessionKey = "account"

// Service is accounts over a store.
type Service struct {
	store  Store
	now    func() time.Time
	log    *slog.Logger
	hasher *hasher
	limits *limiter
}

// Options are what a service goes by. The zero value of each but Now is a
// default.
type Options struct {
	Now     func() time.Time
	Log     *slog.Logger
	Hashing Hashing
	Limits  Limits
}

// NewService is accounts over a store. It starts nothing.
func NewService(store Store, o Options) *Service {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Hashing == (Hashing{}) {
		o.Hashing = OWASP
	}
	if o.Limits == (Limits{}) {
		o.Limits = DefaultLimits
	}
	return &Service{store, o.Now, o.Log, newHasher(o.Hashing), newLimiter(o.Limits)}
}

// Session is what a session keeps of an account, under [SessionKey].
func (a Account) Session() string {
	return strconv.FormatInt(a.ID, 10) + " " + strconv.FormatInt(a.Epoch, 10)
}

// SessionAccount is the number of the account whose [Account.Session] this is.
func SessionAccount(session string) (int64, bool) {
	id, _, _ := strings.Cut(session, " ")
	n, err := strconv.ParseInt(id, 10, 64)
	return n, err == nil
}

// BySession is the account that a session's [Account.Session] stands for, as it
// is now. It is asked for each request. Its error is [ErrDenied], also of a
// session that was ended by [Service.SignOutEverywhere].
func (s *Service) BySession(ctx context.Context, session string) (Account, error) {
	id, ok := SessionAccount(session)
	if !ok {
		return Account{}, ErrDenied
	}
	a, err := s.ByID(ctx, id)
	if err == nil && a.Session() != session {
		return Account{}, ErrDenied
	}
	return a, err
}

// ByID is an account by its number. Its error is [ErrDenied] where it is
// disabled or not there.
func (s *Service) ByID(ctx context.Context, id int64) (Account, error) {
	a, err := s.store.Account(ctx, id)
	if err != nil {
		return Account{}, denied(err)
	}
	if a.Disabled {
		return Account{}, ErrDenied
	}
	return a, nil
}

// denied has nobody learn that an account is not there.
func denied(err error) error {
	if errors.Is(err, ErrNoAccount) {
		return ErrDenied
	}
	return err
}

// Named is an account by its name, whether or not it is disabled. Its error is
// [ErrNoAccount].
func (s *Service) Named(ctx context.Context, name string) (Account, error) {
	spelled, err := Name(name)
	if err != nil {
		return Account{}, err
	}
	return s.store.AccountNamed(ctx, spelled)
}

// All are all accounts, in the order of names.
func (s *Service) All(ctx context.Context) ([]Account, error) { return s.store.Accounts(ctx) }

// Record adds an entry to the trail of who did what.
func (s *Service) Record(ctx context.Context, e Entry) error {
	if e.At.IsZero() {
		e.At = s.now()
	}
	return s.store.Record(ctx, e)
}

// Trail is the newest entries, the newest first.
func (s *Service) Trail(ctx context.Context, most int) ([]Entry, error) {
	return s.store.Trail(ctx, most)
}
