package progress

import (
	"math"

	"github.com/citygauge/citygauge/internal/programme"
)

// The constants of the XmR chart (NHS, "Making data count"): noise is learnt
// from the newest values before the year; moving ranges from screenFactor times
// their mean on are taken for news, not noise; rangePerDeviation is what the
// mean range of two values of a normal distribution is of its standard
// deviation, and limitFactor is 3 over it.
const (
	noiseValues       = 24
	noiseLeast        = 12
	screenFactor      = 3.267
	rangePerDeviation = 1.128
	limitFactor       = 2.66
)

// normal80 has 80 % of a normal distribution within it on both sides of the
// middle, in standard deviations.
const normal80 = 1.2815515655446004

// sample is the values that noise is learnt from.
type sample struct {
	values [noiseValues]float64
	n      int
}

// sampleOf takes the newest judged values of a series.
func sampleOf(i *programme.Indicator, series []Observed) sample {
	var s sample
	for n := len(series) - 1; n >= 0 && s.n < noiseValues; n-- {
		if judged(i, series[n]) {
			s.values[s.n] = series[n].Value
			s.n++
		}
	}
	return s
}

func (s *sample) enough() bool { return s.n >= noiseLeast }

func (s *sample) mean() float64 { return mean(s.values[:s.n]) }

func (s *sample) movingRange() float64 { return movingRanges(s.values[:s.n]).mean }

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// ranges are the moving ranges of values in short: the absolute differences of
// neighbours, which are observed values next to each other, whether or not a
// period between them has none.
type ranges struct {
	first float64 // the mean of all
	mean  float64 // taken once more without the extreme ones
}

// movingRanges are those of two values or more.
func movingRanges(values []float64) ranges {
	first := meanDifference(values, math.Inf(1))
	r := ranges{first: first, mean: first}
	if first != 0 {
		r.mean = meanDifference(values, r.extreme())
	}
	return r
}

// extreme is where the extreme ranges begin.
func (r ranges) extreme() float64 {
	if r.first == 0 {
		return math.Inf(1)
	}
	return screenFactor * r.first * (1 - tolerance)
}

// meanDifference is the mean of the differences of neighbours below a limit,
// of which there are some.
func meanDifference(values []float64, limit float64) float64 {
	sum, n := 0.0, 0
	for j := 1; j < len(values); j++ {
		if d := moving(values, j); d < limit {
			sum += d
			n++
		}
	}
	return sum / float64(n)
}

// moving is the absolute difference of a value from the one before it.
func moving(values []float64, n int) float64 { return math.Abs(values[n] - values[n-1]) }

// NoiseBasis is v and what it was learnt from.
type NoiseBasis struct {
	Noise     Figure // v: the standard deviation of one period's value
	Values    int    // how many values were there up to the baseline's end, at most the newest 24; under 12 they are not enough
	AllRanges Figure // the mean moving range of the values; unknown where they are not enough, like what follows
	Ranges    Figure // m: the same without the extreme ranges
	Mean      Figure // of the values
	// PerPeriod is the baseline of one period, which the noise of a count is
	// learnt from where the values are not enough.
	PerPeriod Figure
}

// noise is v as [noiseBasis] has it.
func noise(i *programme.Indicator, r Resolved, series []Observed) Figure {
	return noiseBasis(i, r, series).Noise
}

// noiseBasis learns the noise of a period as it was up to the baseline's end, in
// the indicator's unit, by a series without breaks. A count varies at least as a
// Poisson variable does; with too little history that is all that is known of
// it, and of a quantity nothing.
func noiseBasis(i *programme.Indicator, r Resolved, series []Observed) NoiseBasis {
	s := sampleOf(i, until(series, programme.LastEndedBy(i.Frequency, r.BaselineEnd)))
	b := NoiseBasis{Values: s.n}
	if s.enough() {
		ranges, mean := movingRanges(s.values[:s.n]), s.mean()
		v := ranges.mean / rangePerDeviation
		if i.Kind == programme.Count {
			v = max(v, math.Sqrt(max(0, mean)))
		}
		b.AllRanges, b.Ranges, b.Mean, b.Noise = Known(ranges.first), Known(ranges.mean), Known(mean), Known(v)
		return b
	}
	if i.Kind != programme.Count || !r.Baseline.Known {
		return b
	}
	mean := max(0, r.Baseline.Number)
	if i.Measure == programme.Total || i.Measure == programme.Rolling {
		mean /= float64(r.Window(i.Frequency).N)
	}
	b.PerPeriod, b.Noise = Known(mean), Known(math.Sqrt(mean))
	return b
}

// measureNoise is q: the standard deviation of what the rest of the year may
// still do to a measure after k of n periods, k not 0.
func measureNoise(i *programme.Indicator, v float64, k, n int) float64 {
	observed, all := float64(k), float64(n)
	rest := all - observed
	switch i.Measure {
	case programme.Mean:
		return v * math.Sqrt(rest/(all*observed))
	case programme.Total:
		return v * math.Sqrt(all*rest/observed)
	case programme.Rolling:
		return v * math.Sqrt(observed*rest/all)
	case programme.RollingMean:
		return v * math.Sqrt(observed*rest/all) / float64(i.Frequency.PerYear())
	}
	return v
}
