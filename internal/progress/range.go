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

// judge is the verdict on a value whose measure has the noise q.
func (k keep) judge(value, q float64) verdict {
	bound := min(max(value, k.low), k.high)
	z := math.Abs(value-bound) - slack(value, bound)
	switch {
	case z <= 0:
		return verdict{OnTrack, true}
	case z <= normal80*q:
		return verdict{status: TooClose}
	case z <= k.near:
		return verdict{status: Slipping}
	}
	return verdict{status: OffTrack}
}
