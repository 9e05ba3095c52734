package account

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
)

// Add makes an account; without a password, one signs in at the OpenID provider
// alone. Its errors are [ErrInvalid], [ErrExists] and [ErrNoCity].
func (s *Service) Add(ctx context.Context, by Actor, a Account, password string) (Account, error) {
	var err error
	if a.Name, err = Name(a.Name); err != nil {
		return Account{}, err
	}
	a.Title = strings.TrimSpace(a.Title)
	a.Cities = sorted(a.Cities)
	a.Password, a.Created = "", s.now()
	if err := a.check(); err != nil {
		return Account{}, err
	}
	if password != "" {
		if err := checkPassword(password, a); err != nil {
			return Account{}, err
		}
		if a.Password, err = s.hasher.hash(ctx, password); err != nil {
			return Account{}, err
		}
	}
	a.ID, err = s.store.AddAccount(ctx, a, Entry{At: a.Created, By: by, Action: AccountAdded, Subject: a.Name + " as " + string(a.Role), Cities: a.Cities})
	return a, err
}

func sorted(cities []string) []string { return slices.Compact(slices.Sorted(slices.Values(cities))) }

// Generate is a password that nobody has to think of.
func Generate() string { return rand.Text() }

// Edit is what somebody wants to change of an account; nil stays.
type Edit struct {
	Title  *string
	Role   *Role
	Cities *[]string
}

// Edit changes an account's title, role or cities, from the next request on.
// Its errors are [ErrNoAccount], [ErrInvalid] and [ErrNoCity].
func (s *Service) Edit(ctx context.Context, by Actor, id int64, e Edit) (Account, error) {
	a, err := s.store.Account(ctx, id)
	if err != nil {
		return Account{}, err
	}
	if e.Title != nil {
		a.Title = strings.TrimSpace(*e.Title)
	}
	if e.Role != nil {
		a.Role = *e.Role
		if !a.Role.OfCities() && e.Cities == nil {
			a.Cities = nil
		}
	}
	if e.Cities != nil {
		a.Cities = sorted(*e.Cities)
	}
	if err := a.check(); err != nil {
		return Account{}, err
	}
	return a, s.store.ChangeAccount(ctx, id, Change{Title: &a.Title, Role: &a.Role, Cities: &a.Cities},
		Entry{At: s.now(), By: by, Action: AccountChanged, Subject: a.Name + " as " + string(a.Role), Cities: a.Cities})
}

// SetDisabled ends what an account may do at once, its sessions and tokens
// included, or lets it in again: its tokens too, but none of its sessions.
func (s *Service) SetDisabled(ctx context.Context, by Actor, id int64, disabled bool) error {
	a, err := s.store.Account(ctx, id)
	if err != nil {
		return err
	}
	action := AccountEnabled
	if disabled {
		action = AccountDisabled
	}
	return s.store.ChangeAccount(ctx, id, Change{Disabled: &disabled, SignOut: disabled}, Entry{At: s.now(), By: by, Action: action, Subject: a.Name})
}

// SetPassword gives an account a new password, as an operator may. All its
// sessions end; its tokens stay.
func (s *Service) SetPassword(ctx context.Context, by Actor, id int64, password string) error {
	a, err := s.store.Account(ctx, id)
	if err != nil {
		return err
	}
	return s.setPassword(ctx, by, a, password, Change{})
}

// ChangePassword gives an account a new password, as its owner may who knows
// the old one. All its sessions end, and the account is answered with that a
// new one can be begun for. Its errors are [ErrDenied], [TooMany], [ErrBusy]
// and [ErrInvalid].
func (s *Service) ChangePassword(ctx context.Context, id int64, old, password, address string) (Account, error) {
	a, err := s.ByID(ctx, id)
	if err != nil {
		return Account{}, err
	}
	attempt, err := s.limits.begin(a.Name, address, s.now())
	if err != nil {
		return Account{}, err
	}
	right, err := s.matches(ctx, old, a.Password)
	if err != nil {
		attempt.undo()
		return Account{}, err
	}
	if !right {
		return Account{}, s.refuse(ctx, a.Name, address)
	}
	attempt.succeeded()
	if err := s.setPassword(ctx, a.At(address), a, password, Change{Instead: &a.Password}); err != nil {
		return Account{}, err
	}
	changed, err := s.ByID(ctx, id)
	if err == nil && changed.Epoch == a.Epoch { // somebody else was faster
		return Account{}, ErrDenied
	}
	return changed, err
}

func (s *Service) setPassword(ctx context.Context, by Actor, a Account, password string, c Change) error {
	if err := checkPassword(password, a); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	c.Password, c.SignOut = &hash, true
	return s.store.ChangeAccount(ctx, a.ID, c, Entry{At: s.now(), By: by, Action: PasswordChanged, Subject: a.Name})
}

// Unlink forgets who an account is at the OpenID provider: the next sign-in
// there with its verified e-mail address is remembered instead.
func (s *Service) Unlink(ctx context.Context, by Actor, id int64) error {
	a, err := s.store.Account(ctx, id)
	if err != nil {
		return err
	}
	return s.store.ChangeAccount(ctx, id, Change{Identity: &Identity{}, SignOut: true}, Entry{At: s.now(), By: by, Action: IdentityUnlinked, Subject: a.Name})
}

// signInAs lets in whoever an OpenID provider says that somebody is: the
// account that signed in as them before, or else, for the first time, that of
// their verified e-mail address.
func (s *Service) signInAs(ctx context.Context, who Identity, email, address string) (Account, error) {
	now := s.now()
	change := Change{SignedIn: &now}
	a, err := s.store.AccountOf(ctx, who)
	if errors.Is(err, ErrNoAccount) && email != "" {
		a, err = s.firstTime(ctx, who, email, address)
	}
	if err != nil && !errors.Is(err, ErrNoAccount) {
		return Account{}, err
	}
	if err != nil || a.Disabled || a.Identity != who {
		name, _ := Name(email)
		return Account{}, s.refuse(ctx, name, address)
	}
	if err := s.store.ChangeAccount(ctx, a.ID, change, Entry{At: now, By: a.At(address), Action: SignedIn, Subject: who.Issuer}); err != nil {
		return Account{}, denied(err)
	}
	a.SignedIn = now
	return a, nil
}

// firstTime remembers who the account of an e-mail address is. One that is
// known as somebody else already stays who it is.
func (s *Service) firstTime(ctx context.Context, who Identity, email, address string) (Account, error) {
	name, err := Name(email)
	if err != nil {
		return Account{}, ErrNoAccount
	}
	a, err := s.store.AccountNamed(ctx, name)
	if err != nil || a.Disabled || a.Identity != (Identity{}) {
		return a, err
	}
	err = s.store.ChangeAccount(ctx, a.ID, Change{Identity: &who}, Entry{At: s.now(), By: a.At(address), Action: IdentityLinked, Subject: who.Issuer})
	if err != nil {
		return Account{}, err
	}
	return s.store.Account(ctx, a.ID)
}
