package dashboards

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/upload"
)

// asked is what a statement answers, first column by first column.
func asked(t *testing.T, db sqlx.QueryerContext, name string, chosen map[string][]string) (answers []string) {
	t.Helper()
	for _, row := range askedRows(t, db, name, chosen) {
		first, _, _ := strings.Cut(row, " | ")
		answers = append(answers, first)
	}
	return answers
}

// askedRows is what a statement answers in the sample's year, row by row.
func askedRows(t *testing.T, db sqlx.QueryerContext, name string, chosen map[string][]string) (answers []string) {
	t.Helper()
	sql, err := expand(statement(name), chosen, span{sampleYear.Starts.Time(), sampleYear.Ends.Time()})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := db.QueryxContext(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		row, err := rows.SliceScan()
		if err != nil {
			t.Fatal(err)
		}
		text := make([]string, len(row))
		for n, v := range row {
			text[n] = fmt.Sprint(v)
			if at, ok := v.(time.Time); ok {
				text[n] = at.UTC().Format(time.DateOnly)
			}
		}
		answers = append(answers, strings.Join(text, " | "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return answers
}

// The year that runs is chosen first, then those before it; of years to come the
// next, as on the pages.
func TestWhichYearIsChosen(t *testing.T) {
	i := install(t, sampleDay)
	p := sampleProgramme()
	for _, year := range []string{"long-ago", "before", "next", "after-next"} {
		p.Cohorts = append(p.Cohorts, programme.Cohort{ID: year, Starts: sampleYear.Starts, Ends: sampleYear.Ends})
		p.Cities[0].Cohorts = append(p.Cities[0].Cohorts, year)
		target := p.Targets[0]
		target.Cohort = year
		p.Targets = append(p.Targets, target)
	}
	i.apply(t, p, sampleYear.Starts)
	db := i.asSuperuser(t)
	db.MustExec(`
		update citygauge.cohort set starts = current_date + days, ends = current_date + days + 364
		from (values ('2025', -100), ('before', -465), ('long-ago', -830), ('next', 265), ('after-next', 630)) as y (slug, days)
		where cohort.slug = y.slug`)
	want := []string{"2025", "before", "long-ago", "next", "after-next"}
	for _, name := range []string{"city/cohorts", "cohort/cohorts", "indicator/cohorts"} {
		got := asked(t, db, name, map[string][]string{"city_id": {"1"}, "indicator": {p.Targets[0].Indicator}})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A pace says nothing before there is a way that should be gone, and is an old
// one where data are missing: medians are of the others, as on the pages.
func TestMediansAreOfWhatIsJudged(t *testing.T) {
	i := install(t, sampleDay)
	i.apply(t, sampleProgramme(), sampleYear.Starts)
	i.observe(t, sampleObservations())
	db := i.asSuperuser(t)
	chosen := map[string][]string{"cohort": {sampleYear.ID}, "problem": {"other"}, "country": {"US"}, "band": {"250,000 to 500,000"}}
	for _, c := range []struct {
		statuses [3]string // of the paces 1, 3 and 50
		want     []string
	}{
		{[3]string{"on-track", "met", "slipping"}, []string{"3"}},
		{[3]string{"on-track", "met", "early"}, []string{"2"}},
		{[3]string{"on-track", "awaiting", "no-data"}, []string{"1"}},
		{[3]string{"early", "early", "early"}, nil},
	} {
		for n, pace := range []int{1, 3, 50} {
			db.MustExec(`update citygauge.assessment set status = $1, pace = $2 where indicator_id = $3`, c.statuses[n], pace, n+1)
		}
		if diff := cmp.Diff(c.want, asked(t, db, "cohort/median_pace", chosen)); diff != "" {
			t.Errorf("the median of %v (-want +got):\n%s", c.statuses, diff)
		}
	}
}

// Nothing is foreseen for a year that is over, be its last values there or not.
func TestNothingIsForeseenForAYearThatIsOver(t *testing.T) {
	i := install(t, sampleYear.Ends.AddDays(10))
	i.apply(t, sampleProgramme(), sampleYear.Starts)
	i.observe(t, sampleObservations())
	got := asked(t, i.asSuperuser(t), "city/foreseen", map[string][]string{"city_id": {"1"}, "cohort": {sampleYear.ID}, "indicator": {"thefts"}})
	if diff := cmp.Diff([]string{"It ended on 31 Dec 2025"}, got); diff != "" {
		t.Errorf("the forecast (-want +got):\n%s", diff)
	}
}

// A number is the same on a dashboard as on the pages.
func TestNumbersAreRoundedAlike(t *testing.T) {
	db := install(t, sampleDay).asSuperuser(t)
	var shown []float64
	if err := db.SelectContext(t.Context(), &shown, `
		select round((n::double precision / 2000)::numeric, abs(n % 4)) from generate_series(-10000, 10000) n order by n`); err != nil {
		t.Fatal(err)
	}
	for at, got := range shown {
		n := at - 10_000
		v, decimals := float64(n)/2000, max(n%4, -n%4)
		if want := progress.Rounded(v, decimals); got != want {
			t.Errorf("%v with %d decimals is %v on a dashboard, and %v on the pages", v, decimals, got, want)
		}
	}
}

// Cities of one name, and indicators of one title in a city, have a line, a row
// and a bar each.
func TestLinesOfOneNameAreApart(t *testing.T) {
	i := install(t, sampleDay)
	p := sampleProgramme()
	var csv strings.Builder
	csv.WriteString("city,indicator,period,value\n")
	for _, series := range [][2]string{{sampleCity, "robberies"}, {"aldermoor-gb", "thefts"}} {
		indicator, target := p.Indicators[0], p.Targets[0]
		indicator.City, indicator.ID = series[0], series[1]
		target.City, target.Indicator = series[0], series[1]
		p.Indicators, p.Targets = append(p.Indicators, indicator), append(p.Targets, target)
		for m := range 21 {
			fmt.Fprintf(&csv, "%s,%s,%s,%d\n", series[0], series[1], programme.Month(2024, time.January).Plus(m), 100-m)
		}
	}
	i.apply(t, p, sampleYear.Starts)
	i.observe(t, sampleObservations())
	service := upload.Service{Store: i.Store, Now: sampleDay.Time, Today: i.today}
	if report, err := service.Import(t.Context(), upload.Request{
		Name: "all.csv", Content: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(csv.String())), nil },
	}); err != nil || !report.Applied {
		t.Fatalf("%v, %+v", err, report)
	}
	db := i.asSuperuser(t)
	chosen := map[string][]string{
		"cohort": {sampleYear.ID}, "title": {"Thefts"}, "problem": {"other"}, "country": {"US", "GB"}, "band": {"250,000 to 500,000"},
	}
	got := askedRows(t, db, "city/statuses", map[string][]string{"city_id": {"1"}, "cohort": {sampleYear.ID}})
	want := []string{
		"awaiting | Rents | rents", "on-track | Response time | response", "on-track | Thefts (robberies) | robberies", "on-track | Thefts (thefts) | thefts",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the city's statuses (-want +got):\n%s", diff)
	}
	for name, column := range map[string]string{
		"cohort/months": "metric", "cohort/curves": "metric", "cohort/paces": `regexp_replace(label, ' -?[\d,]+ %$', '')`, "cohort/by_city": "name", "cohort/map": "city_name",
	} {
		sql, err := expand(statement(name), chosen, span{sampleYear.Starts.Time(), sampleYear.Ends.Time()})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		if err := db.SelectContext(t.Context(), &got, `select distinct said from (select `+column+` as said from (`+sql+`) asked) asked where said <> 'Median' order by 1`); err != nil {
			t.Fatal(err)
		}
		want := []string{"Aldermoor (aldermoor) robberies", "Aldermoor (aldermoor) thefts", "Aldermoor (aldermoor-gb)"}
		switch name {
		case "cohort/by_city":
			want = []string{"Aldermoor (aldermoor)", "Aldermoor (aldermoor-gb)"}
		case "cohort/map":
			want = []string{"Aldermoor (aldermoor)"} // the other has no coordinates
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// The points of a control chart are those by which the change is told from
// chance: of one definition, those of a year before included, and up to the
// newest value, though it be older than the year.
func TestControlPointsAreThoseOfTheChart(t *testing.T) {
	for _, c := range []struct {
		name     string
		months   int // from January 2021 on
		breaks   []programme.Date
		points   int
		seasonal bool
	}{
		{"seasonal", 57, nil, 45, true},
		{"seasonal, after a break", 57, []programme.Date{programme.NewDate(2022, time.July, 15)}, 27, true},
		{"after a break too late for a season", 57, []programme.Date{programme.NewDate(2024, time.March, 1)}, 19, false},
		{"a break after the newest value", 57, []programme.Date{programme.NewDate(2025, time.October, 1)}, 45, true},
		{"nothing observed in the year", 48, []programme.Date{programme.NewDate(2024, time.June, 1)}, 7, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := install(t, sampleDay)
			p := sampleProgramme()
			thefts, target := p.Indicators[0], p.Targets[0]
			thefts.Breaks = c.breaks
			target.Baseline.Auto, target.Baseline.Value = false, 1200
			p.Indicators, p.Targets, p.Sources = []programme.Indicator{thefts}, []programme.Target{target}, nil
			i.apply(t, p, sampleYear.Starts)
			var csv strings.Builder
			csv.WriteString("city,indicator,period,value\n")
			var series []progress.Observed
			for m := range c.months {
				month := programme.Month(2021, time.January).Plus(m)
				value := 100 + 10*(m%12) + m*7%5
				fmt.Fprintf(&csv, "%s,thefts,%s,%d\n", sampleCity, month, value)
				series = append(series, progress.Observed{Period: month, Value: float64(value), Status: programme.Final})
			}
			i.observe(t, csv.String())
			resolved, faults := progress.Resolve(target, thefts, sampleYear, series)
			if !resolved.Ready() {
				t.Fatal(faults)
			}
			chart := progress.XmR(thefts, resolved, series, sampleDay)
			if len(chart.Points) != c.points || chart.Seasonal != c.seasonal {
				t.Fatalf("%d points, seasonal %v; want %d, %v", len(chart.Points), chart.Seasonal, c.points, c.seasonal)
			}
			type point struct {
				End   string
				Value float64
			}
			var want, got []point
			for _, p := range chart.Points {
				want = append(want, point{p.Period.Last().String(), p.Value})
			}
			if err := i.asSuperuser(t).SelectContext(t.Context(), &got, `
				select period_end::text as "end", value from report.control_point where indicator = 'thefts' order by period_end`); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the points (-want +got):\n%s", diff)
			}
		})
	}
}

// A target stays in force after its city left the cohort, until it is pruned:
// what is counted is shown, too.
func TestACityThatLeftItsCohort(t *testing.T) {
	i := install(t, sampleDay)
	i.apply(t, sampleProgramme(), sampleYear.Starts)
	i.observe(t, sampleObservations())
	db := i.asSuperuser(t)
	db.MustExec(`delete from citygauge.city_cohort where city_id = 1`)
	if got := asked(t, db, "cohort/headline", sampleThefts); !cmp.Equal(got, []string{"2 of 3 targets on track or met, in 1 city"}) {
		t.Errorf("the headline is %q", got)
	}
	for _, name := range []string{"cohort/by_city", "cohort/map", "cohort/months", "cohort/curves", "cohort/paces"} {
		if got := strings.Join(askedRows(t, db, name, sampleThefts), "\n"); !strings.Contains(got, "Aldermoor (aldermoor)") {
			t.Errorf("%s says\n%s", name, got)
		}
	}
}
