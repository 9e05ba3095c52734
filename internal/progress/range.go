package progress

import (
	"math"

	"github.com/citygauge/citygauge/internal/programme"
)

// keep is a range of values to stay in, open on one side where a target is no
// other than its baseline.
type keep struct {
	low, high float64 // infinite where open
	near      float64 // how far outside is called slipping
}

// nearShare is the part of a range, or of a single value, that is near it.
const nearShare = 0.1

func rangeOf(i programme.Indicator, r Resolved) keep {
	if r.Band != nil {
		return keep{r.Band.Low, r.Band.High, nearShare * (r.Band.High - r.Band.Low)}
	}
	t := r.Target.Number
	near := max(nearShare*math.Abs(t), math.Pow10(-i.Decimals))
	if i.Direction == programme.Increase {
		return keep{t, math.Inf(1), near}
	}
	return keep{math.Inf(-1), t, near}
}

// around says how a value lies to the range.
func (k keep) around(value float64) RangeWork {
	return RangeWork{
		Low: Known(k.low), High: Known(k.high), Near: Known(k.near),
		Distance: Known(math.Abs(value - k.bound(value))),
	}
}

// distance is how far a value is outside, 0 where that is rounding.
func (k keep) distance(value float64) float64 {
	bound := k.bound(value)
	return max(0, math.Abs(value-bound)-slack(value, bound))
}

// bound is the value of the range that is nearest to another.
func (k keep) bound(value float64) float64 { return min(max(value, k.low), k.high) }
