package account_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/account"
)

func TestTokens(t *testing.T) {
	i := install(t)
	a := i.add(t, "ana@example.org", account.Aide, "aldermoor", "brightwater")
	other := i.add(t, "ben@example.org", account.Admin)
	token, text, err := i.AddToken(t.Context(), a.At(office), a.ID, account.NewToken{Title: "the monthly script", ReadOnly: true, Cities: []string{"aldermoor"}, Days: 90})
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^cg_[A-Z2-7]{52}$`).MatchString(text) {
		t.Errorf("the token is %q", text)
	}
	got, err := i.ByToken(t.Context(), text)
	if err != nil || got.ID != a.ID || got.Writes("aldermoor") || !got.Sees("aldermoor") || got.Sees("brightwater") || got.At(office).Token != token.ID {
		t.Errorf("it stands for %+v, %v", got, err)
	}
	denied := func(why, text string) {
		t.Helper()
		if a, err := i.ByToken(t.Context(), text); !errors.Is(err, account.ErrDenied) {
			t.Errorf("%s stands for %q, %v", why, a.Name, err)
		}
	}
	denied("nothing", "")
	denied("another text", text[:len(text)-1]+"a")
	denied("one in small letters", strings.ToLower(text))
	denied("a session", a.Session())

	// An account's cities are those of now.
	if _, err := i.Edit(t.Context(), operator, a.ID, account.Edit{Cities: &[]string{"brightwater"}}); err != nil {
		t.Fatal(err)
	}
	if got, err := i.ByToken(t.Context(), text); err != nil || got.Sees("aldermoor") || got.Sees("brightwater") {
		t.Errorf("of a city that the account lost it sees %v, %v", got.ReadScope(), err)
	}

	if err := i.SetDisabled(t.Context(), operator, a.ID, true); err != nil {
		t.Fatal(err)
	}
	denied("a disabled account's", text)
	if err := i.SetDisabled(t.Context(), operator, a.ID, false); err != nil {
		t.Fatal(err)
	}
	if err := i.RevokeToken(t.Context(), other.At(office), other.ID, token.ID); !errors.Is(err, account.ErrNoToken) {
		t.Errorf("somebody else revoked it: %v", err)
	}
	if _, err := i.ByToken(t.Context(), text); err != nil {
		t.Errorf("it ended without being revoked: %v", err)
	}
	if err := i.RevokeToken(t.Context(), a.At(office), a.ID, token.ID); err != nil {
		t.Fatal(err)
	}
	denied("a revoked one", text)
	if err := i.RevokeToken(t.Context(), operator, 0, token.ID); !errors.Is(err, account.ErrNoToken) {
		t.Errorf("it was revoked again: %v", err)
	}
	trail := strings.Join(i.trail(t), "\n")
	for _, want := range []string{"ana@example.org token-added token 1 of ana@example.org", "ana@example.org token-revoked token 1 of ana@example.org"} {
		if !strings.Contains(trail, want) {
			t.Errorf("the trail does not tell %q", want)
		}
	}
}

func TestTokensExpire(t *testing.T) {
	i := install(t)
	a := i.add(t, "ana@example.org", account.Admin)
	token, text, err := i.AddToken(t.Context(), operator, a.ID, account.NewToken{Title: "x", Days: 1})
	if err != nil || !token.Expires.Equal(i.now.AddDate(0, 0, 1)) {
		t.Fatal(token, err)
	}
	i.now = token.Expires.Add(-time.Nanosecond)
	if _, err := i.ByToken(t.Context(), text); err != nil {
		t.Error(err)
	}
	i.now = token.Expires
	if _, err := i.ByToken(t.Context(), text); !errors.Is(err, account.ErrDenied) {
		t.Errorf("an expired token: %v", err)
	}
}

// That a token was used is written once a minute at most.
func TestTokensAreSeenUsed(t *testing.T) {
	i := install(t)
	a := i.add(t, "ana@example.org", account.Admin)
	_, text, err := i.AddToken(t.Context(), operator, a.ID, account.NewToken{Title: "x", Days: 1})
	if err != nil {
		t.Fatal(err)
	}
	used := func() time.Time {
		t.Helper()
		tokens, err := i.Tokens(t.Context(), a.ID)
		if err != nil || len(tokens) != 1 {
			t.Fatal(tokens, err)
		}
		return tokens[0].Used
	}
	if !used().IsZero() {
		t.Error("it was used before it was")
	}
	first := i.now
	for _, step := range []struct {
		after, want time.Duration
	}{{0, 0}, {59 * time.Second, 0}, {time.Minute, time.Minute}, {time.Minute + time.Second, time.Minute}} {
		i.now = first.Add(step.after)
		if _, err := i.ByToken(t.Context(), text); err != nil {
			t.Fatal(err)
		}
		if got := used().Sub(first); got != step.want {
			t.Errorf("used after %v, it is seen used after %v", step.after, got)
		}
	}
}

func TestTokensThatCannotBe(t *testing.T) {
	i := install(t)
	a := i.add(t, "ana@example.org", account.Aide, "aldermoor")
	for _, c := range []struct {
		name string
		new  account.NewToken
		want error
	}{
		{"for nothing", account.NewToken{Days: 1}, account.ErrInvalid},
		{"for no time", account.NewToken{Title: "x"}, account.ErrInvalid},
		{"for ever", account.NewToken{Title: "x", Days: 10_000}, account.ErrInvalid},
		{"for another's city", account.NewToken{Title: "x", Days: 1, Cities: []string{"brightwater"}}, account.ErrNoCity},
		{"for a city that is not there", account.NewToken{Title: "x", Days: 1, Cities: []string{"nowhere"}}, account.ErrNoCity},
	} {
		if _, _, err := i.AddToken(t.Context(), operator, a.ID, c.new); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, _, err := i.AddToken(t.Context(), operator, 99, account.NewToken{Title: "x", Days: 1}); !errors.Is(err, account.ErrNoAccount) {
		t.Errorf("for nobody: %v", err)
	}
}
