package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/progress"
)

func TestExplanationAsJSON(t *testing.T) {
	var out, talk strings.Builder
	args := []string{"explain", sampleDatabase(t), "--today=2025-04-10", "--json", "aldermoor", "thefts"}
	if status := run(t.Context(), args, streams{strings.NewReader(""), &out, &talk}); status != exitDone || talk.Len() > 0 {
		t.Fatalf("exit status %d:\n%s%s", status, &out, &talk)
	}
	var explanation struct {
		City, Indicator, Cohort string
		Status                  progress.Status
		Steps                   []struct {
			Name   string
			Inputs map[string]float64
			Result *float64
		}
	}
	if err := json.Unmarshal([]byte(out.String()), &explanation); err != nil {
		t.Fatalf("%v in\n%s", err, &out)
	}
	if e := explanation; e.City != "aldermoor" || e.Indicator != "thefts" || e.Cohort != "2025" || e.Status != progress.OnTrack {
		t.Errorf("it explains another target, or another status:\n%s", &out)
	}
	if len(explanation.Steps) == 0 {
		t.Fatalf("no steps in\n%s", &out)
	}
	first := explanation.Steps[0]
	if first.Name != "baseline" || first.Inputs["2024-Q3"] != 120 || first.Result == nil || *first.Result != 440 {
		t.Errorf("the first step is not the baseline of 440 with its quarters: %+v", first)
	}
	if strings.Contains(out.String(), `\u003c`) {
		t.Errorf("it is escaped as if for a web page:\n%s", &out)
	}
}
