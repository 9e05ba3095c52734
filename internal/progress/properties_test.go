package progress_test

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// approximately compares numbers to 1e-9.
var approximately = cmpopts.EquateApprox(1e-9, 1e-9)

// judgement is what [progress.Assess] is asked.
type judgement struct {
	i      programme.Indicator
	r      progress.Resolved
	series []progress.Observed
	day    programme.Date
}

func (j judgement) assess() progress.Assessment {
	return progress.Assess(j.i, j.r, j.series, j.day)
}

// drawJudgement draws any legal judgement whose numbers come from a generator;
// counts are made of their whole, positive parts.
func drawJudgement(t *rapid.T, numbers *rapid.Generator[float64], kinds []programme.Kind) judgement {
	i := programme.Indicator{
		Kind:             rapid.SampledFrom(kinds).Draw(t, "kind"),
		Decimals:         rapid.IntRange(0, 12).Draw(t, "decimals"),
		Frequency:        rapid.SampledFrom(programme.Frequencies()).Draw(t, "frequency"),
		Direction:        rapid.SampledFrom(programme.Directions).Draw(t, "direction"),
		Measure:          rapid.SampledFrom(programme.Measures).Draw(t, "measure"),
		DueDays:          rapid.IntRange(0, 60).Draw(t, "due days"),
		JudgeProvisional: rapid.Bool().Draw(t, "judge provisional"),
	}
	if i.Kind == programme.Count {
		numbers = rapid.Map(numbers, func(v float64) float64 { return math.Floor(math.Abs(v)) })
	}
	first := programme.PeriodOf(i.Frequency, programme.NewDate(2024, 2, 29))
	n := rapid.SampledFrom([]int{12, 13, 4, 26, 6, 3, 2, 1}).Draw(t, "periods")
	start := first.First() - 1
	r := progress.Resolved{
		BaselineEnd: start.AddDays(-rapid.IntRange(0, 40).Draw(t, "days from baseline to start")),
		Start:       start,
		End:         first.Plus(n - 1).Last().AddDays(rapid.IntRange(0, 3).Draw(t, "days after the last period")),
		Trajectory:  rapid.SampledFrom(programme.Trajectories).Draw(t, "trajectory"),
	}
	drawTarget(t, i, &r, numbers)
	if rapid.IntRange(0, 3).Draw(t, "breaks") == 0 {
		i.Breaks = []programme.Date{start.AddDays(rapid.IntRange(-400, 400).Draw(t, "break"))}
	}
	history := rapid.SampledFrom([]int{60, 400, 30, 12, 11, 5, 0}).Draw(t, "history")
	return judgement{
		i: i, r: r,
		series: drawSeries(t, first.Plus(-history), history+n+2, numbers),
		day:    drawDay(t, r),
	}
}

// drawDay draws a day around the start, the middle or the end of the year:
// plain ranges favour their beginning.
func drawDay(t *rapid.T, r progress.Resolved) programme.Date {
	length := r.End.Sub(r.Start)
	from := rapid.SampledFrom([]int{length / 2, length, length * 3 / 4, length / 4, 0}).Draw(t, "around")
	return r.Start.AddDays(from + rapid.IntRange(-5, 100).Draw(t, "day"))
}

func drawTarget(t *rapid.T, i programme.Indicator, r *progress.Resolved, numbers *rapid.Generator[float64]) {
	low, high := numbers.Draw(t, "low"), numbers.Draw(t, "high")
	if low > high {
		low, high = high, low
	}
	switch i.Direction {
	case programme.Maintain:
		r.Band = &programme.Band{Low: low, High: high}
		return
	case programme.Increase:
		r.Baseline, r.Target = progress.Known(low), progress.Known(high)
	default:
		r.Baseline, r.Target = progress.Known(high), progress.Known(low)
	}
	if r.Trajectory == programme.Compound && (low == 0 || high == 0 || (low < 0) != (high < 0)) {
		r.Trajectory = programme.Linear
	}
	if r.Trajectory == programme.Steps {
		middle := r.Start + (r.End-r.Start)/2
		r.Milestones = []progress.Milestone{{On: middle, Value: numbers.Draw(t, "milestone")}}
	}
}

