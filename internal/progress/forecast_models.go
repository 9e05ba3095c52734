package progress

import (
	"iter"
	"math"

	"github.com/citygauge/citygauge/internal/programme"
)

// The constants of the forecast, few and round: the README of this package
// shows how much depends on each.
const (
	// yearlyDrift is the standard deviation of what a count's level changes by
	// in a year of itself, as a random walk.
	yearlyDrift = 0.15
	// yearlyChange is that of the level of one year against the year before's:
	// more than the drift, since a change that began then goes on.
	yearlyChange = 0.25
	// countDegrees is how many values the noise of a count is known as well as
	// from before the year: a year of months. That of a quantity is learnt from
	// the values themselves.
	countDegrees    = 12
	quantityDegrees = 4
)

// quantityDrifts are the standard deviations of a quantity's level from period
// to period, in those of its noise: from none to nearly all.
var quantityDrifts = [...]float64{0, 0.1, 0.3, 1, 3}

// models collects forecasts of the awaited sum, each with the weight that the
// values give it.
type models struct {
	kinds [2 * len(quantityDrifts)]model
	n     int
}

type model struct {
	level
	mean, variance float64
	prior          float64 // the logarithm of its weight before the shared values
}

// add takes the models of one family, which share their points and among
// them have as much weight as any other family; from a place on, all families
// predict the same values.
func (m *models) add(family []level, points, awaited []point, now, shared int) {
	from := m.n
	total := math.Inf(-1)
	for _, l := range family {
		l.follow(points, shared)
		total = logSum(total, l.before)
		mean, variance := l.ahead(awaited, now)
		m.kinds[m.n] = model{level: l, mean: mean, variance: variance}
		m.n++
	}
	for j := from; j < m.n; j++ {
		m.kinds[j].prior = m.kinds[j].before - total
	}
}

// logSum is log(eᵃ + eᵇ).
func logSum(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// leastWeight is the weight from which a model has a say.
const leastWeight = 0.01

// mix averages the models (Bayesian model averaging): each family by how well
// it predicted the values that all of them did, and its models by all values.
func (m *models) mix(h *history) remainder {
	total := math.Inf(-1)
	for _, x := range m.kinds[:m.n] {
		total = logSum(total, x.prior+x.within)
	}
	rest := remainder{count: h.i.Kind == programme.Count}
	for _, x := range m.kinds[:m.n] {
		if w := math.Exp(x.prior + x.within - total); w >= leastWeight {
			rest.add(component{w, x.mean * h.unit, math.Sqrt(x.variance) * h.unit}, x.degrees, h.n)
		}
	}
	return rest
}

// predict forecasts the sum of what an aim still awaits by two families of
// models: one that knows of no season, and one that expects the year before's.
func (h *history) predict(a aim) remainder {
	var m models
	var points, awaited [historyRoom]point
	if h.i.Kind == programme.Count {
		h.addCounts(&m, a.awaited, points[:0], awaited[:0])
	} else {
		h.addQuantities(&m, a.awaited, points[:0], awaited[:0])
	}
	return m.mix(h)
}

// places yields the places of a run that have a value or, where they are
// awaited, none.
func (h *history) places(run programme.Run, awaited bool) iter.Seq[int] {
	first := run.First.Sub(h.first)
	return func(yield func(int) bool) {
		for t := max(first, 0); t < first+run.N; t++ {
			if h.values[t].Known != awaited && !yield(t) {
				return
			}
		}
	}
}

func (h *history) all() programme.Run { return programme.Run{First: h.first, N: len(h.values)} }
