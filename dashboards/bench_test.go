package dashboards

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

// BenchmarkPanels asks every panel of every dashboard, with ten years of months
// of ten indicators in a number of cities. Its figures are the median and the
// longest of the medians of the panels, of what one city sees and of the cohort:
// the former must not grow with the number of other cities.
func BenchmarkPanels(b *testing.B) {
	for _, cities := range []int{30, 300} {
		b.Run(fmt.Sprintf("%d cities", cities), func(b *testing.B) {
			i := install(b, sampleDay)
			fill(b, i, cities)
			conn := i.asFaculty(b)
			if _, err := conn.ExecContext(b.Context(), "set max_parallel_workers_per_gather = 0"); err != nil {
				b.Fatal(err)
			}
			for file, text := range files(b) {
				b.Run(file, func(b *testing.B) {
					took := map[string][]time.Duration{}
					for b.Loop() {
						for where, d := range askTimed(b, conn, text) {
							took[where] = append(took[where], d)
						}
					}
					var medians []time.Duration
					longest, slowest := time.Duration(0), ""
					for where, all := range took {
						slices.Sort(all)
						m := all[len(all)/2]
						medians = append(medians, m)
						if m > longest {
							longest, slowest = m, where
						}
					}
					if len(medians) == 0 {
						return // it asks no Postgres
					}
					slices.Sort(medians)
					b.ReportMetric(float64(medians[len(medians)/2].Microseconds())/1000, "ms/panel")
					b.ReportMetric(float64(longest.Microseconds())/1000, "ms/slowest")
					b.Logf("the slowest is %s", slowest)
				})
			}
		})
	}
}

// askTimed asks what a dashboard asks, each row that is repeated for its first
// value, and measures each.
func askTimed(b *testing.B, conn *sqlx.Conn, text []byte) map[string]time.Duration {
	b.Helper()
	all, err := questions(text)
	if err != nil {
		b.Fatal(err)
	}
	chosen, took := map[string][]string{}, map[string]time.Duration{}
	year := span{sampleYear.Starts.Time(), sampleYear.Ends.AddDays(1).Time()}
	for _, q := range all {
		if q.sql == "" {
			continue
		}
		variables := chosen
		if q.repeat != "" {
			variables = maps.Clone(chosen)
			variables[q.repeat] = chosen[q.repeat][:1]
		}
		sql, err := expand(q.sql, variables, year)
		if err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		_, rows := run(b, conn, q, sql)
		took[q.where] = time.Since(start)
		for _, row := range rows {
			if q.variable != "" && (chosen[q.variable] == nil || q.multi) {
				chosen[q.variable] = append(chosen[q.variable], row[1])
			}
		}
	}
	return took
}

// fill declares cities with ten indicators each, and observes all of them for
// ten years.
func fill(b *testing.B, i installation, cities int) {
	b.Helper()
	p := programme.Programme{Cohorts: []programme.Cohort{sampleYear}}
	var csv strings.Builder
	csv.WriteString("city,indicator,period,value\n")
	before := programme.PeriodOf(programme.Annual, programme.NewDate(2024, time.January, 1))
	for c := range cities {
		city := programme.City{
			ID: fmt.Sprintf("city-%03d", c), Name: fmt.Sprintf("City %d", c), Country: []string{"US", "GB", "BR"}[c%3], Population: 100_000 * (1 + c%12),
			Cohorts: []string{sampleYear.ID}, Location: &programme.Location{Latitude: float64(c%90 - 45), Longitude: float64(c%180 - 90)},
		}
		p.Cities = append(p.Cities, city)
		for n := range 10 {
			id := fmt.Sprintf("indicator-%d", n)
			p.Indicators = append(p.Indicators, programme.Indicator{
				City: city.ID, ID: id, Title: fmt.Sprintf("Indicator %d", n), Unit: "offences", Kind: programme.Count, Direction: programme.Decrease, Measure: programme.Total,
				Frequency: programme.Monthly, Lens: programme.Outcome, DueDays: programme.DefaultDueDays, Problem: fmt.Sprintf("problem-%d", n%3),
			})
			p.Targets = append(p.Targets, programme.Target{
				City: city.ID, Indicator: id, Cohort: sampleYear.ID,
				Baseline: programme.Baseline{Auto: true, Period: programme.Range{From: before, To: before}}, Goal: programme.Goal{Value: -10, Form: programme.Percent},
			})
			for m := range 118 { // from 2016 to October 2025
				fmt.Fprintf(&csv, "%s,%s,%s,%d\n", city.ID, id, programme.Month(2016, time.January).Plus(m), 100+(c*7+n*13+m*31)%40-m/6)
			}
		}
	}
	i.apply(b, p, sampleYear.Starts)
	service := upload.Service{Store: i.Store, Now: sampleDay.Time, Today: i.today}
	report, err := service.Import(b.Context(), upload.Request{
		Name: "observations.csv", Content: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(csv.String())), nil },
	})
	if err != nil || !report.Applied {
		b.Fatalf("the sample was not taken in: %+v (%v)", report.Problems, err)
	}
	db, err := sqlx.Open("postgres", i.db.Superuser)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("analyze"); err != nil {
		b.Fatal(err)
	}
}
