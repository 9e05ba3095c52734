package account_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/upload"
)

func TestScopes(t *testing.T) {
	none, all := upload.Scope{}, upload.Scope(nil)
	own := upload.Scope{"aldermoor", "brightwater"}
	account1 := func(role account.Role, cities ...string) account.Account {
		return account.Account{Role: role, Cities: cities}
	}
	with := func(a account.Account, t account.Token) account.Account {
		a.Token = &t
		return a
	}
	disabled := account1(account.Admin)
	disabled.Disabled = true
	for _, c := range []struct {
		name        string
		account     account.Account
		read, write upload.Scope
	}{
		{"mayor", account1(account.Mayor, own...), own, none},
		{"aide", account1(account.Aide, own...), own, own},
		{"faculty", account1(account.Faculty), all, none},
		{"admin", account1(account.Admin), all, all},
		{"aide without a city", account1(account.Aide), none, none},
		{"admin, disabled", disabled, none, none},
		{"nobody", account.Account{}, none, none},
		{"aide's token", with(account1(account.Aide, own...), account.Token{}), own, own},
		{"aide's token, read-only", with(account1(account.Aide, own...), account.Token{ReadOnly: true}), own, none},
		{"aide's token, one city", with(account1(account.Aide, own...), account.Token{Cities: []string{"brightwater"}}), upload.Scope{"brightwater"}, upload.Scope{"brightwater"}},
		{"aide's token of a city that is no longer theirs", with(account1(account.Aide, own...), account.Token{Cities: []string{"coldharbour"}}), none, none},
		{"aide's token of a city that is gone", with(account1(account.Aide, own...), account.Token{Cities: []string{}}), none, none},
		{"faculty's token, one city", with(account1(account.Faculty), account.Token{Cities: []string{"aldermoor"}}), upload.Scope{"aldermoor"}, none},
		{"admin's token, read-only", with(account1(account.Admin), account.Token{ReadOnly: true}), all, none},
		{"admin's token, one city", with(account1(account.Admin), account.Token{Cities: []string{"aldermoor"}}), upload.Scope{"aldermoor"}, upload.Scope{"aldermoor"}},
		{"admin's token of a city that is gone", with(account1(account.Admin), account.Token{Cities: []string{}}), none, none},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.read, c.account.ReadScope()); diff != "" {
				t.Errorf("what it reads (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.write, c.account.WriteScope()); diff != "" {
				t.Errorf("what it writes (-want +got):\n%s", diff)
			}
			for _, city := range []string{"aldermoor", "brightwater", "coldharbour"} {
				sees := c.read == nil || strings.Contains(strings.Join(c.read, " "), city)
				writes := c.write == nil || strings.Contains(strings.Join(c.write, " "), city)
				if c.account.Sees(city) != sees || c.account.Writes(city) != writes {
					t.Errorf("%s: sees %t, writes %t", city, c.account.Sees(city), c.account.Writes(city))
				}
			}
		})
	}
}

func TestName(t *testing.T) {
	for address, want := range map[string]string{
		"Ana@Example.ORG":          "ana@example.org",
		"  ana@example.org\n":      "ana@example.org",
		"o'neil+x@example.org":     "o'neil+x@example.org",
		"jose\u0301@example.org":   "jos\u00e9@example.org",
		"\u0130stanbul@example.eu": "\u0130stanbul@example.eu", // not istanbul@
	} {
		if got, err := account.Name(address); err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", address, got, err, want)
		}
	}
	for _, address := range []string{"", "ana", "@example.org", "ana@", "Ana <ana@example.org>", "a@b@c", "ana@example.org, ben@example.org", "a\x00@example.org", strings.Repeat("a", 250) + "@example.org"} {
		if got, err := account.Name(address); !errors.Is(err, account.ErrInvalid) {
			t.Errorf("%q is %q, %v", address, got, err)
		}
	}
}

