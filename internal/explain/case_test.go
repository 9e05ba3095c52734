package explain_test

import (
	"math"
	"testing"

	"github.com/citygauge/citygauge/internal/explain"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

var gap = math.NaN()

// robberies are those of Boston from January 2024 on, a month each: Real-Time
// Crime Index (AH Datalytics).
var robberies = []float64{61, 60, 65, 67, 74, 76, 79, 80, 75, 51, 79, 66, 46, 57, 55, 55, 86, 51, 68, 75, 81, 77, 71, 39}

// question is what [explain.Steps] is asked.
type question struct {
	i      programme.Indicator
	c      programme.Cohort
	t      programme.Target
	first  string
	values []float64
	day    string
}

func (q question) series(t testing.TB) []progress.Observed {
	t.Helper()
	p, err := programme.ParsePeriod(q.first)
	if err != nil {
		t.Fatal(err)
	}
	var series []progress.Observed
	for n, v := range q.values {
		if !math.IsNaN(v) {
			series = append(series, progress.Observed{Period: p.Plus(n), Value: v, Status: programme.Final})
		}
	}
	return series
}

func (q question) explain(t testing.TB) explain.Explanation {
	t.Helper()
	day, err := programme.ParseDate(q.day)
	if err != nil {
		t.Fatal(err)
	}
	series := q.series(t)
	r, faults := progress.Resolve(q.t, q.i, q.c, series)
	for _, f := range faults {
		if !f.Warning {
			t.Fatalf("refused: %v", f)
		}
	}
	return explain.Steps(q.i, q.c, q.t, r, series, day)
}

// ask is a question about a monthly indicator that is to decrease in 2025, by
// 10 % from what 2024 was.
func ask(measure programme.Measure, kind programme.Kind, values []float64, day string) question {
	year := programme.Range{From: programme.PeriodOf(programme.Annual, programme.NewDate(2024, 1, 1))}
	year.To = year.From
	return question{
		i: programme.Indicator{
			City: "boston", ID: "robberies", Title: "Robberies", Unit: "incidents", Kind: kind, Frequency: programme.Monthly,
			Direction: programme.Decrease, Measure: measure, DueDays: programme.DefaultDueDays,
		},
		c:      programme.Cohort{ID: "2025", Starts: programme.NewDate(2025, 1, 1), Ends: programme.NewDate(2025, 12, 31)},
		t:      programme.Target{Baseline: programme.Baseline{Auto: true, Period: year}, Goal: programme.Goal{Value: -10, Form: programme.Percent}},
		first:  "2024-01",
		values: values,
		day:    day,
	}
}

func (q question) with(change func(*question)) question {
	change(&q)
	return q
}

// rates are three years of a share in per cent.
var rates = []float64{
	20.1, 20.4, 19.8, 20.6, 20.2, 19.9, 20.5, 20.3, 20, 20.7, 20.1, 20.4,
	20.2, 20.5, 19.9, 20.4, 20.1, 19.8, 20.6, 20.2, 20.1, 20.6, 20, 20.3,
	19.8, 19.9, 19.2, 19.4, 18.9, 18.6, 18.9, 18.3, 18.1, 18, 17.6, 17.5,
}

func unemployment(measure programme.Measure, day string) question {
	return ask(measure, programme.Quantity, rates, day).with(func(q *question) {
		q.i.ID, q.i.Title, q.i.Unit, q.i.Decimals = "unemployment", "Unemployment", "%", 1
		q.first = "2023-01"
	})
}

func stay(low, high float64) func(*question) {
	return func(q *question) {
		q.i.Direction = programme.Maintain
		q.t = programme.Target{Band: &programme.Band{Low: low, High: high}}
	}
}

// questions cover every measure, kind of trajectory and status.
var questions = []struct {
	name string
	question
	want progress.Status
}{
	{"total-with-season", ask(programme.Total, programme.Count, robberies[:21], "2025-10-14"), progress.TooClose},
	{"total-missed", ask(programme.Total, programme.Count, robberies, "2026-01-20"), progress.Missed},
	{"total-awaiting", ask(programme.Total, programme.Count, robberies[:23], "2026-01-20"), progress.Awaiting},
	{"total-early", ask(programme.Total, programme.Count, []float64{0, 60, 65, 67, 74, 76, 79, 80, 75, 51, 79, 66, 46}, "2025-02-01"), progress.Early},
	{"total-without-season", ask(programme.Total, programme.Count, robberies[:15], "2025-04-01").with(func(q *question) {
		q.t.Baseline = programme.Baseline{Value: 833, Period: q.t.Baseline.Period}
		q.values = robberies[6:15]
		q.first = "2024-07"
	}), progress.OnTrack},
	{"total-rare", ask(programme.Total, programme.Count, []float64{0, 1, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 1, 0}, "2025-04-20"), progress.TooClose},
	{"total-quantity", ask(programme.Total, programme.Quantity, robberies[:21], "2025-10-14"), progress.OnTrack},
	{"latest-linear", unemployment(programme.Latest, "2025-10-14"), progress.OnTrack},
	{"latest-compound", unemployment(programme.Latest, "2025-07-14").with(func(q *question) { q.t.Path = programme.Compound }), progress.OnTrack},
	{"latest-steps", unemployment(programme.Latest, "2025-07-14").with(func(q *question) {
		q.t.Path = programme.Steps
		q.t.Milestones = []programme.Milestone{{On: programme.NewDate(2025, 4, 30), Goal: programme.Goal{Value: 20, Form: programme.Absolute}}}
	}), progress.OnTrack},
	{"latest-early", unemployment(programme.Latest, "2025-01-14").with(func(q *question) {
		q.i.Frequency, q.first = programme.Weekly, "2024-W20"
		q.t.Baseline = programme.Baseline{Value: 20, Period: q.t.Baseline.Period}
	}), progress.Early},
	{"latest-met", unemployment(programme.Latest, "2026-01-20"), progress.Met},
	{"noise-unknown", unemployment(programme.Latest, "2025-10-14").with(func(q *question) {
		q.values, q.first = rates[15:33], "2024-04"
		q.t.Baseline = programme.Baseline{Value: 20, Period: q.t.Baseline.Period}
	}), progress.OnTrack},
	{"no-data", unemployment(programme.Latest, "2025-01-20").with(func(q *question) { q.values = rates[:24] }), progress.NoData},
	{"waiting-for-a-baseline", unemployment(programme.Mean, "2025-06-20").with(func(q *question) { q.values = append([]float64{gap}, rates[13:]...); q.first = "2024-01" }), progress.NoData},
	{"rolling", ask(programme.Rolling, programme.Count, robberies[:19], "2025-08-14"), progress.OnTrack},
	{"rolling-broken", ask(programme.Rolling, programme.Count, append(append([]float64{}, robberies[:14]...), gap, 55), "2025-05-14"), progress.NoData},
	{"rolling-mean", unemployment(programme.RollingMean, "2025-08-14"), progress.OffTrack},
	{"mean", unemployment(programme.Mean, "2025-08-14").with(func(q *question) { q.t.Goal = programme.Goal{Value: -1, Form: programme.Points} }), progress.OnTrack},
	{"maintain-inside", unemployment(programme.Latest, "2025-03-14").with(stay(19, 21)), progress.OnTrack},
	{"maintain-outside", unemployment(programme.Latest, "2025-12-14").with(stay(19, 21)), progress.OffTrack},
	{"keep-at-the-baseline", unemployment(programme.Latest, "2025-03-14").with(func(q *question) { q.t.Goal = programme.Goal{Value: 0, Form: programme.Points} }), progress.OnTrack},
	{"weekly-total", ask(programme.Total, programme.Quantity, weeks(), "2021-01-20").with(func(q *question) {
		q.i.Frequency, q.first = programme.Weekly, "2019-W01"
		q.c = programme.Cohort{ID: "2020", Starts: programme.NewDate(2019, 12, 30), Ends: programme.NewDate(2021, 1, 3)}
		q.t.Baseline = programme.Baseline{Value: 780, Period: q.t.Baseline.Period}
		q.t.Baseline.Period.From = programme.PeriodOf(programme.Weekly, programme.NewDate(2018, 12, 24))
		q.t.Baseline.Period.To = programme.PeriodOf(programme.Weekly, programme.NewDate(2019, 12, 23))
	}), progress.Missed},
}

// weeks are 2019 and the 53 weeks of 2020.
func weeks() []float64 {
	values := make([]float64, 105)
	for n := range values {
		values[n] = 14 + float64(n%5)
	}
	return values
}
