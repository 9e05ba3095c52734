package export

import (
	"fmt"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// ObservationColumns are the columns of exported observations.
var ObservationColumns = []string{"city", "indicator", "period", "value", "status", "revision", "recorded_at"}

// Observation writes an observation as a row of [ObservationColumns]. A
// suppressed one has no value in JSON; in CSV its value is [c], which an import
// understands.
func Observation(t *Table, o programme.Observation, revision int, recordedAt time.Time) error {
	var value cell = progress.Known(o.Value)
	if o.Status == programme.Suppressed {
		value = suppressed{}
	}
	return t.Row(words(o.City), words(o.Indicator), words(o.Period.String()), value, words(o.Status), whole(revision),
		words(recordedAt.UTC().Format(time.RFC3339Nano)))
}

type suppressed struct{}

func (suppressed) String() string               { return "[c]" }
func (suppressed) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// AssessmentColumns are the columns of exported assessments.
var AssessmentColumns = []string{
	"city", "indicator", "cohort", "day", "value", "baseline", "target", "expected", "progress", "expected_progress",
	"pace", "pace_lower", "pace_upper", "noise", "status", "freshness", "signal", "projected", "projected_lower", "projected_upper",
	"target_probability",
}

// Assessments writes a target's assessments as rows of [AssessmentColumns]: one
// for each period end of its year up to today, and one for today.
func Assessments(t *Table, i programme.Indicator, c programme.Cohort, r progress.Resolved, series []progress.Observed, today programme.Date) error {
	for a := range progress.AssessYear(i, r, series, today) {
		a.Forecast = progress.Predict(i, r, series, a.Day)
		if err := assessment(t, progress.Judgement{City: i.City, Indicator: i.ID, Cohort: c.ID, Assessment: a}); err != nil {
			return fmt.Errorf("write the assessments of %s: %w", i.Key(), err)
		}
	}
	return nil
}

func assessment(t *Table, a progress.Judgement) error {
	f := a.Forecast
	return t.Row(words(a.City), words(a.Indicator), words(a.Cohort), words(a.Day.String()), a.Value, a.Baseline, a.Target, a.Expected,
		a.Progress, a.ExpectedProgress, a.Pace, a.PaceLower, a.PaceUpper, a.Noise, words(a.Status), words(a.Freshness), words(a.Signal),
		f.Projected, f.Lower, f.Upper, f.Probability)
}
