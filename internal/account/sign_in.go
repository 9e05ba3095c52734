package account

import (
	"cmp"
	"context"
	"errors"
	"unicode/utf8"
)

// SignIn is the account of a name and its password, asked for from an address.
// Its errors are [ErrDenied], whatever is wrong and after the same work,
// [TooMany] and [ErrBusy].
func (s *Service) SignIn(ctx context.Context, name, password, address string) (Account, error) {
	now := s.now()
	spelled, err := Name(name)
	if err != nil {
		// Whatever was typed may be the password, and is not recorded.
		spelled = ""
	}
	attempt, err := s.limits.begin(cmp.Or(spelled, "nobody at "+address), address, now)
	if err != nil {
		return Account{}, err
	}
	a, err := s.store.AccountNamed(ctx, spelled)
	if err != nil && !errors.Is(err, ErrNoAccount) {
		attempt.undo()
		return Account{}, err
	}
	hash := a.Password
	if a.Disabled {
		hash = ""
	}
	right, err := s.matches(ctx, password, hash)
	if err != nil {
		attempt.undo()
		return Account{}, err
	}
	if !right {
		return Account{}, s.refuse(ctx, spelled, address)
	}
	change := Change{SignedIn: &now}
	if s.hasher.outdated(hash) {
		if change.Password, change.Instead, err = s.rehash(ctx, password, hash); err != nil {
			return Account{}, err
		}
	}
	if err := s.store.ChangeAccount(ctx, a.ID, change, Entry{At: now, By: a.At(address), Action: SignedIn, Subject: "password"}); err != nil {
		return Account{}, denied(err)
	}
	attempt.succeeded()
	a.SignedIn = now
	return a, nil
}

// matches reports whether a password is that of a hash. One that is too long is
// not hashed whole: it is nobody's.
func (s *Service) matches(ctx context.Context, password, hash string) (bool, error) {
	if utf8.RuneCountInString(password) > MaxPassword {
		password, hash = "", ""
	}
	return s.hasher.matches(ctx, password, hash)
}

func (s *Service) rehash(ctx context.Context, password, hash string) (anew, instead *string, err error) {
	text, err := s.hasher.hash(ctx, password)
	return &text, &hash, err
}

// refuse records that somebody was not let in.
func (s *Service) refuse(ctx context.Context, name, address string) error {
	err := s.Record(ctx, Entry{By: Actor{Name: name, Address: address}, Action: SignInFailed})
	return errors.Join(ErrDenied, err)
}

// SignOut records that somebody left; the pages end the session.
func (s *Service) SignOut(ctx context.Context, a Account, address string) error {
	return s.Record(ctx, Entry{By: a.At(address), Action: SignedOut})
}

// SignOutEverywhere ends all sessions of an account, on every server. Its
// tokens stay.
func (s *Service) SignOutEverywhere(ctx context.Context, by Actor, id int64) error {
	a, err := s.store.Account(ctx, id)
	if err != nil {
		return err
	}
	return s.store.ChangeAccount(ctx, id, Change{SignOut: true}, Entry{At: s.now(), By: by, Action: SignedOutAll, Subject: a.Name})
}
