package account_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
)

const (
	password = "correct horse battery"
	office   = "192.0.2.7"
)

// quick is argon2id that a test does not wait for.
var quick = account.Hashing{Memory: 64, Passes: 1, Threads: 1}

var operator = account.Actor{Name: "operator"}

// installation is accounts over a store of two cities, with a clock that is
// set.
type installation struct {
	*account.Service
	store   *store.Store
	options account.Options
	now     time.Time
}

func install(t *testing.T) *installation {
	t.Helper()
	today := programme.NewDate(2026, time.March, 1)
	s, err := store.Open(t.Context(), testdb.New(t).URL, func(programme.City) programme.Date { return today }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	p := programme.Programme{Cohorts: []programme.Cohort{{
		ID: "2026", Starts: programme.NewDate(2026, time.January, 1), Ends: programme.NewDate(2026, time.December, 31),
	}}}
	for _, city := range []string{"aldermoor", "brightwater"} {
		p.Cities = append(p.Cities, programme.City{ID: city, Name: city, Country: "US", Population: 250_000, Cohorts: []string{"2026"}})
	}
	if err := s.Apply(t.Context(), p, store.ApplyOptions{
		Today: func(programme.City) programme.Date { return today },
		Agree: func(store.Prospect) bool { return true },
	}); err != nil {
		t.Fatal(err)
	}
	i := &installation{store: s, now: time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC)}
	i.options = account.Options{Now: func() time.Time { return i.now }, Hashing: quick}
	i.Service = account.NewService(s, i.options)
	return i
}

// add makes an account of a role, in cities where it is held in such.
func (i *installation) add(t *testing.T, name string, role account.Role, cities ...string) account.Account {
	t.Helper()
	a, err := i.Add(t.Context(), operator, account.Account{Name: name, Role: role, Cities: cities}, password)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// trail is what was recorded, the oldest first, in words.
func (i *installation) trail(t *testing.T) []string {
	t.Helper()
	entries, err := i.Trail(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	lines := make([]string, len(entries))
	for n, e := range entries {
		lines[len(entries)-1-n] = e.By.Name + " " + string(e.Action) + " " + e.Subject
	}
	return lines
}
