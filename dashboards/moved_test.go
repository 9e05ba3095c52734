package dashboards

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
)

// A target that was moved after the start is drawn as it was, in its own chart
// alone, and from the day on that the city's clock showed; and it is said how
// the city would stand by the one of the start.
func TestTheTargetAsItWas(t *testing.T) {
	i := install(t, sampleDay)
	p := sampleProgramme()
	i.apply(t, p, sampleYear.Starts.AddDays(-30))
	i.observe(t, sampleObservations())
	i.asIfThen(t, `update citygauge.target_revision set declared_at = $1`, sampleYear.Starts.AddDays(-20))
	p.Targets[0].Goal.Value = -30
	i.apply(t, p, programme.NewDate(2025, 4, 11))
	db := i.asSuperuser(t)
	db.MustExec(`update citygauge.target_revision set declared_at = timestamptz '2025-04-11 05:00Z' where version = (select max(version) from citygauge.target_revision)`)
	chosen := func(indicator string) map[string][]string {
		return map[string][]string{"city_id": {"1"}, "cohort": {sampleYear.ID}, "indicator": {indicator}}
	}
	for zone, moved := range map[string]string{"": "2025-04-11", "America/Los_Angeles": "2025-04-10"} {
		db.MustExec(`update citygauge.city set timezone = $1`, zone)
		for indicator, want := range map[string][]string{
			"thefts": {"2025-01-01 | Target as it was | 1031.4", moved + " | Target as it was | 802.1999999999999"},
			"rents":  nil,
		} {
			var got []string
			for _, row := range askedRows(t, db, "city/chart", chosen(indicator)) {
				if strings.Contains(row, "as it was") {
					got = append(got, row)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("in %q the targets of %s that were (-want +got):\n%s", zone, indicator, diff)
			}
		}
	}
	for indicator, want := range map[string]bool{"thefts": true, "rents": false} {
		facts := strings.Join(askedRows(t, db, "city/figures", chosen(indicator)), "\n")
		if got := strings.Contains(facts, "By the target of the start | on track"); got != want {
			t.Errorf("the facts of %s are\n%s\nof the start: %v, want %v", indicator, facts, got, want)
		}
	}
}

// A target was moved after the start where the city's year had begun by then.
func TestTargetsThatWereMovedByTheCitysClock(t *testing.T) {
	i := install(t, sampleDay)
	p := sampleProgramme()
	i.apply(t, p, sampleYear.Starts.AddDays(-30))
	i.observe(t, sampleObservations())
	p.Targets[0].Goal.Value = -12
	i.apply(t, p, sampleYear.Starts)
	db := i.asSuperuser(t)
	db.MustExec(`update citygauge.target_revision set declared_at = timestamptz '2025-01-01 05:00Z' where version = (select max(version) from citygauge.target_revision)`)
	for zone, want := range map[string]int{"": 1, "America/Los_Angeles": 0} {
		db.MustExec(`update citygauge.city set timezone = $1`, zone)
		if got := asked(t, db, "city/target_changes", sampleThefts); len(got) != want {
			t.Errorf("in %q there are %d changes, want %d", zone, len(got), want)
		}
		var after int
		if err := db.GetContext(t.Context(), &after, `select count(*) from report.target_change where after_start`); err != nil || after != want {
			t.Errorf("in %q %d changes are after the start, want %d (%v)", zone, after, want, err)
		}
	}
}

// A moved target is told by name, since it is drawn in every chart, as its
// intervention is; of the indicators that are chosen.
func TestMovedTargetsAreToldByName(t *testing.T) {
	i := install(t, sampleDay)
	p := sampleProgramme()
	p.Indicators[0].Title = "Thefts <all>"
	i.apply(t, p, sampleYear.Starts.AddDays(-30))
	i.observe(t, sampleObservations())
	p.Targets[0].Goal.Value = -12
	p.Targets[2].Band = &programme.Band{Low: 5.5, High: 9}
	i.apply(t, p, sampleYear.Starts)
	db := i.asSuperuser(t)
	db.MustExec(`update citygauge.target_revision set declared_at = timestamptz '2025-05-02 09:00Z' where version > 1 and (indicator_id, version) in (select indicator_id, max(version) from citygauge.target_revision group by indicator_id)`)
	want := []string{"2025-05-02 | 2025-05-02 | Thefts &lt;all>: target changed from 1,031.4 to 1,008.48"}
	if diff := cmp.Diff(want, askedRows(t, db, "city/target_changes", sampleThefts)); diff != "" {
		t.Errorf("changes of the target (-want +got):\n%s", diff)
	}
	ranges := map[string][]string{"city_id": {"1"}, "cohort": {sampleYear.ID}, "indicator": {"response"}}
	want = []string{"2025-05-02 | 2025-05-02 | Response time: target changed from between 6 and 8 to between 5.5 and 9"}
	if diff := cmp.Diff(want, askedRows(t, db, "city/target_changes", ranges)); diff != "" {
		t.Errorf("changes of the range (-want +got):\n%s", diff)
	}
	others := map[string][]string{"city_id": {"1"}, "cohort": {sampleYear.ID}, "indicator": {"rents"}}
	if got := asked(t, db, "city/target_changes", others); len(got) > 0 {
		t.Errorf("of other indicators there are %q", got)
	}
}
