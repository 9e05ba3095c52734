package declare

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/testgolden"
)

func written(t *testing.T, p Plan) string {
	t.Helper()
	var text strings.Builder
	if err := p.Write(&text); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// edited is the good programme after somebody worked on it.
func edited(t *testing.T) (stands, declared programme.Programme) {
	t.Helper()
	stands = read(t, filepath.Join("testdata", "good")).Programme
	declared = read(t, filepath.Join("testdata", "good")).Programme
	declared.Cities[0].Population++
	declared.Cities[0].Location = nil
	declared.Cities = append(declared.Cities[:2:2], programme.City{ID: "lima", Name: "Lima", Country: "PE", Population: 9_751_717})
	declared.Indicators[0].Breaks = declared.Indicators[0].Breaks[:1]
	declared.Targets[0].Goal.Value = -15
	declared.Targets[0].Milestones = nil
	declared.Interventions = nil
	return stands, declared
}

func TestPlan(t *testing.T) {
	stands, declared := edited(t)
	plan := Difference(stands, declared)
	var text strings.Builder
	text.WriteString(written(t, plan))
	text.WriteString("\n--- with --prune, but Boston's have observations\n")
	text.WriteString(written(t, plan.Prune(func(c Change) bool { return !strings.HasPrefix(c.Key, "boston-ma") })))
	text.WriteString("\n--- from nothing\n")
	text.WriteString(written(t, Difference(programme.Programme{}, stands)))
	text.WriteString("\n--- as JSON\n")
	asJSON, err := json.MarshalIndent(plan, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	testgolden.Check(t, "testdata/plan.golden.txt", text.String()+string(asJSON)+"\n")
	if want := (Counts{Create: 1, Change: 3, Keep: 7}); plan.Counts() != want {
		t.Errorf("counts = %+v, want %+v", plan.Counts(), want)
	}
}

func TestPlanTellsOfBaselinesMeasuredAnew(t *testing.T) {
	stands, declared := edited(t)
	untouched, edited := stands.Targets[1].Key().String(), stands.Targets[0].Key().String()
	plan := Difference(stands, stands).Remeasured(untouched, "440", "490")
	if want := "~ target " + untouched + "  baseline: 440 -> 490\n"; plan.Empty() || !strings.HasSuffix(written(t, plan), want) {
		t.Errorf("the plan is\n%s", written(t, plan))
	}
	before := Difference(stands, declared)
	plan = before.Remeasured(edited, "440", "")
	if want := "~ target " + edited + "  baseline: 440 -> none, target: -10% -> -15%"; !strings.Contains(written(t, plan), want) {
		t.Errorf("the plan is\n%s", written(t, plan))
	}
	if diff := cmp.Diff(Difference(stands, declared), before); diff != "" || plan.Counts() != before.Counts() {
		t.Errorf("counts are %+v; the plan from before changed:\n%s", plan.Counts(), diff)
	}
}

func TestPlanOfWhatIsKeptIsEmpty(t *testing.T) {
	stands, _ := edited(t)
	for _, c := range []struct {
		name     string
		declared programme.Programme
		prune    bool
		empty    bool
		json     string
	}{
		{"the same", stands, false, true, `{"changes":[]}`},
		{"nothing, kept", programme.Programme{Cohorts: stands.Cohorts, Indicators: stands.Indicators, Targets: stands.Targets, Interventions: stands.Interventions, Sources: stands.Sources, Cities: stands.Cities[:2]}, false, true, `{"changes":[{"noun":"city","key":"on","action":"keep"}]}`},
		{"nothing, removed", programme.Programme{Cohorts: stands.Cohorts, Indicators: stands.Indicators, Targets: stands.Targets, Interventions: stands.Interventions, Sources: stands.Sources, Cities: stands.Cities[:2]}, true, false, `{"changes":[{"noun":"city","key":"on","action":"remove"}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan := Difference(stands, c.declared)
			if c.prune {
				plan = plan.Prune(func(Change) bool { return true })
			}
			if plan.Empty() != c.empty {
				t.Errorf("Empty() = %v", plan.Empty())
			}
			if got, err := json.Marshal(plan); err != nil || string(got) != c.json {
				t.Errorf("JSON = %s, %v, want %s", got, err, c.json)
			}
		})
	}
}

func TestPlanOfThousandsNamesTheFirstAndCountsTheRest(t *testing.T) {
	var stands, declared programme.Programme
	for i := range 1434 {
		declared.Cities = append(declared.Cities, programme.City{ID: fmt.Sprintf("city-%04d", i)})
	}
	stands.Cities = []programme.City{{ID: "city-1433", Name: "Old"}}
	lines := strings.Split(strings.TrimSpace(written(t, Difference(stands, declared))), "\n")
	want := []string{"to create: 1433 cities", "to change: 1 city", "", "~ city city-1433  name: Old -> none", "+ city city-0000"}
	if diff := cmp.Diff(want, lines[:5]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, want := lines[len(lines)-1], "… and 1234 more"; got != want || len(lines) != 3+mostLines+1 {
		t.Errorf("%d lines, the last %q, want %q", len(lines), got, want)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestPlanWriteReportsFailure(t *testing.T) {
	if err := (Plan{}).Write(full{}); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("error = %v", err)
	}
}
