package dashboards

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

// judged has the sample's thefts, which are a target of a total, judged so.
func judged(t *testing.T, i installation, statuses [][2]string) *sqlx.DB {
	t.Helper()
	i.apply(t, sampleProgramme(), sampleYear.Starts)
	i.observe(t, sampleObservations())
	db := i.asSuperuser(t)
	db.MustExec(`create table judged as select * from citygauge.assessment where indicator_id = (select indicator_id from citygauge.indicator where slug = 'thefts') order by day desc limit 1`)
	db.MustExec(`delete from citygauge.assessment where indicator_id = (select indicator_id from citygauge.indicator where slug = 'thefts')`)
	for _, s := range statuses {
		db.MustExec(`update judged set day = $1, as_of = $1, status = $2`, s[0], s[1])
		db.MustExec(`insert into citygauge.assessment select * from judged`)
	}
	return db
}

var sampleThefts = map[string][]string{
	"city_id": {"1"}, "indicator": {"thefts"}, "cohort": {sampleYear.ID}, "title": {"Thefts"},
	"problem": {"other"}, "country": {"US"}, "band": {"250,000 to 500,000"},
}

// A month at whose end nothing was judged goes on as the one before, one after
// the target's last day is as it is now, and what is to come is nothing.
func TestMonths(t *testing.T) {
	db := judged(t, install(t, sampleDay), [][2]string{
		{"2025-03-31", "slipping"}, {"2025-04-30", "off-track"}, {"2025-06-30", "on-track"}, {"2025-11-10", "missed"},
	})
	db.MustExec(`update citygauge.target set ends = '2025-06-30' where indicator_id = (select indicator_id from citygauge.indicator where slug = 'thefts')`)
	want := []string{
		"2025-03-01 | 4", "2025-04-01 | 5", "2025-05-01 | 5", "2025-06-01 | 2",
		"2025-07-01 | 7", "2025-08-01 | 7", "2025-09-01 | 7", "2025-10-01 | 7", "2025-11-01 | 7", "2025-12-01 | <nil>",
	}
	for name, label := range map[string]string{"city/months": " ", "cohort/months": "Aldermoor (aldermoor)"} {
		got := askedRows(t, db, name, sampleThefts)
		for n := range got {
			got[n] = strings.Replace(got[n], " | "+label, "", 1)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A few days say nothing of a whole year, and are not drawn as if they did.
func TestAYearIsNotToldByAFewDays(t *testing.T) {
	db := judged(t, install(t, sampleDay), [][2]string{{"2025-01-31", "early"}, {"2025-02-28", "slipping"}})
	for measure, want := range map[string]string{"total": "2025-02-28", "latest": "2025-01-31 2025-02-28"} {
		db.MustExec(`update citygauge.indicator set measure = $1`, measure)
		var drawn []string
		for _, row := range askedRows(t, db, "city/chart", sampleThefts) {
			if day, ok := strings.CutSuffix(strings.TrimRight(row, "0123456789."), " | Actual | "); ok {
				drawn = append(drawn, day)
			}
		}
		if got := strings.Join(drawn, " "); got != want {
			t.Errorf("of %s are drawn %q, want %q", measure, got, want)
		}
	}
	db.MustExec(`update citygauge.assessment set status = 'early', projected = 1, projected_lower = 0, projected_upper = 2`)
	for _, since := range []string{
		``,
		`update citygauge.assessment set day = '2025-04-20', as_of = '2025-01-31', status = 'awaiting' where day = '2025-02-28'`, // nothing came
	} {
		db.MustExec(since)
		for measure, want := range map[string]bool{"total": false, "latest": true} {
			db.MustExec(`update citygauge.indicator set measure = $1`, measure)
			if got := strings.Contains(strings.Join(askedRows(t, db, "city/chart", sampleThefts), "\n"), "Forecast"); got != want {
				t.Errorf("of %s a forecast is drawn after %q: %v, want %v", measure, since, got, want)
			}
		}
	}
}

// Paces are those of targets that are judged, and say their number.
func TestPacesAreOfWhatIsJudged(t *testing.T) {
	for _, c := range []struct {
		status string
		pace   float64
		want   string
	}{
		{"slipping", 123.456, "Aldermoor (aldermoor) 12,346 %"},
		{"slipping", -0.004, "Aldermoor (aldermoor) 0 %"},
		{"slipping", 1e12, "Aldermoor (aldermoor) 100,000,000,000,000 %"},
		{"early", 123.456, "No pace can be told yet"},
		{"awaiting", 123.456, "No pace can be told yet"},
	} {
		db := judged(t, install(t, sampleDay), [][2]string{{"2025-02-28", c.status}})
		db.MustExec(`update citygauge.assessment set pace = $1`, c.pace)
		if diff := cmp.Diff([]string{c.want}, asked(t, db, "cohort/paces", sampleThefts)); diff != "" {
			t.Errorf("of %s (-want +got):\n%s", c.status, diff)
		}
	}
}

// A city without a verdict is not one of whose targets none is on track.
func TestTheMapKnowsWhatIsNotJudged(t *testing.T) {
	i := install(t, sampleDay)
	i.apply(t, sampleProgramme(), sampleYear.Starts)
	db := i.asSuperuser(t)
	for statement, want := range map[string]string{
		`update citygauge.assessment set status = 'no-data'`: "<nil>",
		`update citygauge.assessment set status = 'off-track' where indicator_id = (select indicator_id from citygauge.indicator where slug = 'thefts')`: "0",
	} {
		db.MustExec(`update citygauge.assessment set status = 'no-data'`)
		db.MustExec(statement)
		got := askedRows(t, db, "cohort/map", sampleThefts)
		if len(got) != 1 || strings.Split(got[0], " | ")[6] != want {
			t.Errorf("after %s the map has %q, want a share of %s", statement, got, want)
		}
	}
}

// A median of the few that have come already is none of the cohort.
func TestTheMedianIsOfHalfOfAllAtLeast(t *testing.T) {
	i := install(t, sampleDay)
	p := sampleProgramme()
	var csv strings.Builder
	csv.WriteString("city,indicator,period,value\n")
	for n := range 3 {
		city, indicator, target := p.Cities[0], p.Indicators[0], p.Targets[0]
		city.ID = fmt.Sprint("city-", n)
		city.Name = city.ID
		indicator.City, target.City = city.ID, city.ID
		p.Cities, p.Indicators, p.Targets = append(p.Cities, city), append(p.Indicators, indicator), append(p.Targets, target)
		for m := range 17 - n { // the last has but April
			fmt.Fprintf(&csv, "%s,thefts,%s,%d\n", city.ID, programme.Month(2024, 1).Plus(m), 100-m)
		}
	}
	p.Cities, p.Indicators, p.Targets = p.Cities[2:], p.Indicators[3:], p.Targets[3:]
	p.Interventions, p.Sources = nil, nil
	i.apply(t, p, sampleYear.Starts)
	service := upload.Service{Store: i.Store, Now: sampleDay.Time, Today: i.today}
	if report, err := service.Import(t.Context(), upload.Request{
		Name: "all.csv", Content: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(csv.String())), nil },
	}); err != nil || !report.Applied {
		t.Fatalf("%v, %+v", err, report)
	}
	var medians []string
	for _, row := range askedRows(t, i.asSuperuser(t), "cohort/curves", sampleThefts) {
		if day, rest, _ := strings.Cut(row, " | "); strings.HasPrefix(rest, "Median") {
			medians = append(medians, day)
		}
	}
	want := []string{"2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30"} // three, three, three, two of three; in May one
	if diff := cmp.Diff(want, medians); diff != "" {
		t.Errorf("medians (-want +got):\n%s", diff)
	}
}
