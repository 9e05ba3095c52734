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

func (j judgement) predict() progress.Forecast {
	return progress.Predict(j.i, j.r, j.series, j.day)
}

func checkForecast(t *rapid.T) {
	j := drawJudgement(t, anyNumbers, programme.Kinds)
	f := j.predict()
	for name, figure := range map[string]progress.Figure{
		"projected": f.Projected, "lower": f.Lower, "upper": f.Upper, "probability": f.Probability,
	} {
		if math.IsNaN(figure.Number) || math.IsInf(figure.Number, 0) || !figure.Known && figure.Number != 0 {
			t.Fatalf("%s is %+v", name, figure)
		}
	}
	if f.Projected.Known != f.Lower.Known || f.Projected.Known != f.Upper.Known || f.Probability.Known && !f.Projected.Known {
		t.Fatalf("half a forecast: %+v", f)
	}
	if f.Lower.Number > f.Projected.Number || f.Projected.Number > f.Upper.Number {
		t.Fatalf("%v is not from %v to %v", f.Projected, f.Lower, f.Upper)
	}
	if f.Probability.Number < 0 || f.Probability.Number > 1 {
		t.Fatalf("the probability is %v", f.Probability)
	}
	if j.i.Kind == programme.Count && f.Lower.Number < 0 {
		t.Fatalf("a count may be %v", f.Lower)
	}
	if again := j.predict(); again != f {
		t.Fatalf("%+v became %+v", f, again)
	}
}

func TestAForecastIsPossible(t *testing.T) { rapid.Check(t, checkForecast) }

func FuzzPredict(f *testing.F) { f.Fuzz(rapid.MakeFuzz(checkForecast)) }

func TestAFinishedYearIsItsOwnForecast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJudgement(t, usualNumbers, programme.Kinds)
		j.day = j.r.End + 1
		a := j.assess()
		if a.Status != progress.Met && a.Status != progress.Missed {
			return // the year is not finished
		}
		want := progress.Forecast{Projected: a.Value, Lower: a.Value, Upper: a.Value, Probability: progress.Known(0)}
		if a.Status == progress.Met {
			want.Probability.Number = 1
		}
		if diff := cmp.Diff(want, j.predict()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestAHarderTargetIsNoMoreProbable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJudgement(t, usualNumbers, programme.Kinds)
		if j.r.Band != nil {
			return // a range has two ends
		}
		before := j.predict()
		harder := rapid.Float64Range(0, 500).Draw(t, "harder")
		if j.i.Direction == programme.Decrease {
			harder = -harder
		}
		j.r.Target.Number += harder
		if after := j.predict(); after.Probability.Number > before.Probability.Number+1e-9 {
			t.Fatalf("%v became %v", before.Probability, after.Probability)
		}
	})
}

func TestMirroredInputHasAMirroredForecast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJudgement(t, usualNumbers, []programme.Kind{programme.Quantity})
		want := j.predict()
		want.Projected.Number *= -1
		want.Lower.Number, want.Upper.Number = -want.Upper.Number, -want.Lower.Number
		j.scale(-1)
		switch j.i.Direction {
		case programme.Increase:
			j.i.Direction = programme.Decrease
		case programme.Decrease:
			j.i.Direction = programme.Increase
		}
		// Quantiles are sought to a millionth of the spread.
		if diff := cmp.Diff(want, j.predict(), cmpopts.EquateApprox(1e-4, 1e-2)); diff != "" {
			t.Fatal(diff)
		}
	})
}
