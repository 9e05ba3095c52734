package web_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/testlog"
	"github.com/citygauge/citygauge/internal/upload"
	"github.com/citygauge/citygauge/internal/web"
)

// today is the day on which every test happens: September's values are due.
var today = programme.NewDate(2026, time.October, 10)

func onToday(programme.City) programme.Date { return today }

const (
	password = "correct horse battery"
	aide     = "aide@example.org"    // of Riverton
	mayor    = "mayor@example.org"   // of Riverton
	other    = "other@example.org"   // the aide of Lakeside
	both     = "both@example.org"    // the aide of both
	faculty  = "faculty@example.org" //
	admin    = "admin@example.org"   //
	maxBytes = 64 << 10              // of an upload
	riverton = "riverton"            //
	lakeside = "lakeside"            //
)

// installation is the site over a real store, with two cities and an account of
// every role.
type installation struct {
	*account.Service
	store  *store.Store
	upload *upload.Service
	url    string
	log    *testlog.Transcript
}

// install makes one. What change does to the site's options holds.
func install(t *testing.T, change ...func(*web.Options)) *installation {
	t.Helper()
	i := &installation{log: &testlog.Transcript{}}
	log := slog.New(slog.NewTextHandler(i.log, nil))
	var err error
	if i.store, err = store.Open(t.Context(), testdb.New(t).URL, onToday, log); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { i.store.Close() })
	i.apply(t, cohortOfCities())
	i.upload = &upload.Service{Store: i.store, Now: time.Now, Today: onToday}
	i.Service = account.NewService(i.store, account.Options{Now: time.Now, Log: log, Hashing: account.Hashing{Memory: 64, Passes: 1, Threads: 1}})
	for _, a := range []account.Account{
		{Name: aide, Title: "Ada Aide", Role: account.Aide, Cities: []string{riverton}},
		{Name: mayor, Role: account.Mayor, Cities: []string{riverton}},
		{Name: other, Role: account.Aide, Cities: []string{lakeside}},
		{Name: both, Role: account.Aide, Cities: []string{riverton, lakeside}},
		{Name: faculty, Role: account.Faculty},
		{Name: admin, Role: account.Admin},
	} {
		if _, err := i.Add(t.Context(), account.Actor{Name: "operator"}, a, password); err != nil {
			t.Fatal(err)
		}
	}
	i.take(t, history())
	options := web.Options{
		Source: i.store, Uploads: i.upload, Accounts: i.Service, Sessions: i.store.Sessions(),
		Today: onToday, Now: time.Now, Log: log, MaxUpload: maxBytes, BaseURL: &url.URL{Scheme: "http", Host: "127.0.0.1"},
	}
	for _, c := range change {
		c(&options)
	}
	site, err := web.New(options)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	i.url = server.URL
	return i
}

func (i *installation) apply(t *testing.T, p programme.Programme) {
	t.Helper()
	if err := i.store.Apply(t.Context(), p, store.ApplyOptions{Today: onToday, Agree: func(p store.Prospect) bool {
		for _, f := range p.Faults {
			if !f.Warning {
				t.Fatal(f)
			}
		}
		return true
	}}); err != nil {
		t.Fatal(err)
	}
}

// take imports a file the way an operator does.
func (i *installation) take(t *testing.T, csv string) upload.Report {
	t.Helper()
	report, err := i.upload.Import(t.Context(), upload.Request{
		Name: "observations.csv", Account: "operator",
		Content: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(csv)), nil },
	})
	if err != nil || report.Refused() {
		t.Fatalf("%v, %+v", err, report.Problems)
	}
	return report
}

func year(n int) programme.Period {
	return programme.PeriodOf(programme.Annual, programme.NewDate(n, time.January, 1))
}

