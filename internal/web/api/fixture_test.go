package api_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/export"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/testlog"
	"github.com/citygauge/citygauge/internal/upload"
	"github.com/citygauge/citygauge/internal/web/api"
)

// today is the day on which every test happens.
var today = programme.NewDate(2026, time.October, 10)

func onToday(programme.City) programme.Date { return today }

const (
	riverton, lakeside = "riverton", "lakeside"
	// file is a good one of Riverton: one value is new, one is corrected.
	file = "indicator,period,value\nthefts,2026-09,101\nthefts,2026-08,99\n"
	bad  = "indicator,period,value\nthefts,2026-09,many\n"
)

// installation is the API over a real store, with two cities and a token of
// every role.
type installation struct {
	store    *store.Store
	db       testdb.Database
	accounts *account.Service
	uploads  *upload.Service
	api      *api.API
	url      string
	now      time.Time // of accounts, beyond the clock on the wall
	tokens   map[string]string
	log      *testlog.Transcript
	sent     int
	session  func(*http.Request) (account.Account, error)
}

// install makes one. What change does to the API's options holds.
func install(t *testing.T, change ...func(*api.Options)) *installation {
	t.Helper()
	i := &installation{log: &testlog.Transcript{}, now: time.Now(), tokens: map[string]string{}, db: testdb.New(t)}
	log := slog.New(slog.NewTextHandler(i.log, nil))
	var err error
	if i.store, err = store.Open(t.Context(), i.db.URL, onToday, log); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { i.store.Close() })
	if err := i.store.Apply(t.Context(), twoCities(), store.ApplyOptions{Today: onToday, Agree: func(p store.Prospect) bool {
		for _, f := range p.Faults {
			if !f.Warning {
				t.Fatal(f)
			}
		}
		return true
	}}); err != nil {
		t.Fatal(err)
	}
	i.uploads = &upload.Service{Store: i.store, Now: time.Now, Today: onToday}
	i.accounts = account.NewService(i.store, account.Options{
		Now: func() time.Time { return i.now }, Log: log, Hashing: account.Hashing{Memory: 64, Passes: 1, Threads: 1},
	})
	i.enroll(t)
	i.take(t, "operator", nil, history())
	options := api.Options{
		Source: i.store, Uploads: i.uploads, Accounts: i.accounts, Tables: export.Tables{}, Unreachable: store.ErrUnreachable,
		Today: onToday, Now: time.Now, Log: log, Rate: api.Rate{Burst: 10_000, PerSecond: 1},
	}
	for _, c := range change {
		c(&options)
	}
	if i.api, err = api.New(options); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(i.api.Handler(func(r *http.Request) (account.Account, error) {
		if i.session == nil {
			return account.Account{}, account.ErrDenied
		}
		return i.session(r)
	}))
	t.Cleanup(server.Close)
	i.url = server.URL
	return i
}

// enroll makes an account of every role, with a token and one that may only
// read.
func (i *installation) enroll(t *testing.T) {
	t.Helper()
	operator := account.Actor{Name: "operator"}
	for _, a := range []account.Account{
		{Name: "mayor@example.org", Role: account.Mayor, Cities: []string{riverton}},
		{Name: "aide@example.org", Role: account.Aide, Cities: []string{riverton}},
		{Name: "faculty@example.org", Role: account.Faculty},
		{Name: "admin@example.org", Role: account.Admin},
		{Name: "other@example.org", Role: account.Aide, Cities: []string{lakeside}},
		{Name: "both@example.org", Role: account.Aide, Cities: []string{lakeside, riverton}},
	} {
		added, err := i.accounts.Add(t.Context(), operator, a, "correct horse battery")
		if err != nil {
			t.Fatal(err)
		}
		role, _, _ := strings.Cut(a.Name, "@")
		i.tokens[role] = i.token(t, added.ID, account.NewToken{Title: "test", Days: 1})
		i.tokens[role+" reads"] = i.token(t, added.ID, account.NewToken{Title: "test", Days: 1, ReadOnly: true})
		i.tokens[role+" revoked"] = i.revoked(t, added.ID)
		i.now = i.now.AddDate(0, 0, -2)
		i.tokens[role+" expired"] = i.token(t, added.ID, account.NewToken{Title: "test", Days: 1})
		i.now = i.now.AddDate(0, 0, 2)
	}
}

