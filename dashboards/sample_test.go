package dashboards

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/upload"
)

// A city with a target of every kind, in the year 2025, on 10 November.
var (
	sampleYear = programme.Cohort{ID: "2025", Starts: programme.NewDate(2025, time.January, 1), Ends: programme.NewDate(2025, time.December, 31)}
	sampleDay  = programme.NewDate(2025, time.November, 10)
)

const sampleCity = "aldermoor"

var sampleSource = programme.Source{
	City: sampleCity, ID: "police", Kind: "csv", URL: "https://data.aldermoor.example/thefts.csv", Indicator: "thefts",
	Fields: programme.SourceFields{Date: "occurred"}, Aggregate: "count", Schedule: "0 6 * * *",
}

func sampleProgramme() programme.Programme {
	p := programme.Programme{
		Cohorts: []programme.Cohort{sampleYear},
		Sources: []programme.Source{sampleSource},
		Cities: []programme.City{
			{ID: sampleCity, Name: "Aldermoor", Country: "US", Population: 250_000, Cohorts: []string{sampleYear.ID}, Location: &programme.Location{Latitude: 41.5, Longitude: -93.6}},
			{ID: "aldermoor-gb", Name: "Aldermoor", Country: "GB", Population: 250_000, Cohorts: []string{sampleYear.ID}},
		},
		Interventions: []programme.Intervention{
			{City: sampleCity, Title: "Hot-spot patrols", Start: programme.NewDate(2025, time.March, 1), End: programme.NewDate(2025, time.June, 30)},
			{City: sampleCity, Title: "Night buses", Start: programme.NewDate(2025, time.August, 15)},
			{City: sampleCity, Title: "Before the year", Start: programme.NewDate(2024, time.May, 1), End: programme.NewDate(2024, time.June, 1)},
		},
	}
	for _, i := range []programme.Indicator{
		{ID: "thefts", Title: "Thefts", Unit: "offences", Kind: programme.Count, Direction: programme.Decrease, Measure: programme.Total},
		{ID: "rents", Title: "Rents", Unit: "dollars a square metre", Kind: programme.Quantity, Decimals: 1, Direction: programme.Decrease, Measure: programme.Latest},
		{ID: "response", Title: "Response time", Unit: "minutes", Kind: programme.Quantity, Decimals: 1, Direction: programme.Maintain, Measure: programme.Mean},
	} {
		if i.ID == "rents" {
			i.Breaks = []programme.Date{programme.NewDate(2024, time.January, 1)}
		}
		i.City, i.Frequency, i.Lens, i.DueDays = sampleCity, programme.Monthly, programme.Outcome, programme.DefaultDueDays
		p.Indicators = append(p.Indicators, i)
		target := programme.Target{City: sampleCity, Indicator: i.ID, Cohort: sampleYear.ID}
		if i.Direction == programme.Maintain {
			target.Band = &programme.Band{Low: 6, High: 8}
		} else {
			before := programme.PeriodOf(programme.Annual, programme.NewDate(2024, time.January, 1))
			target.Baseline = programme.Baseline{Auto: true, Period: programme.Range{From: before, To: before}}
			target.Goal = programme.Goal{Value: -10, Form: programme.Percent}
		}
		p.Targets = append(p.Targets, target)
	}
	return p
}

// sampleObservations are those of 2024, and of 2025 up to September, for rents
// up to July.
func sampleObservations() string {
	var csv strings.Builder
	csv.WriteString("city,indicator,period,value\n")
	for m := range 21 {
		month := programme.Month(2024, time.January).Plus(m)
		fmt.Fprintf(&csv, "%s,thefts,%s,%d\n", sampleCity, month, 100+m%3-m)
		fmt.Fprintf(&csv, "%s,response,%s,%.1f\n", sampleCity, month, 7+float64(m%5)/10)
		if m < 19 {
			fmt.Fprintf(&csv, "%s,rents,%s,%.1f\n", sampleCity, month, 20+float64(m)/5)
		}
	}
	return csv.String()
}

// installation is a store in a database of its own, on a given day.
type installation struct {
	*store.Store
	db    testdb.Database
	today func(programme.City) programme.Date
}

func install(t testing.TB, day programme.Date) installation {
	t.Helper()
	db := testdb.New(t)
	today := func(programme.City) programme.Date { return day }
	s, err := store.Open(t.Context(), db.URL, today, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return installation{s, db, today}
}

func (i installation) apply(t testing.TB, p programme.Programme, on programme.Date) {
	t.Helper()
	agree := func(p store.Prospect) bool {
		for _, f := range p.Faults {
			if !f.Warning {
				t.Fatal(f)
			}
		}
		return true
	}
	if err := i.Apply(t.Context(), p, store.ApplyOptions{Today: i.today, Agree: agree}); err != nil {
		t.Fatal(err)
	}
	i.asIfThen(t, `update citygauge.target_revision set declared_at = $1 where declared_at > $1 and declared_at > now() - interval '1 hour'`, on)
}

// observe takes a file in.
func (i installation) observe(t *testing.T, csv string) {
	t.Helper()
	if report := i.deliver(t, csv); !report.Applied {
		t.Fatalf("the sample was not taken in: %+v", report)
	}
}

// deliver sends a file of the sample city on the sample's day.
func (i installation) deliver(t *testing.T, csv string) upload.Report {
	t.Helper()
	service := upload.Service{Store: i.Store, Now: sampleDay.Time, Today: i.today}
	report, err := service.Import(t.Context(), upload.Request{
		Name:    "observations.csv",
		Scope:   upload.Scope{sampleCity},
		Content: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(csv)), nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	i.asIfThen(t, `update citygauge.observation_revision set recorded_at = $1 where recorded_at > $1`, sampleDay)
	return report
}

// pull has a source run, fail, and end on a day.
func (i installation) pull(t *testing.T, s programme.Source, on programme.Date) {
	t.Helper()
	jobs, err := i.Claim(t.Context(), "server:1", time.Minute, 1, []programme.SourceKey{s.Key()})
	if err != nil || len(jobs) != 1 {
		t.Fatalf("%d jobs, %v", len(jobs), err)
	}
	kept, err := i.Finish(t.Context(), source.Ended{Claim: jobs[0].Claim, Run: source.Run{
		Key: s.Key(), Started: on.Time(), Ended: on.Time(), Outcome: source.Failed, Reason: "missing-column", Message: `there is no column "occurred"`,
	}})
	if err != nil || !kept[0] {
		t.Fatalf("kept: %v, %v", kept, err)
	}
}

// asIfThen has what was kept just now bear an earlier day.
func (i installation) asIfThen(t testing.TB, statement string, on programme.Date) {
	t.Helper()
	if _, err := i.asSuperuser(t).Exec(statement, on.Time()); err != nil {
		t.Fatal(err)
	}
}

// asSuperuser are connections that may do anything.
func (i installation) asSuperuser(t testing.TB) *sqlx.DB {
	t.Helper()
	db, err := sqlx.Open("postgres", i.db.Superuser)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// asFaculty is a connection with the rights of Grafana's login.
func (i installation) asFaculty(t testing.TB) *sqlx.Conn {
	t.Helper()
	conn, err := i.asSuperuser(t).Connx(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	for _, statement := range []string{
		`do $$ begin execute format('set role %I', (select prefix from citygauge.installation) || '_faculty'); end $$`,
		`set search_path = ''`, // every name must be qualified
	} {
		if _, err := conn.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return conn
}
