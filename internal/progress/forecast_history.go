package progress

import (
	"math"

	"github.com/citygauge/citygauge/internal/programme"
)

// historyRoom is how many periods a forecast handles without allocating: six
// years of months, or W and two years before it of almost anything but days.
const historyRoom = 192

// history is what a forecast learns from: the judged values of two years
// before W, of at least historyLeast periods, and of W itself, one figure a
// period.
type history struct {
	i      *programme.Indicator
	first  programme.Period
	values []Figure // measured in unit
	start  int      // the place of W's first period
	now    int      // the place of the newest value
	n      int      // how many are known
	// unit keeps the squares of any legal quantity within the range of a
	// float64: the largest of the values.
	unit float64
}

const (
	historyYears = 2
	historyLeast = 24
)

func (y *year) history(room []Figure) history {
	start := max(historyYears*y.i.Frequency.PerYear(), historyLeast)
	h := history{i: y.i, first: y.run.First.Plus(-start), start: start, unit: 1}
	length := start + y.run.N
	if length > cap(room) {
		room = make([]Figure, length)
	}
	h.values = room[:length]
	largest := 0.0
	for _, o := range since(y.series, h.first) {
		if judged(y.i, o) {
			h.now = o.Period.Sub(h.first)
			h.values[h.now] = Figure{o.Value, true}
			h.n++
			largest = max(largest, math.Abs(o.Value))
		}
	}
	if y.i.Kind == programme.Quantity && largest > 0 {
		h.unit = largest
		for t := range h.values {
			h.values[t].Number /= h.unit
		}
	}
	return h
}

// before is the value one year before a place.
func (h *history) before(t int) Figure {
	t = h.first.Plus(t).YearBefore().Sub(h.first)
	if t < 0 {
		return Unknown
	}
	return h.values[t]
}

// yearBefore is the mean of the values one year before those from one place to
// before another, if every one of them is known.
func (h *history) yearBefore(from, to int) Figure {
	sum := 0.0
	for t := from; t < to; t++ {
		v := h.before(t)
		if !v.Known {
			return Unknown
		}
		sum += v.Number
	}
	return Known(sum / float64(to-from))
}

// newestYear is the mean of the newest values, a year of them at most.
func (h *history) newestYear() Figure {
	sum, n := 0.0, 0
	for t := h.now; t >= 0 && n < h.i.Frequency.PerYear(); t-- {
		if v := h.values[t]; v.Known {
			sum += v.Number
			n++
		}
	}
	return Known(sum / float64(n))
}

// variance is v² of the values before W, or of all where they are too few.
func (h *history) variance() float64 {
	s := h.sample(h.start)
	if !s.enough() {
		s = h.sample(len(h.values))
	}
	v := s.movingRange() / rangePerDeviation
	return v * v
}

// sample takes the newest values before a place.
func (h *history) sample(end int) sample {
	var s sample
	for t := end - 1; t >= 0 && s.n < noiseValues; t-- {
		if v := h.values[t]; v.Known {
			s.values[s.n] = v.Number
			s.n++
		}
	}
	return s
}
