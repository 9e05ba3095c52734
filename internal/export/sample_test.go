package export_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/export"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// recorded is an observation with where it stands in its history.
type recorded struct {
	programme.Observation
	revision int
	at       time.Time
}

// observations are of every frequency and status, with numbers that need all
// their digits or could be read in two ways.
func observations() []recorded {
	at := time.Date(2025, time.February, 3, 9, 30, 0, 123456000, time.FixedZone("EST", -5*60*60))
	march := programme.NewDate(2025, time.March, 15)
	observation := func(indicator string, f programme.Frequency, value float64, status programme.ObservationStatus) recorded {
		return recorded{
			Observation: programme.Observation{City: "riverton", Indicator: indicator, Period: programme.PeriodOf(f, march), Value: value, Status: status},
			revision:    1, at: at,
		}
	}
	// Decimals are exact as constants, but these are sums of what float64 holds.
	tenth, fifth := 0.1, 0.2
	all := []recorded{
		observation("daily", programme.Daily, 1.234, programme.Final),
		observation("weekly", programme.Weekly, tenth+fifth, programme.Provisional),
		observation("monthly", programme.Monthly, 1e-7, programme.Estimated),
		observation("quarterly", programme.Quarterly, 1e14, programme.Final),
		observation("annual", programme.Annual, -1234567.891, programme.Provisional),
		observation("withheld", programme.Monthly, 0, programme.Suppressed),
		observation("none", programme.Monthly, 0, programme.Final),
		observation("largest", programme.Monthly, -1e15, programme.Final),
	}
	all[1].revision, all[1].at = 12, time.Date(2025, time.April, 1, 0, 0, 0, 0, time.UTC)
	return all
}

func writeObservations(t testing.TB, format export.Format, all []recorded) []byte {
	t.Helper()
	return table(t, format, export.ObservationColumns, func(out *export.Table) error {
		for _, o := range all {
			if err := export.Observation(out, o.Observation, o.revision, o.at); err != nil {
				return err
			}
		}
		return nil
	})
}

// judgeable is a target with all that it is judged by.
type judgeable struct {
	of       programme.Indicator
	cohort   programme.Cohort
	resolved progress.Resolved
	series   []progress.Observed
	today    programme.Date
}

func judgeables(t testing.TB) []judgeable {
	t.Helper()
	year := programme.Cohort{ID: "2025", Starts: programme.NewDate(2025, time.January, 1), Ends: programme.NewDate(2025, time.December, 31)}
	// Quantities: the share of a count is a sum of products, which processors
	// round differently in the last place.
	robberies := programme.Indicator{
		City: "boston-ma", ID: "robberies", Kind: programme.Quantity, Frequency: programme.Monthly, Direction: programme.Decrease,
		Measure: programme.Total, DueDays: programme.DefaultDueDays,
	}
	homicides := robberies
	homicides.ID = "homicides"
	beds := robberies
	beds.ID, beds.Direction, beds.Measure = "beds", programme.Maintain, programme.Latest
	target := programme.Target{
		Baseline: programme.Baseline{Auto: true, Period: programme.Range{From: programme.Month(2024, time.January), To: programme.Month(2024, time.December)}},
		Goal:     programme.Goal{Value: -10, Form: programme.Percent},
	}
	var all []judgeable
	for _, c := range []struct {
		of     programme.Indicator
		target programme.Target
		series []progress.Observed
		today  programme.Date
	}{
		// The Real-Time Crime Index (AH Datalytics) has these of Boston.
		{robberies, target, months(61, 60, 65, 67, 74, 76, 79, 80, 75, 51, 79, 66, 46, 57, 55, 55, 86, 51, 68, 75, 81), programme.NewDate(2025, time.October, 14)},
		{homicides, target, months(0, 2, 0, 1), programme.NewDate(2025, time.January, 10)}, // its baseline is incomplete
		{beds, programme.Target{Band: &programme.Band{Low: 80, High: 95}}, nil, programme.NewDate(2025, time.April, 30)},
	} {
		resolved, faults := progress.Resolve(c.target, c.of, year, c.series)
		for _, f := range faults {
			if !f.Warning {
				t.Fatal(f)
			}
		}
		all = append(all, judgeable{c.of, year, resolved, c.series, c.today})
	}
	return all
}

func writeAssessments(t testing.TB, format export.Format) []byte {
	t.Helper()
	return table(t, format, export.AssessmentColumns, func(out *export.Table) error {
		for _, j := range judgeables(t) {
			if err := export.Assessments(out, j.of, j.cohort, j.resolved, j.series, j.today); err != nil {
				return err
			}
		}
		return nil
	})
}

// months are final values from January 2024 on.
func months(values ...float64) []progress.Observed {
	series := make([]progress.Observed, len(values))
	for n, v := range values {
		series[n] = progress.Observed{Period: programme.Month(2024, time.January).Plus(n), Value: v, Status: programme.Final}
	}
	return series
}

func table(t testing.TB, format export.Format, columns []string, write func(*export.Table) error) []byte {
	t.Helper()
	var text bytes.Buffer
	out, err := export.NewTable(&text, format, columns)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(out); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}
