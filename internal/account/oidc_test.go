package account_test

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/account"
)

// providing is an installation with a provider.
func providing(t *testing.T) (*installation, *provider, *account.OIDC) {
	t.Helper()
	i, p := install(t), newProvider(t)
	i.now = time.Now() // as the provider has it
	return i, p, i.oidc(t, p)
}

func TestOIDCFindsTheAccountOfAVerifiedAddress(t *testing.T) {
	i, p, o := providing(t)
	ana := i.add(t, "ana@example.org", account.Aide, "aldermoor")
	gone := i.add(t, "gone@example.org", account.Admin)
	if err := i.SetDisabled(t.Context(), operator, gone.ID, true); err != nil {
		t.Fatal(err)
	}
	i.add(t, "ben@example.org", account.Admin)
	p.knows("1", "Ana@Example.org", true)
	p.knows("2", "nobody@example.org", true)
	p.knows("3", "gone@example.org", true)
	p.knows("4", "ben@example.org", false)
	p.knows("5", "", true)
	for _, who := range []string{"2", "3", "4", "5"} {
		if a, err := through(t.Context(), t, o, p, who); !errors.Is(err, account.ErrDenied) || err.Error() != account.ErrDenied.Error() {
			t.Errorf("%s is let in as %q, %v", p.people[who].Email, a.Name, err)
		}
	}
	a, err := through(t.Context(), t, o, p, "1")
	if err != nil || a.ID != ana.ID || a.Identity != (account.Identity{Issuer: p.URL, Subject: "1"}) {
		t.Fatalf("%+v, %v", a, err)
	}
	if _, err := i.BySession(t.Context(), a.Session()); err != nil {
		t.Error(err)
	}
	if all, err := i.All(t.Context()); err != nil || len(all) != 3 {
		t.Errorf("there are %d accounts, %v: somebody signed up by themselves", len(all), err)
	}
	trail := i.trail(t)
	if want := []string{"ana@example.org identity-linked " + p.URL, "ana@example.org sign-in " + p.URL}; !slices.Equal(trail[len(trail)-2:], want) {
		t.Errorf("the trail ends with %q", trail[len(trail)-2:])
	}
}

// An address that is given to somebody else does not give the account away.
func TestOIDCRemembersWhoSomebodyIs(t *testing.T) {
	i, p, o := providing(t)
	ana := i.add(t, "ana@example.org", account.Admin)
	other := i.add(t, "other@example.org", account.Admin)
	p.knows("1", "ana@example.org", true)
	if _, err := through(t.Context(), t, o, p, "1"); err != nil {
		t.Fatal(err)
	}
	p.knows("2", "ana@example.org", true)
	if a, err := through(t.Context(), t, o, p, "2"); !errors.Is(err, account.ErrDenied) {
		t.Errorf("who has the address now is let in as %q, %v", a.Name, err)
	}
	p.knows("1", "other@example.org", true)
	if a, err := through(t.Context(), t, o, p, "1"); err != nil || a.ID != ana.ID {
		t.Errorf("with another address they are %q, %v; not %q", a.Name, err, other.Name)
	}
	if err := i.Unlink(t.Context(), operator, ana.ID); err != nil {
		t.Fatal(err)
	}
	if a, err := through(t.Context(), t, o, p, "2"); err != nil || a.ID != ana.ID {
		t.Errorf("after an operator forgot who they were: %q, %v", a.Name, err)
	}
}

