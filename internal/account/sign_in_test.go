package account_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/account"
)

func TestSignIn(t *testing.T) {
	i := install(t)
	aide := i.add(t, "Ana@Example.org", account.Aide, "aldermoor")
	disabled := i.add(t, "gone@example.org", account.Admin)
	if err := i.SetDisabled(t.Context(), operator, disabled.ID, true); err != nil {
		t.Fatal(err)
	}
	if _, err := i.Add(t.Context(), operator, account.Account{Name: "elsewhere@example.org", Role: account.Faculty}, ""); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, as, password string
		in                 bool
	}{
		{"the right password", "ana@example.org", password, true},
		{"another spelling of the name", " ANA@example.org ", password, true},
		{"a wrong password", "ana@example.org", password + "!", false},
		{"no password", "ana@example.org", "", false},
		{"one that is far too long", "ana@example.org", strings.Repeat("x", 1<<20), false},
		{"nobody's name", "nobody@example.org", password, false},
		{"what is no name", "not a name", password, false},
		{"a disabled account", "gone@example.org", password, false},
		{"an account without a password", "elsewhere@example.org", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := i.SignIn(t.Context(), c.as, c.password, office)
			switch {
			case !c.in && (!errors.Is(err, account.ErrDenied) || err.Error() != account.ErrDenied.Error()):
				t.Errorf("it ended with %v, want exactly %v", err, account.ErrDenied)
			case c.in && (err != nil || got.ID != aide.ID || !got.SignedIn.Equal(i.now)):
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
	want := []string{
		"ana@example.org sign-in password",
		"ana@example.org sign-in password",
		"ana@example.org sign-in-failed ",
		"ana@example.org sign-in-failed ",
		"ana@example.org sign-in-failed ",
		"nobody@example.org sign-in-failed ",
		" sign-in-failed ",
		"gone@example.org sign-in-failed ",
		"elsewhere@example.org sign-in-failed ",
	}
	if diff := cmp.Diff(want, i.trail(t)[5:]); diff != "" {
		t.Errorf("the trail (-want +got):\n%s", diff)
	}
}

// A letter that a keyboard composes of two characters is the same letter.
func TestPasswordsAreComposed(t *testing.T) {
	i := install(t)
	const composed, apart = "caf\u00e9 in the morning", "cafe\u0301 in the morning"
	if _, err := i.Add(t.Context(), operator, account.Account{Name: "a@example.org", Role: account.Admin}, composed); err != nil {
		t.Fatal(err)
	}
	if _, err := i.SignIn(t.Context(), "a@example.org", apart, office); err != nil {
		t.Error(err)
	}
}

func TestTooManyAttempts(t *testing.T) {
	i := install(t)
	i.add(t, "ana@example.org", account.Admin)
	i.add(t, "ben@example.org", account.Admin)
	const elsewhere = "198.51.100.9"
	signIn := func(name, password, address string) error {
		_, err := i.SignIn(t.Context(), name, password, address)
		return err
	}
	if err := signIn("ana@example.org", password, office); err != nil {
		t.Fatal(err)
	}
	for range account.DefaultLimits.PerAccount.Burst {
		if err := signIn("ana@example.org", "a guess of many", elsewhere); !errors.Is(err, account.ErrDenied) {
			t.Fatal(err)
		}
	}
	recorded := len(i.trail(t))
	for _, name := range []string{"ana@example.org", "nobody@example.org"} { // whether or not it exists
		var err error
		for range account.DefaultLimits.PerAccount.Burst + 1 {
			err = signIn(name, password, elsewhere)
		}
		tooMany, ok := errors.AsType[account.TooMany](err)
		if !ok || !errors.Is(err, account.ErrTooMany) || tooMany.RetryAfter != account.DefaultLimits.PerAccount.Every {
			t.Errorf("%s: %v, want too many attempts", name, err)
		}
	}
	if got := len(i.trail(t)) - recorded; got != account.DefaultLimits.PerAccount.Burst {
		t.Errorf("%d more entries, want those of nobody's name alone: a flood must not fill the trail", got)
	}
	if err := signIn("ana@example.org", password, office); err != nil {
		t.Errorf("somebody was locked out of their own desk: %v", err)
	}
	if err := signIn("ben@example.org", password, elsewhere); err != nil {
		t.Errorf("another account waits, too: %v", err)
	}
	i.now = i.now.Add(account.DefaultLimits.PerAccount.Every)
	if err := signIn("ana@example.org", password, elsewhere); err != nil {
		t.Errorf("after the time that was named: %v", err)
	}
}

func TestTooManyAttemptsFromAnAddress(t *testing.T) {
	i := install(t)
	i.add(t, "ana@example.org", account.Admin)
	guess := func(n int, address string) error {
		_, err := i.SignIn(t.Context(), "x"+strings.Repeat("x", n)+"@example.org", "one password for all", address)
		return err
	}
	for n := range account.DefaultLimits.PerAddress.Burst {
		if err := guess(n, "2001:db8::1"); !errors.Is(err, account.ErrDenied) {
			t.Fatal(err)
		}
	}
	if err := guess(0, "2001:db8::2"); !errors.Is(err, account.ErrTooMany) {
		t.Errorf("a neighbour's address of the same network: %v", err)
	}
	if _, err := i.SignIn(t.Context(), "ana@example.org", password, "2001:db8:0:1::1"); err != nil {
		t.Errorf("another network: %v", err)
	}
	// Sign-ins that succeed count for nothing.
	for range 2 * account.DefaultLimits.PerAddress.Burst {
		if _, err := i.SignIn(t.Context(), "ana@example.org", password, office); err != nil {
			t.Fatal(err)
		}
	}
}

func TestHashedAnewWhereTheCostChanged(t *testing.T) {
	i := install(t)
	a := i.add(t, "ana@example.org", account.Admin)
	dearer := i.options
	dearer.Hashing.Passes++
	changed := account.NewService(i.store, dearer)
	if _, err := changed.SignIn(t.Context(), a.Name, "not the password", office); !errors.Is(err, account.ErrDenied) {
		t.Fatal(err)
	}
	before, err := i.Named(t.Context(), a.Name)
	if err != nil || before.Password != a.Password {
		t.Fatalf("a wrong password changed the hash: %v", err)
	}
	for range 2 {
		if _, err := changed.SignIn(t.Context(), a.Name, password, office); err != nil {
			t.Fatal(err)
		}
	}
	after, err := i.Named(t.Context(), a.Name)
	if err != nil || !strings.HasPrefix(before.Password, "$argon2id$v=19$m=64,t=1,p=1$") || !strings.HasPrefix(after.Password, "$argon2id$v=19$m=64,t=2,p=1$") {
		t.Errorf("from %s to %s, %v", before.Password, after.Password, err)
	}
	if after.Epoch != before.Epoch {
		t.Error("hashing anew ended the sessions")
	}
}

func TestSessions(t *testing.T) {
	i := install(t)
	a := i.add(t, "ana@example.org", account.Aide, "aldermoor")
	signedIn := func() string {
		t.Helper()
		a, err := i.SignIn(t.Context(), "ana@example.org", password, office)
		if err != nil {
			t.Fatal(err)
		}
		return a.Session()
	}
	over := func(session string) {
		t.Helper()
		if _, err := i.BySession(t.Context(), session); !errors.Is(err, account.ErrDenied) {
			t.Errorf("it goes on: %v", err)
		}
	}
	session := signedIn()
	if got, err := i.BySession(t.Context(), session); err != nil || got.ID != a.ID {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, s := range []string{"", "nonsense", "999 0", session + "1", " " + session} {
		over(s)
	}
	if err := i.SignOutEverywhere(t.Context(), operator, a.ID); err != nil {
		t.Fatal(err)
	}
	over(session)

	session = signedIn()
	if err := i.SetDisabled(t.Context(), operator, a.ID, true); err != nil {
		t.Fatal(err)
	}
	over(session)
	if _, err := i.ByID(t.Context(), a.ID); !errors.Is(err, account.ErrDenied) {
		t.Errorf("a disabled account: %v", err)
	}
	if err := i.SetDisabled(t.Context(), operator, a.ID, false); err != nil {
		t.Fatal(err)
	}
	over(session)

	session = signedIn()
	changed, err := i.ChangePassword(t.Context(), a.ID, password, "another good password", office)
	if err != nil {
		t.Fatal(err)
	}
	over(session)
	if _, err := i.BySession(t.Context(), changed.Session()); err != nil {
		t.Errorf("after the password was changed: %v", err)
	}
	if _, err := i.SignIn(t.Context(), a.Name, password, office); !errors.Is(err, account.ErrDenied) {
		t.Errorf("with the old password: %v", err)
	}
}

func TestChangePasswordNeedsTheOldOne(t *testing.T) {
	i := install(t)
	a := i.add(t, "ana@example.org", account.Admin)
	for range account.DefaultLimits.PerAccount.Burst {
		if _, err := i.ChangePassword(t.Context(), a.ID, "a guess", "another good password", office); !errors.Is(err, account.ErrDenied) {
			t.Fatal(err)
		}
	}
	if _, err := i.ChangePassword(t.Context(), a.ID, "a guess", "another good password", office); !errors.Is(err, account.ErrTooMany) {
		t.Errorf("guessing goes on: %v", err)
	}
	i.now = i.now.Add(time.Hour)
	if _, err := i.ChangePassword(t.Context(), a.ID, password, "short", office); !errors.Is(err, account.ErrInvalid) {
		t.Errorf("a short one: %v", err)
	}
}
