package progress

import (
	"math"

	"github.com/citygauge/citygauge/internal/programme"
)

// Forecast is what the measure will be at the end of the year. The zero value
// is none: there are too few values, a break splits the year, or what the
// measure rests on can no longer be complete.
type Forecast struct {
	Projected    Figure // M at t1, in the indicator's unit
	Lower, Upper Figure // of the 80 % prediction interval; for sums of counts whole
	Probability  Figure // that the target is met; unknown where it is not [Resolved.Ready]
}

// forecastLeast is the number of values without which there is no forecast.
const forecastLeast = 4

// Predict forecasts a target's measure at the end of its year, by what of its
// indicator's series is judged as of a day, as [Assess] takes them. Once the
// year is wholly observed the forecast is the outcome. The method, and how well
// its intervals hold, is in the README of this package.
func Predict(i programme.Indicator, r Resolved, series []Observed, day programme.Date) Forecast {
	y := yearBy(&i, r, series, min(day, r.End))
	switch {
	case y.complete():
		return outcome(i, r, series)
	case y.split(r.End):
		return Forecast{}
	}
	// Before anything of the year is observed, its first period's definition is
	// the one that counts.
	y.series = sinceBreak(&i, y.series, y.run.First.Last())
	aim, ok := y.aim()
	if !ok {
		return Forecast{}
	}
	var room [historyRoom]Figure
	h := y.history(room[:0])
	if h.n < forecastLeast {
		return Forecast{}
	}
	rest := h.predict(aim)
	middle := rest.quantile(half)
	f := Forecast{
		Projected: Known(aim.value(middle)),
		// Each is found by itself, to a small part of the spread.
		Lower: Known(aim.value(min(rest.quantile(oneTenth), middle))),
		Upper: Known(aim.value(max(rest.quantile(1-oneTenth), middle))),
	}
	if r.Ready() {
		f.Probability = Known(aim.probability(&rest, aimedAt(i, r)))
	}
	return f
}

// The parts of what may come that are below an 80 % interval and below its
// middle.
const oneTenth, half = 0.1, 0.5

// outcome is the forecast of a year that is wholly observed.
func outcome(i programme.Indicator, r Resolved, series []Observed) Forecast {
	verdict := Assess(i, r, series, r.End+1)
	f := Forecast{Projected: verdict.Value, Lower: verdict.Value, Upper: verdict.Value}
	switch verdict.Status {
	case Met:
		f.Probability = Known(1)
	case Missed:
		f.Probability = Known(0)
	}
	return f
}

// aimedAt is where the measure meets the target: its range, or all from the
// target on in the indicator's direction.
func aimedAt(i programme.Indicator, r Resolved) keep {
	k := keep{low: math.Inf(-1), high: math.Inf(1)}
	switch {
	case r.Band != nil:
		k.low, k.high = r.Band.Low, r.Band.High
	case i.Direction == programme.Increase:
		k.low = r.Target.Number
	default:
		k.high = r.Target.Number
	}
	return k
}

// aim is what the measure at t1 consists of: the sum of what is observed and of
// what is still awaited, divided by a number of periods.
type aim struct {
	known   float64
	awaited programme.Run // those of its periods that are observed are in known
	parts   float64
}

// aim is false where the measure can no longer become complete.
func (y *year) aim() (aim, bool) {
	switch y.i.Measure {
	case programme.Latest:
		return aim{awaited: programme.Run{First: y.run.Last(), N: 1}, parts: 1}, true
	case programme.Mean:
		return aim{y.sum, y.run, float64(y.run.N)}, true
	case programme.Rolling, programme.RollingMean:
		run := yearUpTo(y.run.Last())
		sum, rest := y.observed(run)
		if rest == 0 {
			return aim{}, false
		}
		a := aim{known: sum, awaited: run, parts: 1}
		if y.i.Measure == programme.RollingMean {
			a.parts = float64(run.N)
		}
		return a, true
	}
	return aim{y.sum, y.run, 1}, true
}

// value is the measure when the awaited periods have a sum.
func (a aim) value(rest float64) float64 { return (a.known + rest) / a.parts }

// probability is that of the measure being within a range, ends included.
func (a aim) probability(rest *remainder, in keep) float64 {
	p := rest.atMost(in.high*a.parts-a.known) - 1 + rest.atLeast(in.low*a.parts-a.known)
	return min(max(p, 0), 1)
}
