package progress_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// repeat is years of the same months.
func repeat(years int, months ...float64) []float64 {
	var all []float64
	for range years {
		all = append(all, months...)
	}
	return all
}

func TestPredict(t *testing.T) {
	none := progress.Forecast{}
	sure := func(v, probability float64) progress.Forecast {
		k := progress.Known(v)
		return progress.Forecast{Projected: k, Lower: k, Upper: k, Probability: progress.Known(probability)}
	}
	for _, tt := range []struct {
		name    string
		measure programme.Measure
		series  []progress.Observed
		breaks  string
		day     string
		b, t    float64
		want    progress.Forecast
	}{
		{"three values are too few", programme.Mean, final(t, "2025-01", 5, 5, 5), "", "2025-06-30", 6, 5, none},
		{"four are enough", programme.Mean, final(t, "2025-01", 5, 5, 5, 5), "", "2025-06-30", 6, 5, sure(5, 1)},
		{"later values are not looked at", programme.Mean, final(t, "2025-01", 5, 5, 5, 5, 9, 9), "", "2025-04-30", 6, 5, sure(5, 1)},
		{"before the year", programme.Mean, final(t, "2024-01", constant(5, 12)...), "", "2024-12-31", 6, 4, sure(5, 0)},
		{"a gap in the year is forecast too", programme.Total, final(t, "2025-01", 5, 5, gap, 5, 5), "", "2025-06-30", 70, 60, sure(60, 1)},
		{"a break in the year", programme.Mean, final(t, "2025-01", constant(5, 6)...), "2025-03-01", "2025-06-30", 6, 5, none},
		{"an announced break", programme.Mean, final(t, "2025-01", constant(5, 6)...), "2025-09-01", "2025-06-30", 6, 5, none},
		{"values before a break", programme.Mean, final(t, "2024-01", append(constant(9, 12), 5, 5, 5)...), "2025-01-01", "2025-03-31", 6, 5, none},
		{"and enough after it", programme.Mean, final(t, "2024-01", append(constant(9, 12), 5, 5, 5, 5)...), "2025-01-01", "2025-04-30", 6, 5, sure(5, 1)},
		{"the year is over", programme.Mean, final(t, "2025-01", constant(5, 12)...), "", "2026-01-01", 6, 5, sure(5, 1)},
		{"and wholly observed, if early", programme.Mean, final(t, "2025-01", constant(5, 12)...), "", "2025-12-31", 6, 4, sure(5, 0)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			i := indicator(tt.measure)
			if tt.breaks != "" {
				i.Breaks = []programme.Date{date(t, tt.breaks)}
			}
			got := progress.Predict(i, cohort2025(t, tt.measure, tt.b, tt.t), tt.series, date(t, tt.day))
			if diff := cmp.Diff(tt.want, got, cmpopts.EquateApprox(1e-6, 0)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestPredictSeason is about a year that repeats itself: 1,200 in all, 75 in
// December.
func TestPredictSeason(t *testing.T) {
	season := []float64{80, 70, 85, 95, 110, 125, 135, 130, 115, 95, 85, 75}
	for _, tt := range []struct {
		measure programme.Measure
		b, t    float64
		want    float64
	}{
		{programme.Latest, 80, 70, 75},
		{programme.Mean, 110, 99, 100},
		{programme.Total, 1300, 1190, 1200},
		{programme.Rolling, 1300, 1190, 1200},
		{programme.RollingMean, 110, 99, 100},
	} {
		for _, kind := range programme.Kinds {
			t.Run(string(tt.measure)+" "+string(kind), func(t *testing.T) {
				i := indicator(tt.measure)
				i.Kind = kind
				series := final(t, "2022-01", append(repeat(3, season...), 80, 70)...)
				f := progress.Predict(i, cohort2025(t, tt.measure, tt.b, tt.t), series, date(t, "2025-03-01"))
				if math.Abs(f.Projected.Number-tt.want) > 0.1*tt.want {
					t.Errorf("projected is %v, want about %v", f.Projected, tt.want)
				}
				if f.Lower.Number >= tt.want || f.Upper.Number <= tt.want || f.Probability.Number < 0.01 || f.Probability.Number > 0.8 {
					t.Errorf("%+v is surer than eight months ahead can be", f)
				}
			})
		}
	}
}

func TestPredictRollingYearBeforeItsWindow(t *testing.T) {
	i := indicator(programme.Rolling)
	r := cohort2025(t, i.Measure, 60, 50)
	r.End = date(t, "2025-06-30") // the year up to then begins before W
	day := date(t, "2025-04-30")
	if f := progress.Predict(i, r, final(t, "2024-07", constant(5, 10)...), day); f.Projected.Number != 60 {
		t.Errorf("projected is %v, want 60", f.Projected)
	}
	gapped := final(t, "2024-07", append([]float64{5, gap}, constant(5, 8)...)...)
	if f := progress.Predict(i, r, gapped, day); f != (progress.Forecast{}) {
		t.Errorf("%+v of a year that will not be complete", f)
	}
}

func TestPredictCounts(t *testing.T) {
	i := indicator(programme.Total)
	i.Kind = programme.Count
	forecast := func(lower, projected, upper, probability float64) progress.Forecast {
		return progress.Forecast{
			Projected: progress.Known(projected), Lower: progress.Known(lower), Upper: progress.Known(upper),
			Probability: progress.Known(probability),
		}
	}
	for _, tt := range []struct {
		name   string
		series []progress.Observed
		b, t   float64
		want   progress.Forecast
	}{
		// Boston's came to 761.
		{"robberies after nine months", final(t, "2024-01", robberies[:21]...), 833, 749.7, forecast(732, 764, 801, 0.2915)},
		{"none seen yet", final(t, "2024-01", constant(0, 21)...), 2, 1, forecast(0, 0, 0, 0.9865)},
		{
			"begun this year", final(t, "2024-01", append(constant(0, 12), constant(9, 9)...)...),
			0, 120, forecast(91, 98, 109, 0.9895),
		},
		{
			"more than the target already", final(t, "2024-01", append(constant(10, 12), constant(20, 9)...)...),
			120, 100, forecast(227, 236, 247, 0),
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := progress.Predict(i, cohort2025(t, programme.Total, tt.b, tt.t), tt.series, date(t, "2025-09-30"))
			if diff := cmp.Diff(tt.want, got, cmpopts.EquateApprox(0, 1e-4)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
