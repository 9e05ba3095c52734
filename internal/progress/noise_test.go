package progress_test

import (
	"math"
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// zigzag alternates between two values.
func zigzag(low, high float64, n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = low
		if i%2 == 1 {
			values[i] = high
		}
	}
	return values
}

func TestNoise(t *testing.T) {
	outlier := zigzag(10, 12, 24)
	outlier[12] = 100
	for _, c := range []struct {
		name    string
		measure programme.Measure
		kind    programme.Kind
		history []float64 // up to December 2024
		breaks  string
		want    float64
	}{
		{"mean moving range", programme.Latest, programme.Quantity, zigzag(10, 12, 24), "", 2 / 1.128},
		{"twelve are enough", programme.Latest, programme.Quantity, zigzag(10, 12, 12), "", 2 / 1.128},
		{"eleven are not", programme.Latest, programme.Quantity, zigzag(10, 12, 11), "", unknown},
		{"only the newest 24 count", programme.Latest, programme.Quantity, append(zigzag(0, 1000, 24), zigzag(10, 12, 24)...), "", 2 / 1.128},
		{"an extreme month is screened", programme.Latest, programme.Quantity, outlier, "", 2 / 1.128},
		{"no noise at all", programme.Latest, programme.Quantity, constant(10, 24), "", 0},
		{"neighbours on both sides of a gap", programme.Latest, programme.Quantity, append(append(zigzag(10, 12, 12), gap), zigzag(10, 12, 12)...), "", 2 / 1.128},
		{"a count varies at least by chance", programme.Latest, programme.Count, constant(16, 24), "", 4},
		{"a count that varies more", programme.Latest, programme.Count, zigzag(0, 40, 24), "", 40 / 1.128},
		{"values before a break do not count", programme.Latest, programme.Quantity, zigzag(10, 12, 24), "2024-02-01", unknown},
		{"a count without history", programme.Latest, programme.Count, nil, "", math.Sqrt(48)},
		{"a mean of counts without history", programme.Mean, programme.Count, nil, "", math.Sqrt(48)},
		{"a total of counts without history", programme.Total, programme.Count, nil, "", 2},
		{"a rolling year of counts without history", programme.Rolling, programme.Count, nil, "", 2},
		{"a rolling mean of counts without history", programme.RollingMean, programme.Count, nil, "", math.Sqrt(48)},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := indicator(c.measure)
			i.Kind = c.kind
			if c.breaks != "" {
				i.Breaks = []programme.Date{date(t, c.breaks)}
			}
			first := period(t, "2025-01").Plus(-len(c.history)).String()
			series := append(final(t, first, c.history...), final(t, "2025-01", 1)...)
			a := progress.Assess(i, cohort2025(t, c.measure, 48, 40), series, date(t, "2025-02-01"))
			wantFigure(t, "v", a.Noise, c.want)
		})
	}
}

func TestHalfWidth(t *testing.T) {
	const v, h = 2 / 1.128, 1.2815515655446004
	history := zigzag(10, 12, 24)
	for _, c := range []struct {
		measure programme.Measure
		q       float64 // after 3 of 12
	}{
		{programme.Latest, v},
		{programme.Mean, v * math.Sqrt(9./36)},
		{programme.Total, v * 6},
		{programme.Rolling, v * 1.5},
		{programme.RollingMean, v * 1.5 / 12},
	} {
		t.Run(string(c.measure), func(t *testing.T) {
			i := indicator(c.measure)
			r := cohort2025(t, c.measure, 20, 10)
			r.Trajectory = programme.Level
			series := append(final(t, "2023-01", history...), final(t, "2025-01", 11, 11, 11)...)
			a := progress.Assess(i, r, series, date(t, "2025-03-31"))
			wantFigure(t, "h", a.HalfWidth, h*c.q/10)
			wantFigure(t, "lower pace", a.PaceLower, a.Pace.Number-h*c.q/10)
			wantFigure(t, "upper pace", a.PaceUpper, a.Pace.Number+h*c.q/10)
		})
	}
	t.Run("without noise", func(t *testing.T) {
		i := indicator(programme.Latest)
		a := progress.Assess(i, cohort2025(t, i.Measure, 20, 10), final(t, "2025-01", 19), date(t, "2025-02-01"))
		wantFigure(t, "v", a.Noise, unknown)
		wantFigure(t, "h", a.HalfWidth, 0)
		wantFigure(t, "lower pace", a.PaceLower, a.Pace.Number)
	})
}
