package store_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

// What is taken back of the time to come, as another clock has it, changes no
// status of today.
func TestAChangeOfWhatIsStillToCome(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	i.take(t, upload.Request{}, months("aldermoor", 21, func(m int) string { return strconv.Itoa(100 - m/4) }))
	moved := twoCities()
	moved.Targets[0].Goal.Value = -1
	i.apply(t, moved)
	before := i.standing(t, "aldermoor").Indicators[0].Targets[0].Assessment
	report := i.on(t, programme.NewDate(2025, time.June, 30)).take(t, upload.Request{}, header+"\naldermoor,thefts,2025-09,delete\n")
	if report.Counts.Withdrawn != 1 || len(report.StatusChanges) > 0 {
		t.Errorf("it reports %+v", report)
	}
	if diff := cmp.Diff(before, i.standing(t, "aldermoor").Indicators[0].Targets[0].Assessment); diff != "" {
		t.Errorf("another standing (-before +after):\n%s", diff)
	}
	if n, err := i.Daily(t.Context()); n != 1 || err != nil {
		t.Errorf("%d cities were judged again (%v), want the one whose day was another", n, err)
	}
}

// A year starts when its first day begins in the city: by then it is New Year in
// Auckland long before it is so in Los Angeles.
func TestAYearStartsByTheCitysClock(t *testing.T) {
	i := install(t)
	p := twoCities()
	p.Cities[0].Timezone, p.Cities[1].Timezone = "Pacific/Auckland", "America/Los_Angeles"
	for n := range p.Targets {
		p.Targets[n].Baseline = programme.Baseline{Value: 1200, Period: programme.Range{From: year(2024), To: year(2024)}}
	}
	i.apply(t, p)
	for n := range p.Targets {
		p.Targets[n].Goal.Value = -20
	}
	i.apply(t, p)
	// As if that had been late on 31 December in Los Angeles, and early on the
	// day before in Auckland.
	open(t, i.db.Superuser).MustExec(`
		update citygauge.target_revision
		set declared_at = case when version = 1 then timestamptz '2024-12-01Z' when city_id = 1 then '2024-12-31 15:00Z' else '2025-01-01 05:00Z' end`)
	for _, city := range []string{"aldermoor", "brightwater"} {
		i.take(t, upload.Request{}, months(city, 21, func(int) string { return "85" }))
		a := i.standing(t, city).Indicators[0].Targets[0].Assessment
		if moved := city == "aldermoor"; (a.AtStart != "") != moved {
			t.Errorf("the target of %s was moved after the start: %v, but against that of the start it is %q", city, moved, a.AtStart)
		}
	}
}
