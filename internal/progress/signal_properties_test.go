package progress_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

func (j judgement) chart() progress.Chart { return progress.XmR(j.i, j.r, j.series, j.day) }

func TestAChartIsFinite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJudgement(t, anyNumbers, programme.Kinds)
		c := j.chart()
		figures := []progress.Figure{c.Centre, c.Lower, c.Upper, c.MeanRange}
		for _, p := range c.Points {
			figures = append(figures, p.MovingRange, progress.Figure{Number: p.Value})
		}
		for _, f := range figures {
			if math.IsNaN(f.Number) || math.IsInf(f.Number, 0) {
				t.Fatalf("%+v has a figure that is no number", c)
			}
		}
		if (len(c.Points) < 12) != (c.Signal == progress.TooShort) {
			t.Fatalf("signal of %d points is %q", len(c.Points), c.Signal)
		}
		if (c.Rule != "") != (c.Signal == progress.Improvement || c.Signal == progress.Concern) {
			t.Fatalf("signal is %q by rule %q", c.Signal, c.Rule)
		}
		if fast := progress.SignalOf(j.i, j.r, j.series, j.day); fast != c.Signal {
			t.Fatalf("signal is %s without the chart, %s with it", fast, c.Signal)
		}
		want := progress.ChartLimits{Centre: c.Centre, Lower: c.Lower, Upper: c.Upper, Seasonal: c.Seasonal, Rule: c.Rule, Up: c.Up}
		if fast := progress.ChartLimitsOf(j.i, j.r, j.series, j.day); fast != want {
			t.Fatalf("limits are %+v without the chart, %+v with it", fast, want)
		}
	})
}

func TestMirroredInputHasTheMirroredSignal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJudgement(t, usualNumbers, []programme.Kind{programme.Quantity})
		before := j.chart()
		j.scale(-1)
		switch j.i.Direction {
		case programme.Increase:
			j.i.Direction = programme.Decrease
		case programme.Decrease:
			j.i.Direction = programme.Increase
		}
		after := j.chart()
		if before.Signal != after.Signal || before.Rule != after.Rule || before.Rule != "" && before.Up == after.Up {
			t.Fatalf("%s by %q became %s by %q", before.Signal, before.Rule, after.Signal, after.Rule)
		}
	})
}

// TestAChartHasNoUnit measures in another unit, from another zero.
func TestAChartHasNoUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJudgement(t, usualNumbers, []programme.Kind{programme.Quantity})
		before := j.chart()
		factor := rapid.SampledFrom([]float64{1, 0.125, 1024}).Draw(t, "factor")
		shift := rapid.SampledFrom([]float64{0, 4096, -100}).Draw(t, "shift")
		j.scale(factor)
		for n := range j.series {
			j.series[n].Value += shift
		}
		after := j.chart()
		for n := range after.Points {
			after.Points[n].MovingRange.Number /= factor
		}
		ignored := []string{"Centre", "Lower", "Upper", "MeanRange", "Points"}
		if diff := cmp.Diff(before, after, cmpopts.IgnoreFields(progress.Chart{}, ignored...)); diff != "" {
			t.Fatal(diff)
		}
		points := cmpopts.IgnoreFields(progress.ChartPoint{}, "Value")
		periods := cmp.Comparer(func(p, q programme.Period) bool { return p == q })
		if diff := cmp.Diff(before.Points, after.Points, approximately, points, periods); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestAConstantHasNoSignal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJudgement(t, anyNumbers, programme.Kinds)
		v := anyNumbers.Draw(t, "value")
		for n := range j.series {
			j.series[n].Value = v
		}
		if c := j.chart(); c.Signal != progress.NoSignal && c.Signal != progress.TooShort {
			t.Fatalf("%s by %q", c.Signal, c.Rule)
		}
	})
}

func TestSignalAllocatesNothing(t *testing.T) {
	i, r, series, day := fiveYears(t)
	if n := testing.AllocsPerRun(10, func() { progress.SignalOf(i, r, series, day) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkSignalOf(b *testing.B) {
	i, r, series, day := fiveYears(b)
	b.ReportAllocs()
	for b.Loop() {
		if progress.SignalOf(i, r, series, day) == progress.TooShort {
			b.Fatal("too short")
		}
	}
}
