package dashboards

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
)

// An intervention is drawn in every chart: it says which indicators it was for,
// and a title is no HTML.
func TestInterventionsSayWhatTheyWereFor(t *testing.T) {
	i := install(t, sampleDay)
	p := sampleProgramme()
	p.Interventions = []programme.Intervention{
		{City: sampleCity, Title: "Rents & <b>homes</b>", Start: programme.NewDate(2025, 2, 1), Indicators: []string{"rents", "thefts"}},
		{City: sampleCity, Title: "Night buses", Start: programme.NewDate(2025, 3, 1)},
	}
	i.apply(t, p, sampleYear.Starts)
	want := []string{
		"2025-02-01 | 2025-02-01 | Rents &amp; &lt;b>homes&lt;/b> (Rents, Thefts)",
		"2025-03-01 | 2025-03-01 | Night buses",
	}
	if diff := cmp.Diff(want, askedRows(t, i.asSuperuser(t), "city/interventions", sampleThefts)); diff != "" {
		t.Errorf("interventions (-want +got):\n%s", diff)
	}
}

// The target's last day need not be that of the year.
func TestATargetOfTheMiddleOfTheYear(t *testing.T) {
	half := programme.PeriodOf(programme.Monthly, programme.NewDate(2025, 6, 1))
	for day, want := range map[programme.Date][2]string{
		programme.NewDate(2025, 5, 10): {"on 30 Jun 2025", "a month for"},
		sampleDay:                      {"It ended on 30 Jun 2025", "Nothing: it ended on 30 Jun 2025"},
	} {
		i := install(t, day)
		p := sampleProgramme()
		p.Targets = p.Targets[1:2]
		p.Targets[0].Period = programme.Range{From: half, To: half}
		i.apply(t, p, sampleYear.Starts)
		i.observe(t, until(day, sampleObservations()))
		db := i.asSuperuser(t)
		chosen := map[string][]string{"city_id": {"1"}, "cohort": {sampleYear.ID}, "indicator": {"rents"}}
		for n, name := range []string{"city/foreseen", "city/need"} {
			if got := strings.Join(asked(t, db, name, chosen), "\n"); !strings.Contains(got, want[n]) {
				t.Errorf("on %s %s says %q, want %q in it", day, name, got, want[n])
			}
		}
	}
}

