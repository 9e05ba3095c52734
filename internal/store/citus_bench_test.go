package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/upload"
)

// A programme that both can hold on one machine: 2,000 series of five years.
const (
	besideCities     = 200
	besideIndicators = 10
	besideMonths     = 60
)

// BenchmarkBesideOnePostgres does the same to an installation where the tests'
// databases are, which may be a Citus, and to one on a single Postgres beside
// it, by turns. Each figure is how many times as long the former takes; without
// a Citus, they are about 1.
func BenchmarkBesideOnePostgres(b *testing.B) {
	spread, single := installAt(b, testdb.New(b)), installAt(b, testdb.Elsewhere(b))
	p := besideProgramme(besideCities, besideIndicators)
	first, corrected := besideFile(0), besideFile(1)
	for b.Loop() {
		for _, step := range []struct {
			name  string
			times int
			do    func(*installation)
		}{
			{"apply", 1, func(i *installation) { i.apply(b, p) }},
			{"first-import", 1, func(i *installation) { i.take(b, upload.Request{}, first) }},
			{"same-import", 1, func(i *installation) { i.take(b, upload.Request{}, first) }},
			{"tenth-changed", 1, func(i *installation) { i.take(b, upload.Request{}, corrected) }},
			{"small-import", 20, func(i *installation) {
				i.take(b, upload.Request{}, "city,indicator,period,value\ncity-7,i3,2025-08,7\n")
			}},
			{"city-page", 50, func(i *installation) { i.cityPage(b) }},
			{"city-login", 50, func(i *installation) { i.cityLogin(b) }},
			{"cohort-views", 5, func(i *installation) { i.cohortViews(b) }},
			{"serve-start", 3, func(i *installation) { i.serveStart(b) }},
		} {
			var took [2]time.Duration
			for range step.times {
				for n, i := range []*installation{spread, single} {
					began := time.Now()
					step.do(i)
					took[n] += time.Since(began)
				}
			}
			b.ReportMetric(took[0].Seconds()/took[1].Seconds(), "x-"+step.name)
			b.Logf("%-14s %9.1f ms beside %9.1f ms", step.name, ms(took[0], step.times), ms(took[1], step.times))
		}
	}
}

func ms(d time.Duration, times int) float64 { return d.Seconds() * 1000 / float64(times) }

func installAt(b *testing.B, db testdb.Database) *installation {
	b.Helper()
	s, err := store.Open(b.Context(), db.URL, onToday, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return &installation{s, upload.Service{Store: s, Now: time.Now, Today: onToday}, db}
}

func besideProgramme(cities, indicators int) programme.Programme {
	two := twoCities()
	p := programme.Programme{Cohorts: two.Cohorts}
	for c := range cities {
		city, indicator, target := two.Cities[0], two.Indicators[0], two.Targets[0]
		city.ID, city.Name = fmt.Sprintf("city-%d", c), fmt.Sprintf("City %d", c)
		p.Cities = append(p.Cities, city)
		for n := range indicators {
			indicator.City, indicator.ID, indicator.Title = city.ID, fmt.Sprintf("i%d", n), fmt.Sprintf("Thefts %d", n)
			target.City, target.Indicator = city.ID, indicator.ID
			p.Indicators, p.Targets = append(p.Indicators, indicator), append(p.Targets, target)
		}
	}
	return p
}

// besideFile is a file of all series, in which a tenth of the values is raised.
func besideFile(add int) string {
	var csv strings.Builder
	csv.WriteString("city,indicator,period,value\n")
	from := programme.Month(2025, time.September).Plus(1 - besideMonths)
	for c := range besideCities {
		for n := range besideIndicators {
			for m := range besideMonths {
				value := 100 + (c+n+m)%7
				if m%10 == 3 {
					value += add
				}
				fmt.Fprintf(&csv, "city-%d,i%d,%s,%d\n", c, n, from.Plus(m), value)
			}
		}
	}
	return csv.String()
}

// cityPage reads what a city's page shows.
func (i *installation) cityPage(b *testing.B) {
	b.Helper()
	scope := upload.Scope{"city-7"}
	if all, err := i.StandingsFor(b.Context(), scope, scope); err != nil || len(all) != 1 {
		b.Fatal(len(all), err)
	}
	if all, err := i.Targets(b.Context(), scope, scope); err != nil || len(all) != besideIndicators {
		b.Fatal(len(all), err)
	}
}

// cityLogin asks what a city's dashboard asks, as the city's login.
func (i *installation) cityLogin(b *testing.B) {
	b.Helper()
	login, err := i.Readers(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if login.Cities["city-7"].Fingerprint == "" {
		if _, err := i.CityLogin(b.Context(), "city-7", password); err != nil {
			b.Fatal(err)
		}
	}
	// Dashboards filter by the city's number, as a constant.
	i.ask(b, login.Cities["city-7"].Role, map[string]int{
		`select * from report.standing where city_id = %d`:                                                            besideIndicators,
		`select * from report.observation where city_id = %d and indicator = 'i3'`:                                    besideMonths,
		`select * from report.assessment where city_id = %d and indicator = 'i3' and day = as_of and cohort = '2025'`: -1,
		`select * from report.trajectory where city_id = %d and indicator = 'i3'`:                                     -1,
	})
}

// cohortViews asks what the cohort's dashboard asks, as faculty.
func (i *installation) cohortViews(b *testing.B) {
	b.Helper()
	login, err := i.Readers(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if login.Faculty.Fingerprint == "" {
		if _, err := i.FacultyLogin(b.Context(), password); err != nil {
			b.Fatal(err)
		}
	}
	i.ask(b, login.Faculty.Role, map[string]int{
		`select * from report.comparison where cohort = '2025'`:                                       besideCities * besideIndicators,
		`select status, count(*) from report.comparison where cohort = '2025' group by 1`:             -1,
		`select * from report.pace_bar where cohort = '2025'`:                                         -1,
		`select month, status, count(*) from report.status_month where cohort = '2025' group by 1, 2`: -1,
	})
}

// ask runs queries as a login; a number of rows that is negative is any.
func (i *installation) ask(b *testing.B, role string, queries map[string]int) {
	b.Helper()
	at, err := url.Parse(i.db.URL)
	if err != nil {
		b.Fatal(err)
	}
	at.User = url.UserPassword(role, password)
	db := sqlx.MustOpen("postgres", at.String())
	defer db.Close()
	var city int32
	if err := db.GetContext(context.Background(), &city, `select city_id from report.city where city = 'city-7'`); err != nil {
		b.Fatal(err)
	}
	for query, want := range queries {
		var n int
		query = strings.ReplaceAll(query, "%d", strconv.Itoa(int(city)))
		if err := db.GetContext(context.Background(), &n, `select count(*) from (`+query+`) x`); err != nil || want >= 0 && n != want {
			b.Fatalf("%s: %d rows, %v", query, n, err)
		}
	}
}

// serveStart reads what a server holds.
func (i *installation) serveStart(b *testing.B) {
	b.Helper()
	generations, err := i.Generations(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	var cities []string
	for city := range generations {
		cities = append(cities, city)
	}
	if all, err := i.Standings(b.Context(), cities); err != nil || len(all) != besideCities {
		b.Fatal(len(all), err)
	}
}
