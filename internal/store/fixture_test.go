package store_test

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/upload"
)

// today is the day on which every test happens.
var today = programme.NewDate(2025, time.October, 10)

func onToday(programme.City) programme.Date { return today }

// installation is a store in a database of its own, and the service that takes
// files into it.
type installation struct {
	*store.Store
	upload.Service
	db testdb.Database
}

func install(t testing.TB) *installation {
	t.Helper()
	db := testdb.New(t)
	s, err := store.Open(t.Context(), db.URL, onToday, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &installation{s, upload.Service{Store: s, Now: time.Now, Today: onToday}, db}
}

// on is the installation as it is on another day.
func (i *installation) on(t *testing.T, day programme.Date) *installation {
	t.Helper()
	today := func(programme.City) programme.Date { return day }
	s, err := store.Open(t.Context(), i.db.URL, today, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &installation{s, upload.Service{Store: s, Now: time.Now, Today: today}, i.db}
}

// twoCities is a programme of two cities with an indicator each, judged over
// 2025.
func twoCities() programme.Programme {
	p := programme.Programme{Cohorts: []programme.Cohort{{
		ID: "2025", Starts: programme.NewDate(2025, time.January, 1), Ends: programme.NewDate(2025, time.December, 31),
	}}}
	for _, city := range []string{"aldermoor", "brightwater"} {
		p.Cities = append(p.Cities, programme.City{
			ID: city, Name: strings.ToUpper(city[:1]) + city[1:], Country: "US", Population: 250_000, Cohorts: []string{"2025"},
		})
		p.Indicators = append(p.Indicators, programme.Indicator{
			City: city, ID: "thefts", Title: "Thefts", Unit: "thefts", Frequency: programme.Monthly, Kind: programme.Count,
			Direction: programme.Decrease, Measure: programme.Total, Lens: programme.Outcome, DueDays: programme.DefaultDueDays,
		})
		p.Targets = append(p.Targets, programme.Target{
			City: city, Indicator: "thefts", Cohort: "2025",
			Baseline: programme.Baseline{Auto: true, Period: programme.Range{From: year(2024), To: year(2024)}},
			Goal:     programme.Goal{Value: -10, Form: programme.Percent},
		})
	}
	return p
}

func year(n int) programme.Period {
	return programme.PeriodOf(programme.Annual, programme.NewDate(n, time.January, 1))
}

func (i *installation) apply(t testing.TB, p programme.Programme) {
	t.Helper()
	err := i.Apply(t.Context(), p, store.ApplyOptions{
		Today: onToday, Agree: func(p store.Prospect) bool {
			for _, f := range p.Faults {
				if !f.Warning {
					t.Fatal(f)
				}
			}
			return true
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (i *installation) take(t testing.TB, r upload.Request, csv string) upload.Report {
	t.Helper()
	report, err := i.tryTake(t.Context(), r, csv)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func (i *installation) tryTake(ctx context.Context, r upload.Request, csv string) (upload.Report, error) {
	r.Name = "observations.csv"
	r.Content = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(csv)), nil }
	return i.Import(ctx, r)
}

// months is a file of a city's months, from January 2024 on, each with the
// value that its number, from 0, is given.
func months(city string, n int, value func(int) string) string {
	var csv strings.Builder
	csv.WriteString("city,indicator,period,value\n")
	for m := range n {
		csv.WriteString(city + ",thefts," + programme.Month(2024, time.January).Plus(m).String() + "," + value(m) + "\n")
	}
	return csv.String()
}

// equate compares periods, and has no list and an empty one be the same.
var equate = cmp.Options{cmpopts.EquateEmpty(), cmpopts.EquateComparable(programme.Period{})}