// cohortOfCities is Riverton, which has all that pages tell apart, and Lakeside,
// which is another's.
func cohortOfCities() programme.Programme {
	p := programme.Programme{
		Cohorts: []programme.Cohort{
			{ID: "2025", Starts: programme.NewDate(2025, time.January, 1), Ends: programme.NewDate(2025, time.December, 31)},
			{ID: "2026", Starts: programme.NewDate(2026, time.January, 1), Ends: programme.NewDate(2026, time.December, 31)},
		},
		Interventions: []programme.Intervention{{City: riverton, Title: "Street lights", Start: programme.NewDate(2026, time.March, 1)}},
	}
	zones := map[string]string{lakeside: "Asia/Kolkata"} // five and a half hours ahead
	for id, name := range map[string]string{riverton: "Riverton", lakeside: "Lakeside"} {
		p.Cities = append(p.Cities, programme.City{ID: id, Name: name, Country: "US", Population: 250_000, Timezone: zones[id], Cohorts: []string{"2025", "2026"}})
		thefts := programme.Indicator{
			City: id, ID: "thefts", Title: "Thefts", Unit: "thefts", Problem: "street-crime", Frequency: programme.Monthly, Kind: programme.Count,
			Direction: programme.Decrease, Measure: programme.Total, Lens: programme.Outcome, DueDays: programme.DefaultDueDays,
		}
		heating := programme.Indicator{
			City: id, ID: "heating", Title: "Homes without heating", Unit: "%", Problem: "cold-homes", Frequency: programme.Quarterly, Kind: programme.Quantity,
			Decimals: 1, Direction: programme.Decrease, Measure: programme.Latest, Lens: programme.Outcome, DueDays: programme.DefaultDueDays,
		}
		calls := thefts
		calls.ID, calls.Title, calls.Unit, calls.Problem = "calls", "Krankenhauswiederaufnahmequotenverbesserung innerhalb-von-dreißig-Tagen", "Krankenhauswiederaufnahmen/Entlassungen", ""
		plain := thefts
		plain.ID, plain.Title = "visits", "Visits to the park"
		p.Indicators = append(p.Indicators, thefts, heating, calls, plain)
		for cohort, before := range map[string]int{"2025": 2024, "2026": 2025} {
			target := programme.Target{
				City: id, Indicator: "thefts", Cohort: cohort, Goal: programme.Goal{Value: -10, Form: programme.Percent},
				Baseline: programme.Baseline{Auto: true, Period: programme.Range{From: year(before), To: year(before)}},
			}
			p.Targets = append(p.Targets, target)
		}
		last := programme.PeriodOf(programme.Quarterly, programme.NewDate(2025, time.December, 1))
		p.Targets = append(p.Targets, programme.Target{
			City: id, Indicator: "heating", Cohort: "2026", Goal: programme.Goal{Value: 6, Form: programme.Absolute},
			Baseline: programme.Baseline{Value: 8, Period: programme.Range{From: last, To: last}},
		}, programme.Target{
			City: id, Indicator: "calls", Cohort: "2026", Goal: programme.Goal{Value: -10, Form: programme.Percent},
			Baseline: programme.Baseline{Auto: true, Period: programme.Range{From: year(2025), To: year(2025)}},
		})
	}
	return p
}

// history is what both cities delivered until August 2026: Riverton has fewer
// thefts, Lakeside more.
func history() string {
	var csv strings.Builder
	csv.WriteString("city,indicator,period,value\n")
	for _, city := range []string{riverton, lakeside} {
		for n := range 32 {
			p := programme.Month(2024, time.January).Plus(n)
			thefts := 1200 + 10*(n%7) - 20*(n%3)
			if n >= 24 && city == riverton {
				thefts -= 180
			} else if n >= 24 {
				thefts += 100
			}
			fmt.Fprintf(&csv, "%s,thefts,%s,%d\n", city, p, thefts)
			if n < 26 {
				fmt.Fprintf(&csv, "%s,calls,%s,%d\n", city, p, 300+n%5)
			}
			fmt.Fprintf(&csv, "%s,visits,%s,%d\n", city, p, 20_000+n)
		}
		for n := range 10 {
			p := programme.PeriodOf(programme.Quarterly, programme.NewDate(2024, time.January, 1)).Plus(n)
			fmt.Fprintf(&csv, "%s,heating,%s,%.1f\n", city, p, 8.4-0.2*float64(n))
		}
	}
	return csv.String()
}

const goodFile = "indicator,period,value\nthefts,2026-09,1021\nthefts,2026-08,1003\nthefts,2026-07,1070\n"

// pull has a source of Riverton run, and end as it is told.
func (i *installation) pull(t *testing.T, name string, run source.Run) {
	t.Helper()
	run.Key = programme.SourceKey{City: riverton, Source: name}
	jobs, err := i.store.Claim(t.Context(), "server:1", time.Minute, 1, []programme.SourceKey{run.Key})
	if err != nil || len(jobs) != 1 {
		t.Fatalf("%d jobs, %v", len(jobs), err)
	}
	if kept, err := i.store.Finish(t.Context(), source.Ended{Claim: jobs[0].Claim, Run: run}); err != nil || !kept[0] {
		t.Fatalf("kept: %v, %v", kept, err)
	}
}