func TestAdd(t *testing.T) {
	i := install(t)
	i.add(t, "ana@example.org", account.Aide, "brightwater", "aldermoor", "aldermoor")
	if a, err := i.Named(t.Context(), "ANA@example.org"); err != nil || cmp.Diff([]string{"aldermoor", "brightwater"}, a.Cities) != "" {
		t.Errorf("%+v, %v", a, err)
	}
	for _, c := range []struct {
		name     string
		account  account.Account
		password string
		want     error
	}{
		{"the same name", account.Account{Name: "Ana@example.org", Role: account.Admin}, password, account.ErrExists},
		{"no name", account.Account{Name: "ana", Role: account.Admin}, password, account.ErrInvalid},
		{"no role", account.Account{Name: "b@example.org"}, password, account.ErrInvalid},
		{"an aide of no city", account.Account{Name: "b@example.org", Role: account.Aide}, password, account.ErrInvalid},
		{"faculty of a city", account.Account{Name: "b@example.org", Role: account.Faculty, Cities: []string{"aldermoor"}}, password, account.ErrInvalid},
		{"a city that is not there", account.Account{Name: "b@example.org", Role: account.Mayor, Cities: []string{"nowhere"}}, password, account.ErrNoCity},
		{"a short password", account.Account{Name: "b@example.org", Role: account.Admin}, "elevenchars", account.ErrInvalid},
		{"a password short in letters", account.Account{Name: "b@example.org", Role: account.Admin}, strings.Repeat("e\u0301", 11), account.ErrInvalid},
		{"a password without end", account.Account{Name: "b@example.org", Role: account.Admin}, strings.Repeat("ab", 65), account.ErrInvalid},
		{"its name as password", account.Account{Name: "b@example.org", Role: account.Admin}, "B@example.org", account.ErrInvalid},
		{"one letter", account.Account{Name: "b@example.org", Role: account.Admin}, strings.Repeat("a", 20), account.ErrInvalid},
		{"no text", account.Account{Name: "b@example.org", Role: account.Admin}, "twelve bytes\xff", account.ErrInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := i.Add(t.Context(), operator, c.account, c.password)
			if !errors.Is(err, c.want) {
				t.Errorf("it ended with %v, want %v", err, c.want)
			} else if errors.Is(c.want, account.ErrInvalid) && c.password != password && strings.Contains(err.Error(), c.password) {
				t.Errorf("the error repeats the password: %v", err)
			}
		})
	}
	if all, err := i.All(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("there are %d accounts, %v", len(all), err)
	}
	if trail := i.trail(t); len(trail) != 2 { // the programme was applied, and one was made
		t.Errorf("the trail tells of more: %q", trail)
	}
}

func TestEdit(t *testing.T) {
	i := install(t)
	a := i.add(t, "ana@example.org", account.Aide, "aldermoor")
	for _, c := range []struct {
		name   string
		edit   account.Edit
		role   account.Role
		cities []string
		want   error
	}{
		{"other cities", account.Edit{Cities: &[]string{"brightwater"}}, account.Aide, []string{"brightwater"}, nil},
		{"no cities", account.Edit{Cities: &[]string{}}, account.Aide, []string{"brightwater"}, account.ErrInvalid},
		{"a city that is not there", account.Edit{Cities: &[]string{"aldermoor", "nowhere"}}, account.Aide, []string{"brightwater"}, account.ErrNoCity},
		{"another role", account.Edit{Role: new(account.Faculty)}, account.Faculty, []string{}, nil},
		{"back without a city", account.Edit{Role: new(account.Mayor)}, account.Faculty, []string{}, account.ErrInvalid},
		{"back", account.Edit{Role: new(account.Mayor), Cities: &[]string{"aldermoor"}, Title: new("Ana")}, account.Mayor, []string{"aldermoor"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := i.Edit(t.Context(), operator, a.ID, c.edit); !errors.Is(err, c.want) {
				t.Errorf("it ended with %v, want %v", err, c.want)
			}
			got, err := i.ByID(t.Context(), a.ID)
			if err != nil || got.Role != c.role || cmp.Diff(c.cities, got.Cities) != "" {
				t.Errorf("it is %+v, %v", got, err)
			}
		})
	}
}