// drawSeries repeats a few values, statuses and gaps, so that long series are
// cheap to draw.
func drawSeries(t *rapid.T, from programme.Period, n int, numbers *rapid.Generator[float64]) []progress.Observed {
	values := rapid.SliceOfN(numbers, 1, 40).Draw(t, "values")
	states := rapid.SliceOfN(rapid.SampledFrom([]programme.ObservationStatus{
		programme.Final, programme.Final, programme.Final, programme.Final, programme.Final, programme.Final,
		programme.Provisional, programme.Estimated, programme.Suppressed, "",
	}), 1, 40).Draw(t, "statuses")
	if rapid.Bool().Draw(t, "all final") {
		states = []programme.ObservationStatus{programme.Final}
	}
	var series []progress.Observed
	for j := range n {
		o := progress.Observed{Period: from.Plus(j), Value: values[j%len(values)], Status: states[j%len(states)]}
		switch o.Status {
		case "":
			continue
		case programme.Suppressed:
			o.Value = 0
		}
		series = append(series, o)
	}
	return series
}

var (
	anyNumbers = rapid.OneOf(
		rapid.SampledFrom([]float64{0, 1, -1, 1e15, -1e15, 1e-300, math.SmallestNonzeroFloat64, 1e-9}),
		rapid.Float64Range(-programme.Largest, programme.Largest),
		rapid.Map(rapid.IntRange(-50, 1000), func(n int) float64 { return float64(n) }),
	)
	usualNumbers = rapid.Map(rapid.IntRange(-200, 4000), func(n int) float64 { return float64(n) / 4 })
)

func checkFinite(t *rapid.T) {
	j := drawJudgement(t, anyNumbers, programme.Kinds)
	a := j.assess()
	for _, v := range []reflect.Value{reflect.ValueOf(a), reflect.ValueOf(a.Need)} {
		for n := range v.NumField() {
			f, ok := reflect.TypeAssert[progress.Figure](v.Field(n))
			if ok && (math.IsNaN(f.Number) || math.IsInf(f.Number, 0) || !f.Known && f.Number != 0) {
				t.Fatalf("%s is %+v", v.Type().Field(n).Name, f)
			}
		}
	}
	if !slices.Contains(progress.Statuses(), a.Status) || !slices.Contains(progress.Freshnesses(), a.Freshness) {
		t.Fatalf("status is %q, freshness %q", a.Status, a.Freshness)
	}
	if text := a.Need.Sentence(j.i); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
		t.Fatalf("need is %q", text)
	}
	for _, m := range j.r.Path(j.i.Frequency) {
		if math.IsNaN(m.Value) || math.IsInf(m.Value, 0) {
			t.Fatalf("the path is at %v on %s", m.Value, m.On)
		}
	}
}

func TestNothingIsInfinite(t *testing.T) { rapid.Check(t, checkFinite) }

func FuzzAssess(f *testing.F) { f.Fuzz(rapid.MakeFuzz(checkFinite)) }

// newest is the place in the series of the newest observation that counts.
func (j judgement) newest() (int, bool) {
	a := j.assess()
	return slices.BinarySearchFunc(j.series, a.AsOf, func(o progress.Observed, d programme.Date) int {
		return o.Period.Last().Sub(d)
	})
}

func TestAWorseValueHasNoBetterStatus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJudgement(t, usualNumbers, programme.Kinds)
		n, found := j.newest()
		if !found {
			return // nothing is observed
		}
		before := j.assess()
		change := rapid.Map(rapid.IntRange(1, 4000), func(n int) float64 { return float64(n) }).Draw(t, "change")
		if j.i.Direction == programme.Increase || j.r.Band != nil && before.Value.Number < j.r.Band.Low {
			change = -change
		}
		if j.i.Kind == programme.Count && j.series[n].Value+change < 0 {
			return // a count is not negative
		}
		if j.r.Window(j.i.Frequency).N > j.i.Frequency.PerYear() {
			return // the newest value belongs to the year before another
		}
		j.series[n].Value += change
		after := j.assess()
		order := progress.Statuses()
		if slices.Index(order, after.Status) < slices.Index(order, before.Status) {
			t.Fatalf("%s (M %s) became %s (M %s)", before.Status, before.Value, after.Status, after.Value)
		}
	})
}

