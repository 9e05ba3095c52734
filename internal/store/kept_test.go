package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

// path is a target's trajectory as the dashboards draw it, and as the pages do.
func (i *installation) path(t *testing.T) (kept, judged map[string]float64) {
	t.Helper()
	kept, judged = map[string]float64{}, map[string]float64{}
	err := i.System(t.Context(), func(tx *store.Tx) error {
		rows, err := tx.QueryContext(t.Context(), `select day::text, expected from report.trajectory where city = 'aldermoor'`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var day string
			var expected float64
			if err := rows.Scan(&day, &expected); err != nil {
				return err
			}
			kept[day] = expected
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	targets, err := i.Targets(t.Context(), nil, []string{"aldermoor"})
	if err != nil || len(targets) != 1 {
		t.Fatalf("%d targets, %v", len(targets), err)
	}
	for _, m := range targets[0].Target.Path(targets[0].Indicator.Frequency) {
		judged[m.On.String()] = m.Value
	}
	return kept, judged
}

// A measure has a trajectory of its own, where the target names none.
func TestTheTrajectoryOfAnotherMeasure(t *testing.T) {
	p := twoCities()
	p.Targets[0].Baseline = programme.Baseline{Value: 1200, Period: programme.Range{From: year(2024), To: year(2024)}}
	i := install(t)
	i.apply(t, p)
	p.Indicators[0].Measure = programme.Rolling
	i.apply(t, p)
	if kept, judged := i.path(t); cmp.Diff(judged, kept) != "" {
		t.Errorf("dashboards draw another trajectory than is judged by (-judged +drawn):\n%s", cmp.Diff(judged, kept))
	}
}

// A target that the programme does not name is measured as its indicator is now.
func TestATargetThatIsKeptWithAnotherMeasure(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	i.take(t, upload.Request{}, months("aldermoor", 21, func(int) string { return "100" }))
	p := twoCities()
	p.Indicators[0].Measure, p.Targets = programme.Mean, nil
	i.apply(t, p)
	a := i.standing(t, "aldermoor").Indicators[0].Targets[0].Assessment
	if a.Value.Number != 100 || a.Baseline.Number != 100 {
		t.Errorf("a mean of %v is compared with a baseline of %v, and %s", a.Value, a.Baseline, a.Status)
	}
}

// One that would not be a target any more refuses the change.
func TestATargetThatIsKeptAndCannotBe(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	p := twoCities()
	p.Indicators[1].Direction, p.Targets = programme.Increase, p.Targets[:1]
	i.take(t, upload.Request{}, months("brightwater", 21, func(int) string { return "100" }))
	var faults []programme.Fault
	if err := i.Apply(t.Context(), p, store.ApplyOptions{Today: onToday, Agree: func(p store.Prospect) bool {
		faults = p.Faults
		return false
	}}); err != nil {
		t.Fatal(err)
	}
	if len(faults) != 1 || faults[0].Noun != programme.IndicatorNoun || faults[0].Index != 1 || faults[0].Warning ||
		!strings.Contains(faults[0].Message, "brightwater/thefts/2025") || !strings.Contains(faults[0].Message, "wrong side") {
		t.Errorf("the faults are %+v", faults)
	}
	p.Indicators[1].Direction = programme.Decrease
	p.Cohorts[0].Starts = programme.NewDate(2025, time.July, 1)
	p.Targets[0].Baseline.Period = programme.Range{From: programme.Month(2024, time.July), To: programme.Month(2024, time.December)}
	if err := i.Apply(t.Context(), p, store.ApplyOptions{Today: onToday, Agree: func(p store.Prospect) bool {
		faults = p.Faults
		return false
	}}); err != nil {
		t.Fatal(err)
	}
	if len(faults) != 1 || faults[0].Noun != programme.IndicatorNoun || faults[0].Index != 1 || !strings.Contains(faults[0].Message, "cannot be compared") {
		t.Errorf("a cohort with other dates has the faults %+v", faults)
	}
}
