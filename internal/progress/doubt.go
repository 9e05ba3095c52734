package progress

import (
	"math"

	"github.com/citygauge/citygauge/internal/programme"
)

// warn says what makes a resolved target a doubtful one: its baseline may be
// chance, or the way to it.
func (x *resolution) warn() {
	if !x.Baseline.Known || x.target.Baseline.Period.IsZero() {
		return
	}
	run := baselineRun(x.of, x.target.Baseline.Period)
	if run.N == 1 {
		x.doubt(baselinePeriodField, "choose a year before the cohort starts",
			"the baseline rests on one %s alone: an unusual one makes the target too easy or too hard", x.of.Frequency.Noun())
	}
	x.warnUnusual(run)
	x.warnWithinNoise()
}

// warnUnusual compares the baseline with the XmR limits of what was before it:
// an extreme value goes back by itself.
func (x *resolution) warnUnusual(run programme.Run) {
	// Before the run's first period, or before the one that a baseline without
	// a whole period ends in.
	earlier := until(sinceBreak(&x.of, x.series, x.BaselineEnd), run.First.Plus(-1))
	s := sampleOf(&x.of, earlier)
	if !s.enough() {
		return
	}
	b := x.Baseline.Number
	if run.N > 0 && (x.of.Measure == programme.Total || x.of.Measure == programme.Rolling) {
		b /= float64(run.N)
	}
	centre, width := s.mean(), limitFactor*s.movingRange()
	if math.Abs(b-centre) > width+slack(b, centre) {
		x.doubt(baselineField, "compare it with earlier years; an extreme value goes back by itself",
			"the baseline is unusual: %.4g per %s, when earlier values vary from %.4g to %.4g", b, x.of.Frequency.Noun(), centre-width, centre+width)
	}
}

// warnWithinNoise compares the way to the target with what the measure of a
// whole year varies by of itself.
func (x *resolution) warnWithinNoise() {
	if !x.Target.Known {
		return
	}
	series := sinceBreak(&x.of, x.series, x.window.First.Last())
	v := noise(&x.of, x.Resolved, series)
	if !v.Known {
		return
	}
	way, width := math.Abs(x.distance()), normal80*v.Number*x.yearFactor()
	if way != 0 && way <= width+slack(way, width) {
		x.doubt(targetField, "choose a more ambitious target, or an indicator with larger numbers",
			"the target is %.4g away from the baseline, but a year in which nothing changes varies by %.4g", way, width)
	}
}

// yearFactor is the standard deviation of the measure of a whole year, in those
// of one period.
func (x *resolution) yearFactor() float64 {
	year := float64(x.of.Frequency.PerYear())
	n := float64(x.window.N)
	switch x.of.Measure {
	case programme.Mean:
		return 1 / math.Sqrt(n)
	case programme.Total:
		return math.Sqrt(n)
	case programme.Rolling:
		return math.Sqrt(year)
	case programme.RollingMean:
		return 1 / math.Sqrt(year)
	}
	return 1
}