func TestMirroredInputHasMirroredStatus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJudgement(t, usualNumbers, []programme.Kind{programme.Quantity})
		before := j.assess()
		j.scale(-1)
		switch j.i.Direction {
		case programme.Increase:
			j.i.Direction = programme.Decrease
		case programme.Decrease:
			j.i.Direction = programme.Increase
		}
		after := j.assess()
		if before.Status != after.Status {
			t.Fatalf("%s became %s", before.Status, after.Status)
		}
		if diff := cmp.Diff(before.Pace, after.Pace, approximately); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestTheUnitOfAQuantityDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJudgement(t, usualNumbers, []programme.Kind{programme.Quantity})
		if j.r.Baseline.Known && j.r.Baseline == j.r.Target {
			return // what is near a single value depends on its decimals
		}
		before := j.assess()
		j.scale(rapid.SampledFrom([]float64{1e-6, 0.1, 3, 1000, 1e9}).Draw(t, "factor"))
		if after := j.assess(); before.Status != after.Status {
			t.Fatalf("%s became %s", before.Status, after.Status)
		}
	})
}

// scale measures everything in another unit.
func (j *judgement) scale(factor float64) {
	for n := range j.series {
		j.series[n].Value *= factor
	}
	for n := range j.r.Milestones {
		j.r.Milestones[n].Value *= factor
	}
	j.r.Baseline.Number *= factor
	j.r.Target.Number *= factor
	if b := j.r.Band; b != nil {
		low, high := b.Low*factor, b.High*factor
		j.r.Band = &programme.Band{Low: min(low, high), High: max(low, high)}
	}
}

func TestAnEmptyDayChangesFreshnessAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJudgement(t, usualNumbers, programme.Kinds)
		before := j.assess()
		j.day++
		if j.day == j.r.End+1 {
			return // the day of the verdict
		}
		for _, o := range j.series {
			if o.Period.Last() == j.day {
				return // the day is not empty
			}
		}
		after := j.assess()
		ignored := []string{"Day", "Freshness"}
		if before.Freshness != after.Freshness {
			if after.Freshness == progress.Fresh {
				t.Fatalf("%s became fresh", before.Freshness)
			}
			ignored = append(ignored, "Status", "AtTarget")
			if after.Freshness == progress.Missing && after.Status != progress.Awaiting && after.Status != progress.NoData {
				t.Fatalf("data are missing, but the status is %s", after.Status)
			}
		}
		if diff := cmp.Diff(before, after, cmpopts.IgnoreFields(progress.Assessment{}, ignored...)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestEveryTargetIsResolvedOrRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJudgement(t, anyNumbers, programme.Kinds)
		if j.i.Direction == programme.Maintain {
			return // a range has nothing to resolve
		}
		target := programme.Target{
			Baseline: programme.Baseline{
				Auto: rapid.Bool().Draw(t, "auto"), Value: anyNumbers.Draw(t, "baseline"),
				Period: programme.Range{From: programme.PeriodOf(programme.Annual, j.r.Start), To: programme.PeriodOf(programme.Annual, j.r.Start)},
			},
			Goal: programme.Goal{
				Value: anyNumbers.Draw(t, "goal"),
				Form:  rapid.SampledFrom([]programme.GoalForm{programme.Absolute, programme.Percent, programme.Points}).Draw(t, "form"),
			},
			Path: j.r.Trajectory,
		}
		cohort := programme.Cohort{Starts: j.r.Start + 1, Ends: j.r.End.AddDays(800)}
		r, faults := progress.Resolve(target, j.i, cohort, j.series)
		refused := slices.ContainsFunc(faults, func(f programme.Fault) bool { return !f.Warning })
		waiting := target.Baseline.Auto && !r.Baseline.Known
		// A part of nothing that was measured is warned of.
		undefined := target.Baseline.Auto && r.Baseline.Number <= 0 && target.Goal.Form == programme.Percent && len(faults) > 0
		if !r.Ready() && !refused && !waiting && !undefined {
			t.Fatalf("%+v is neither resolved nor refused", r)
		}
		if r.Ready() && (!programme.Finite(r.Baseline.Number) || !programme.Finite(r.Target.Number)) {
			t.Fatalf("%+v cannot be judged", r)
		}
	})
}
