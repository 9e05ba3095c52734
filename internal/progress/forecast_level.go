package progress

import "math"

// level is a local level that is followed through a series: the simplest
// dynamic linear model with an unknown variance (West and Harrison, "Bayesian
// Forecasting and Dynamic Models", 1997, chapters 2 and 4). A value is the
// level times the load of its period, and noise with the variance σ²·load; from
// period to period the level takes a random step with the variance step·σ².
type level struct {
	at       float64
	variance float64 // of what is known about it, in units of σ²
	step     float64
	squares  float64 // σ² is estimated by squares/degrees
	degrees  float64
	place    int // the period that at is the level of

	// The logarithms of the densities that were predicted for the values
	// before and among those that other levels predict too.
	before, within float64
}

// point is one period of a series that a level is followed through.
type point struct {
	place int
	value float64 // 0 where it is awaited
	load  float64
	shift float64 // what the period's own value has beside load times level
}

// noiseOf says what σ² is before the first value, and how many values that
// counts as much as.
func (l *level) noiseOf(variance, degrees float64) {
	l.squares, l.degrees = variance*degrees, degrees
}

// follow learns from the points in order; those from a place on other levels
// predict too.
func (l *level) follow(points []point, shared int) {
	for _, p := range points {
		l.variance += l.step * float64(p.place-l.place)
		l.place = p.place
		// What the value's variance is expected to be, in units of σ².
		expected := p.load*p.load*l.variance + p.load
		wrong := p.value - p.load*l.at
		surprise := wrong * wrong / expected
		density := -0.5*math.Log(expected*l.squares/l.degrees) - 0.5*(l.degrees+1)*math.Log1p(surprise/l.squares)
		if p.place < shared {
			l.before += density
		} else {
			l.within += density
		}
		gain := l.variance * p.load / expected
		l.at += gain * wrong
		l.variance -= gain * p.load * l.variance
		l.squares += surprise
		l.degrees++
	}
}

// ahead is the mean and the variance of the sum of awaited points, in order,
// from the period now on. Those that were passed over are at today's level.
func (l *level) ahead(points []point, now int) (mean, variance float64) {
	loads, shifts := 0.0, 0.0
	for _, p := range points {
		loads += p.load
		shifts += p.shift
	}
	known := l.variance + l.step*float64(max(0, now-l.place))
	variance = loads*loads*known + loads
	// Each step carries all loads that come after it.
	later, place := loads, now
	for _, p := range points {
		if p.place > place {
			variance += l.step * later * later * float64(p.place-place)
			place = p.place
		}
		later -= p.load
	}
	return loads*l.at + shifts, variance * l.squares / l.degrees
}