// until leaves out the months that have not ended by a day.
func until(day programme.Date, csv string) string {
	var kept []string
	for line := range strings.Lines(csv) {
		if cells := strings.Split(line, ","); cells[2] == "period" || cells[2] < day.String()[:7] {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// Large numbers have their thousands apart in words.
func TestLargeNumbers(t *testing.T) {
	i := install(t, sampleDay)
	i.apply(t, sampleProgramme(), sampleYear.Starts)
	i.observe(t, sampleObservations())
	db := i.asSuperuser(t)
	for times, want := range map[float64]string{
		1:    "Baseline 2024 | 1,146",
		100:  "Baseline 2024 | 114,600",
		1e14: "Baseline 2024 | 114,600,000,000,000,000",
	} {
		tx := db.MustBegin()
		tx.MustExec(`update citygauge.target set baseline = baseline * $1::double precision, target = target * $1::double precision where indicator_id = (select indicator_id from citygauge.indicator where slug = 'thefts')`, times)
		if got := askedRows(t, tx, "city/figures", sampleThefts)[2]; got != want {
			t.Errorf("%g times as much, the figures say %q, want %q", times, got, want)
		}
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
	}
	i.observe(t, "indicator,period,value\nthefts,2025-09,9999\n")
	i.observe(t, "indicator,period,value\nthefts,2025-09,10000\n")
	const want = "10,000 instead of 9,999"
	if got := strings.Join(askedRows(t, db, "indicator/changes", sampleThefts), "\n"); !strings.Contains(got, want) {
		t.Errorf("the changes are told by %q, want %q in it", got, want)
	}
}

// A value that is outside by rounding alone is not outside.
func TestOutsideTheLimitsIsNotByRounding(t *testing.T) {
	i := install(t, sampleDay)
	i.apply(t, sampleProgramme(), sampleYear.Starts)
	i.observe(t, sampleObservations())
	db := i.asSuperuser(t)
	db.MustExec(`update citygauge.assessment set signal_seasonal = false, signal_centre = 100, signal_lower = 100, signal_upper = 100`)
	db.MustExec(`update citygauge.observation set value = case period_start when '2025-03-01' then 100.1 else 100.00000000000001 end`)
	var outside []string
	for _, row := range askedRows(t, db, "indicator/control", sampleThefts) {
		if strings.Contains(row, "Outside") {
			outside = append(outside, row)
		}
	}
	if diff := cmp.Diff([]string{"2025-03-31 | Outside the limits | 100.1"}, outside); diff != "" {
		t.Errorf("outside are (-want +got):\n%s", diff)
	}
}

// What an indicator looks at is said in words, also where no problem is named.
func TestWhatAnIndicatorLooksAt(t *testing.T) {
	i := install(t, sampleDay)
	i.apply(t, sampleProgramme(), sampleYear.Starts)
	db := i.asSuperuser(t)
	for _, c := range [][3]string{
		{"outcome", "", "the outcome"}, {"outcome", "road-deaths", "road deaths, the problem itself"}, {"cause", "road-deaths", "a cause of road deaths"}, {"consequence", "", "a consequence"},
	} {
		db.MustExec(`update citygauge.indicator set lens = $1, problem = $2`, c[0], c[1])
		if got := strings.Join(askedRows(t, db, "indicator/about", sampleThefts), "\n"); !strings.HasSuffix(got, "Looks at | "+c[2]) {
			t.Errorf("%s of %q is told so:\n%s", c[0], c[1], got)
		}
	}
}

// A bound of a range is told as it was declared, also between two numbers that
// an indicator shows.
func TestBoundsAreNotRounded(t *testing.T) {
	i := install(t, sampleDay)
	p := sampleProgramme()
	p.Targets = p.Targets[2:]
	p.Targets[0].Band = &programme.Band{Low: 0, High: 12345.625}
	i.apply(t, p, sampleYear.Starts)
	chosen := map[string][]string{"city_id": {"1"}, "cohort": {sampleYear.ID}, "indicator": {"response"}}
	if got := askedRows(t, i.asSuperuser(t), "city/figures", chosen); len(got) != 2 || got[1] != "Target 31 Dec 2025 | 0 to 12,345.625" {
		t.Errorf("the figures are %q", got)
	}
}

// What a problem is comes before its causes and consequences, which are called so.
func TestOutcomesComeFirst(t *testing.T) {
	i := install(t, sampleDay)
	i.apply(t, sampleProgramme(), sampleYear.Starts)
	db := i.asSuperuser(t)
	db.MustExec(`update citygauge.indicator set problem = 'theft', lens = case slug when 'rents' then 'consequence' when 'response' then 'cause' else 'outcome' end`)
	for name, want := range map[string][]string{
		"city/statuses":   {"no-data | Thefts", "no-data | Response time", "no-data | Rents"},
		"city/indicators": {"Thefts (offences)", "Response time (minutes), a cause", "Rents (dollars a square metre), a consequence"},
	} {
		var got []string
		for _, row := range askedRows(t, db, name, sampleThefts) {
			got = append(got, row[:strings.LastIndex(row, " | ")])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What is late is told apart, and a problem has the advice that belongs to it.
func TestHealthTellsThingsApart(t *testing.T) {
	i := install(t, sampleDay)
	p := sampleProgramme()
	indicator, target := p.Indicators[0], p.Targets[0]
	indicator.ID, target.Indicator = "robberies", "robberies"
	p.Indicators, p.Targets = append(p.Indicators, indicator), append(p.Targets, target)
	other, goal := p.Indicators[0], p.Targets[0]
	other.City, goal.City = "aldermoor-gb", "aldermoor-gb"
	p.Indicators, p.Targets = append(p.Indicators, other), append(p.Targets, goal)
	i.apply(t, p, sampleYear.Starts)
	db := i.asSuperuser(t)
	all := map[string][]string{"city": {sampleCity, "aldermoor-gb"}}
	late := strings.Join(askedRows(t, db, "health/late", all), "\n")
	for _, want := range []string{"Aldermoor (aldermoor): Thefts (robberies). ", "Aldermoor (aldermoor): Thefts (thefts). ", "Aldermoor (aldermoor): Rents. ", "Aldermoor (aldermoor-gb): Thefts. "} {
		if !strings.Contains(late, want) {
			t.Errorf("%q is not among what is late:\n%s", want, late)
		}
	}
	if got := asked(t, db, "health/cities", all); !cmp.Equal(got, []string{"Aldermoor (aldermoor)", "Aldermoor (aldermoor-gb)"}) {
		t.Errorf("the cities are %q", got)
	}

	i.deliver(t, "indicator,period,value\nthefts,2025-13,7\n")
	db.MustExec(`
		update citygauge.upload set report = jsonb_set(report, '{problems}', '[
			{"code": "bad-period", "severity": "error", "message": "a is wrong", "hint": "z helps"},
			{"code": "bad-period", "severity": "error", "message": "b is wrong", "hint": "y helps"}]'),
			received_at = $1`, sampleYear.Starts.AddDays(9).Time())
	if got := strings.Join(askedRows(t, db, "health/problems", all), "\n"); !strings.Contains(got, "a is wrong. What to do: z helps.") {
		t.Errorf("the problem is told so:\n%s", got)
	}
}
