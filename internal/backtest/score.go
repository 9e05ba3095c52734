package backtest

import "math"

// Score is how good forecasts were on average. Errors and interval scores are
// in hundredths of what was usual the year before, so that small and large cities count
// alike; the raw ones are in the indicators' own units.
type Score struct {
	N        int
	Coverage float64 // share of the outcomes within the 80 % interval

	Error, ErrorSoFar, ErrorLastYear          float64
	RawError, RawErrorSoFar, RawErrorLastYear float64

	Interval, IntervalIndependent       float64
	RawInterval, RawIntervalIndependent float64
	CoverageIndependent                 float64

	Brier         float64 // of the probability that the target is met
	BrierConstant float64 // of the share of targets that were met, for all
	metShare      float64
}

// ScoreOf is the score of the cases that a choice takes.
func ScoreOf(cases []Case, choose func(Case) bool) Score {
	var s Score
	for _, c := range cases {
		if choose(c) {
			s.add(c)
		}
	}
	if s.N == 0 {
		return s
	}
	n := float64(s.N)
	for _, sum := range []*float64{
		&s.Coverage, &s.Error, &s.ErrorSoFar, &s.ErrorLastYear, &s.RawError, &s.RawErrorSoFar, &s.RawErrorLastYear,
		&s.Interval, &s.IntervalIndependent, &s.RawInterval, &s.RawIntervalIndependent, &s.CoverageIndependent,
		&s.Brier, &s.metShare,
	} {
		*sum /= n
	}
	s.BrierConstant = s.metShare * (1 - s.metShare)
	return s
}

const hundred = 100

func (s *Score) add(c Case) {
	s.N++
	f := c.Forecast
	lower, upper := f.Lower.Number, f.Upper.Number
	s.Coverage += within(c, lower, upper)
	s.CoverageIndependent += within(c, c.SoFar-c.HalfWidth, c.SoFar+c.HalfWidth)
	scaled := hundred / c.Scale
	for _, e := range []struct {
		of          float64
		sum, rawSum *float64
	}{
		{math.Abs(f.Projected.Number - c.Outcome), &s.Error, &s.RawError},
		{math.Abs(c.SoFar - c.Outcome), &s.ErrorSoFar, &s.RawErrorSoFar},
		{math.Abs(c.LastYear - c.Outcome), &s.ErrorLastYear, &s.RawErrorLastYear},
		{intervalScore(c.Outcome, lower, upper), &s.Interval, &s.RawInterval},
		{intervalScore(c.Outcome, c.SoFar-c.HalfWidth, c.SoFar+c.HalfWidth), &s.IntervalIndependent, &s.RawIntervalIndependent},
	} {
		*e.sum += e.of * scaled
		*e.rawSum += e.of
	}
	met := 0.0
	if c.Met {
		met = 1
	}
	s.metShare += met
	s.Brier += (f.Probability.Number - met) * (f.Probability.Number - met)
}

func within(c Case, lower, upper float64) float64 {
	slack := 1e-9 * math.Abs(c.Outcome)
	if lower-slack <= c.Outcome && c.Outcome <= upper+slack {
		return 1
	}
	return 0
}

// intervalScore is that of Gneiting and Raftery (2007) for an 80 % interval:
// its width, and ten times what the outcome is outside of it.
func intervalScore(outcome, lower, upper float64) float64 {
	const penalty = 2 / 0.2
	return upper - lower + penalty*(max(0, lower-outcome)+max(0, outcome-upper))
}