func (i *installation) token(t *testing.T, id int64, n account.NewToken) string {
	t.Helper()
	_, text, err := i.accounts.AddToken(t.Context(), account.Actor{Name: "operator"}, id, n)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (i *installation) revoked(t *testing.T, id int64) string {
	t.Helper()
	token, text, err := i.accounts.AddToken(t.Context(), account.Actor{Name: "operator"}, id, account.NewToken{Title: "test", Days: 1})
	if err == nil {
		err = i.accounts.RevokeToken(t.Context(), account.Actor{Name: "operator"}, id, token.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// take imports a file without the API, and answers with its number.
func (i *installation) take(t *testing.T, who string, scope upload.Scope, csv string) int64 {
	t.Helper()
	report, err := i.uploads.Import(t.Context(), upload.Request{
		Name: "observations.csv", Account: who, Scope: scope,
		Content: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(csv)), nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return report.Upload
}

// twoCities are two that measure the same: thefts, which have a target, and
// homes without heating, which have none, and in a title what a spreadsheet
// would compute.
func twoCities() programme.Programme {
	p := programme.Programme{Cohorts: []programme.Cohort{{
		ID: "2026", Starts: programme.NewDate(2026, time.January, 1), Ends: programme.NewDate(2026, time.December, 31),
	}}}
	last := programme.PeriodOf(programme.Annual, programme.NewDate(2025, time.January, 1))
	for _, id := range []string{riverton, lakeside} {
		p.Cities = append(p.Cities, programme.City{
			ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Country: "US", Population: 250_000, Timezone: "America/Chicago",
			Location: &programme.Location{Latitude: 41.5, Longitude: -90.25}, Cohorts: []string{"2026"},
		})
		low, high := 0.0, 10_000.0
		p.Indicators = append(p.Indicators, programme.Indicator{
			City: id, ID: "thefts", Title: "Thefts", Unit: "thefts", Problem: "street-crime", Frequency: programme.Monthly, Kind: programme.Count,
			Direction: programme.Decrease, Measure: programme.Total, Lens: programme.Outcome, DueDays: programme.DefaultDueDays,
			Plausible: programme.Bounds{Min: &low, Max: &high},
		}, programme.Indicator{
			City: id, ID: "heating", Title: `=HYPERLINK("http://example.org")`, Unit: "%", Frequency: programme.Quarterly, Kind: programme.Quantity,
			Decimals: 1, Direction: programme.Decrease, Measure: programme.Latest, Lens: programme.Cause, DueDays: programme.DefaultDueDays,
			Breaks: []programme.Date{programme.NewDate(2023, time.July, 1)},
		})
		p.Targets = append(p.Targets, programme.Target{
			City: id, Indicator: "thefts", Cohort: "2026", Goal: programme.Goal{Value: -10, Form: programme.Percent},
			Baseline: programme.Baseline{Auto: true, Period: programme.Range{From: last, To: last}},
		})
	}
	return p
}

// history is what both cities delivered until August 2026.
func history() string {
	var csv strings.Builder
	csv.WriteString("city,indicator,period,value\n")
	for _, city := range []string{riverton, lakeside} {
		for n := range 32 {
			fmt.Fprintf(&csv, "%s,thefts,%s,%d\n", city, programme.Month(2024, time.January).Plus(n), 120-n+n%7)
		}
		for n := range 10 {
			p := programme.PeriodOf(programme.Quarterly, programme.NewDate(2024, time.January, 1)).Plus(n)
			value := fmt.Sprintf("%.1f", 8.4-0.2*float64(n))
			if n == 3 {
				value = "<5"
			}
			fmt.Fprintf(&csv, "%s,heating,%s,%s\n", city, p, value)
		}
	}
	return csv.String()
}