// What does not belong together is nobody's sign-in.
func TestOIDCRefusesWhatDoesNotBelongTogether(t *testing.T) {
	i, p, o := providing(t)
	i.add(t, "ana@example.org", account.Admin)
	p.knows("1", "ana@example.org", true)
	for _, c := range []struct {
		name   string
		tamper func(attempt *string, answer url.Values)
		in     bool
	}{
		{"as it should be", func(*string, url.Values) {}, true},
		{"the provider names itself", func(_ *string, answer url.Values) { answer.Set("iss", p.URL) }, true},
		{"another provider's answer", func(_ *string, answer url.Values) { answer.Set("iss", "https://evil.example.org") }, false},
		{"another state", func(_ *string, answer url.Values) { answer.Set("state", "guessed") }, false},
		{"no state", func(_ *string, answer url.Values) { answer.Del("state") }, false},
		{"no attempt", func(attempt *string, answer url.Values) { *attempt = ""; answer.Del("state") }, false},
		{"another nonce", func(attempt *string, _ url.Values) { *attempt = replaced(*attempt, 1) }, false},
		{"another's code", func(attempt *string, _ url.Values) { *attempt = replaced(*attempt, 2) }, false},
		{"an invented code", func(_ *string, answer url.Values) { answer.Set("code", "invented") }, false},
		{"somebody who chose not to", func(_ *string, answer url.Values) { answer.Set("error", "access_denied") }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			to, attempt, err := o.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			answer := p.visit(t, to, "1")
			c.tamper(&attempt, answer)
			_, err = o.Finish(t.Context(), attempt, answer, office)
			if c.in && err != nil || !c.in && !errors.Is(err, account.ErrDenied) {
				t.Errorf("it ended with %v", err)
			}
		})
	}
	t.Run("the same answer again", func(t *testing.T) {
		to, attempt, err := o.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		answer := p.visit(t, to, "1")
		if _, err := o.Finish(t.Context(), attempt, answer, office); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Finish(t.Context(), attempt, answer, office); !errors.Is(err, account.ErrDenied) {
			t.Errorf("it ended with %v", err)
		}
	})
}

// replaced is an attempt with another nonce (1) or verifier (2).
func replaced(attempt string, part int) string {
	parts := strings.Split(attempt, " ")
	parts[part] = strings.Repeat("x", len(parts[part]))
	return strings.Join(parts, " ")
}

func TestOIDCAsksForWhatProtectsIt(t *testing.T) {
	_, p, o := providing(t)
	to, attempt, err := o.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, again, err := o.Begin(t.Context())
	if err != nil || attempt == again {
		t.Errorf("two attempts are the same one, %v", err)
	}
	at, err := url.Parse(to)
	if err != nil || !strings.HasPrefix(to, p.URL) {
		t.Fatalf("one is sent to %s, %v", to, err)
	}
	q := at.Query()
	for _, want := range []string{"state", "nonce", "code_challenge"} {
		if q.Get(want) == "" {
			t.Errorf("%s is missing", want)
		}
	}
	if q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("redirect_uri") != redirectURL {
		t.Errorf("it asks for %v", q)
	}
}

func TestOIDCWithoutAProvider(t *testing.T) {
	i, p, o := providing(t)
	i.add(t, "ana@example.org", account.Admin)
	p.knows("1", "ana@example.org", true)
	p.Close()
	if err := o.Discover(t.Context()); !errors.Is(err, account.ErrProvider) {
		t.Errorf("a provider that is down: %v", err)
	}
	if _, _, err := o.Begin(t.Context()); !errors.Is(err, account.ErrProvider) {
		t.Errorf("a provider that is down: %v", err)
	}
	if _, err := i.SignIn(t.Context(), "ana@example.org", password, office); err != nil {
		t.Errorf("nor does a password help: %v", err)
	}
	for _, options := range []account.OIDCOptions{
		{Issuer: "http://provider.example.org", ClientID: clientID, RedirectURL: redirectURL},
		{Issuer: "provider", ClientID: clientID, RedirectURL: redirectURL},
		{Issuer: "https://provider.example.org", ClientID: clientID, RedirectURL: "http://citygauge.example.org/"},
		{Issuer: "https://provider.example.org", RedirectURL: redirectURL},
	} {
		if _, err := account.NewOIDC(i.Service, options); !errors.Is(err, account.ErrInvalid) {
			t.Errorf("%+v: %v", options, err)
		}
	}
}
