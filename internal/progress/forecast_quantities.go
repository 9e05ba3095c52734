package progress

import (
	"math"

	"github.com/citygauge/citygauge/internal/programme"
)

// leastVariance keeps a series without noise from dividing by none; values are
// measured in the largest of them.
const leastVariance = 1e-24

// addQuantities follows the values themselves, and their differences from one
// year before where those of all awaited ones are known.
func (h *history) addQuantities(m *models, run programme.Run, points, awaited []point) {
	for t := range h.places(h.all(), false) {
		points = append(points, point{place: t, value: h.values[t].Number, load: 1})
	}
	for t := range h.places(run, true) {
		awaited = append(awaited, point{place: t, load: 1})
	}
	var room [historyRoom]point
	changes := room[:0]
	for _, p := range points {
		if before := h.before(p.place); before.Known {
			p.value -= before.Number
			changes = append(changes, p)
		}
	}
	shared := h.now + 1
	if len(changes) > 0 {
		shared = changes[0].place
	}

	v := max(h.variance(), leastVariance)
	// The first value is all that is known of the level then.
	family := quantityLevels(v, func(float64) level {
		return level{at: points[0].value, variance: 1, place: points[0].place}
	})
	m.add(family[:], points[1:], awaited, h.now, shared)

	for n, p := range awaited {
		before := h.before(p.place)
		if !before.Known {
			return
		}
		awaited[n].shift = before.Number
	}
	year := float64(h.i.Frequency.PerYear())
	// Two values differ by twice the variance of one, and by what the level did
	// in the year between.
	family = quantityLevels(2*v, func(step float64) level {
		return level{variance: 1 + year*step, place: min(shared, h.now)}
	})
	m.add(family[:], changes, awaited, h.now, shared)
}

// quantityLevels is a family of each of the drifts, for values whose
// neighbours differ by twice the variance v.
func quantityLevels(v float64, begin func(step float64) level) [len(quantityDrifts)]level {
	var family [len(quantityDrifts)]level
	for n, drift := range quantityDrifts {
		step := drift * drift
		family[n] = begin(step)
		family[n].step = step
		// Each is half as likely as the one before it.
		family[n].before = -float64(n) * math.Ln2
		// Half of the variance of neighbours' differences is σ² + step·σ²/2.
		family[n].noiseOf(v/(1+step/2), quantityDegrees)
	}
	return family
}
