package chart

import (
	"math"

	"github.com/citygauge/citygauge/internal/programme"
)

// The image's size, in its own units, and the room around what is drawn.
const (
	width, height          = 440.0, 260.0
	left, right, top, foot = 8.0, 12.0, 30.0, 26.0
	bottom                 = height - foot
)

// scale is where days and values are in the image.
type scale struct {
	from, to  programme.Date
	low, high float64
	left      float64 // where the first day is: numbers stand before it
}

func (s scale) x(d programme.Date) float64 {
	return s.left + (width-right-s.left)*float64(d.Sub(s.from))/float64(max(1, s.to.Sub(s.from)))
}

func (s scale) y(v float64) float64 {
	// Halves, since the difference of two huge numbers may not be finite.
	part := (v/2 - s.low/2) / (s.high/2 - s.low/2)
	return bottom - (bottom-top)*min(max(part, 0), 1)
}

// ticks are the values that lines are drawn at, and the decimals to write them
// with: steps of 1, 2 or 5 times a power of ten.
type ticks struct {
	values   []float64
	decimals int
}

const intervals = 4

// fit is a scale with room for values, which ends at a tick on both sides.
func fit(values []float64) (low, high float64, t ticks) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	if low > high {
		low, high = 0, 1
	}
	if high-low <= 1e-9*max(math.Abs(low), math.Abs(high)) {
		spread := max(math.Abs(high)/2, 1)
		low, high = low-spread, high+spread
	}
	step := niceStep((high - low) / intervals)
	first, last := math.Floor(low/step+1e-9), math.Ceil(high/step-1e-9)
	for n := first; n <= last; n++ {
		t.values = append(t.values, n*step)
	}
	t.decimals = max(0, int(math.Ceil(-math.Log10(step)-1e-9)))
	return first * step, last * step, t
}

func niceStep(rough float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, of := range []float64{1, 2, 5} {
		if of*power >= rough*(1-1e-9) {
			return of * power
		}
	}
	return 10 * power
}

// days are the first days of months, quarters or years that a label stands at,
// and whether labels are years.
func days(from, to programme.Date) (labels []programme.Date, years bool) {
	const aboutTwoYears = 800
	frequency, first := programme.Quarterly, programme.PeriodOf(programme.Quarterly, from)
	if to.Sub(from) > aboutTwoYears {
		frequency, first, years = programme.Annual, programme.PeriodOf(programme.Annual, from), true
	}
	every := 1
	for n := to.Sub(from) / max(1, programme.PeriodOf(frequency, from).Days()); n/every > 8; {
		every++
	}
	for p := first; p.First() <= to; p = p.Plus(every) {
		if p.First() >= from {
			labels = append(labels, p.First())
		}
	}
	return labels, years
}
