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

// A large cohort, three hundred cities with ten indicators each, over ten
// years of months; and so many more like it that there are ten million
// observations.
const (
	benchCities     = 300
	benchIndicators = 10
	benchMonths     = 118
	benchCohorts    = 28
)

// BenchmarkPanels asks every panel of every dashboard, of one city, of its
// cohort or of three hundred cities: first where there is only that cohort, then
// where it is one of many. What is asked grows by nothing, so neither should the
// time. At the end Data health is asked of every city of every cohort.
//
//	slowest-ms  the longest of the medians of the panels
//	panel-ms    the median of them
//	choice-ms   the longest of the medians of the lists to choose from, which are of all that there is
//	x-alone     the median as a multiple of the median where the cohort is alone
//	alone-ms    which is that
func BenchmarkPanels(b *testing.B) {
	i := install(b, sampleDay)
	fill(b, i)
	all, alone := files(b), map[string]time.Duration{}
	for _, size := range []string{"354k", "10M"} {
		if size == "10M" {
			multiply(b, i)
		}
		conn := i.asFacultyAlone(b)
		for _, file := range slices.Sorted(maps.Keys(all)) {
			if file == "operations.json" { // which asks Prometheus alone
				continue
			}
			b.Run(size+"/"+strings.TrimSuffix(file, ".json"), func(b *testing.B) {
				median := reportPanels(b, conn, all[file], benchCities)
				if size == "354k" {
					alone[file] = median
				} else if alone[file] > 0 {
					b.ReportMetric(float64(median)/float64(alone[file]), "x-alone")
					b.ReportMetric(float64(alone[file].Microseconds())/1000, "alone-ms")
				}
			})
		}
	}
	b.Run("all/health", func(b *testing.B) {
		reportPanels(b, i.asFacultyAlone(b), all["health.json"], benchCities*benchCohorts)
	})
}

// asFacultyAlone is a connection with the rights of Grafana's login that keeps
// to one core.
func (i installation) asFacultyAlone(b *testing.B) *sqlx.Conn {
	b.Helper()
	conn := i.asFaculty(b)
	if _, err := conn.ExecContext(b.Context(), "set max_parallel_workers_per_gather = 0"); err != nil {
		b.Fatal(err)
	}
	return conn
}

// reportPanels asks a dashboard again and again, and returns the median of the
// medians of its panels.
func reportPanels(b *testing.B, conn *sqlx.Conn, text []byte, most int) time.Duration {
	b.Helper()
	askTimed(b, conn, text, most) // what is asked for the first time is read from disk
	took := map[string][]time.Duration{}
	for b.Loop() {
		for where, d := range askTimed(b, conn, text, most) {
			took[where] = append(took[where], d)
		}
	}
	medians := map[bool][]time.Duration{} // of lists to choose from, and of panels
	for where, all := range took {
		slices.Sort(all)
		list := strings.HasPrefix(where, "variable ")
		medians[list] = append(medians[list], all[len(all)/2])
	}
	panels := medians[false]
	slices.Sort(panels)
	median := panels[len(panels)/2]
	for name, d := range map[string]time.Duration{"slowest-ms": panels[len(panels)-1], "panel-ms": median, "choice-ms": slices.Max(medians[true])} {
		b.ReportMetric(float64(d.Microseconds())/1000, name)
	}
	b.ReportMetric(0, "ns/op")
	return median
}

// askTimed asks what a dashboard asks, each row that is repeated for its first
// value, of so many of the cities at most where many can be chosen, and measures
// each.
func askTimed(b *testing.B, conn *sqlx.Conn, text []byte, most int) map[string]time.Duration {
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
			if q.variable != "" && (chosen[q.variable] == nil || q.multi && len(chosen[q.variable]) < most) {
				chosen[q.variable] = append(chosen[q.variable], row[1])
			}
		}
	}
	return took
}

// fill declares a cohort of cities, and observes all of their indicators.
func fill(b *testing.B, i installation) {
	b.Helper()
	p := programme.Programme{Cohorts: []programme.Cohort{sampleYear}}
	var csv strings.Builder
	csv.WriteString("city,indicator,period,value\n")
	before := programme.PeriodOf(programme.Annual, programme.NewDate(2024, time.January, 1))
	for c := range benchCities {
		city := programme.City{
			ID: fmt.Sprintf("city-%03d", c), Name: fmt.Sprintf("City %d", c), Country: []string{"US", "GB", "BR"}[c%3], Population: 100_000 * (1 + c%12),
			Cohorts: []string{sampleYear.ID}, Location: &programme.Location{Latitude: float64(c%90 - 45), Longitude: float64(c%180 - 90)},
		}
		p.Cities = append(p.Cities, city)
		for n := range benchIndicators {
			id := fmt.Sprintf("indicator-%d", n)
			p.Indicators = append(p.Indicators, programme.Indicator{
				City: city.ID, ID: id, Title: fmt.Sprintf("Indicator %d", n), Unit: "offences", Kind: programme.Count, Direction: programme.Decrease, Measure: programme.Total,
				Frequency: programme.Monthly, Lens: programme.Outcome, DueDays: programme.DefaultDueDays, Problem: fmt.Sprintf("problem-%d", n%3),
			})
			p.Targets = append(p.Targets, programme.Target{
				City: city.ID, Indicator: id, Cohort: sampleYear.ID,
				Baseline: programme.Baseline{Auto: true, Period: programme.Range{From: before, To: before}}, Goal: programme.Goal{Value: -10, Form: programme.Percent},
			})
			for m := range benchMonths { // from 2016 to October 2025
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
	i.asSuperuser(b).MustExec("vacuum analyze")
}

// multiply makes further cohorts like the one that there is, with all that was
// declared, observed and judged.
func multiply(b *testing.B, i installation) {
	b.Helper()
	// In each further cohort its things have other ids and names.
	another := map[string]string{
		"cohort_id": "cohort_id + n", "city_id": "city_id + 1000 * n", "indicator_id": "indicator_id + 10000 * n", "slug": "slug || '-' || n",
	}
	for _, table := range []string{
		"cohort", "city", "city_cohort", "city_state", "indicator", "indicator_revision", "target", "target_revision", "trajectory",
		"observation", "observation_revision", "assessment", "assessment_revision",
	} {
		columns := i.columns(b, table)
		values := slices.Clone(columns)
		for n, c := range columns {
			if other, ok := another[c]; ok {
				values[n] = other
			}
		}
		i.asSuperuser(b).MustExec(fmt.Sprintf("insert into citygauge.%[1]s (%[2]s) overriding system value select %[3]s from citygauge.%[1]s, generate_series(1, %[4]d) n",
			table, strings.Join(columns, ", "), strings.Join(values, ", "), benchCohorts-1))
	}
	i.asSuperuser(b).MustExec("vacuum analyze")
}

func (i installation) columns(b *testing.B, table string) (all []string) {
	b.Helper()
	if err := i.asSuperuser(b).Select(&all, `select column_name from information_schema.columns where table_schema = 'citygauge' and table_name = $1`, table); err != nil {
		b.Fatal(err)
	}
	return all
}
