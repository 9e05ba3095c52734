package progress

import (
	"math"

	"github.com/citygauge/citygauge/internal/programme"
)

// xmr is an XmR chart in numbers.
type xmr struct {
	points
	seasonal bool
	basis    int // how many points the limits come from
	frozen   bool

	centre float64
	ranges ranges
}

func xmrOf(i *programme.Indicator, series []Observed, d, t0 programme.Date, room *pointRoom) xmr {
	baseline := programme.LastEndedBy(i.Frequency, t0)
	var x xmr
	x.points, x.seasonal = chartPoints(i, chartSeries(i, series, d), baseline, room)
	x.basis = x.upTo(baseline)
	if x.frozen = x.basis >= chartLeast; !x.frozen {
		x.basis = len(x.values)
	}
	if x.basis > 1 {
		x.centre = mean(x.values[:x.basis])
		x.ranges = movingRanges(x.values[:x.basis])
	}
	return x
}

// width is how far the limits are from the centre.
func (x *xmr) width() float64 { return limitFactor * x.ranges.mean }

// limits are the centre and the limits; unknown under two points.
func (x *xmr) limits() (centre, lower, upper Figure) {
	if x.basis < 2 {
		return Unknown, Unknown, Unknown
	}
	return Known(x.centre), Known(x.centre - x.width()), Known(x.centre + x.width())
}

func (x xmr) signal(direction programme.Direction) (signal Signal, rule Rule, up bool) {
	if len(x.values) < chartLeast {
		return TooShort, "", false
	}
	rule, up = x.rule()
	switch {
	case rule == "":
		return NoSignal, "", false
	case direction != programme.Maintain && up == (direction == programme.Increase):
		return Improvement, rule, up
	}
	return Concern, rule, up
}

// How many of the newest points the rules ask.
const (
	runLength  = 7
	nearLength = 3
	nearLeast  = 2
)

// rule is the first rule that the newest point breaks, and whether upwards.
func (x *xmr) rule() (rule Rule, up bool) {
	newest := x.values[len(x.values)-1]
	up = x.side(newest) > 0
	run := x.values[len(x.values)-runLength:]
	switch {
	case x.beyond(newest, x.width()):
		return OutsideLimits, up
	case trend(run) != 0:
		return Trend, trend(run) > 0
	case x.oneSide(run[runLength-nearLength:]) && x.near(run[runLength-nearLength:]) >= nearLeast:
		return NearLimit, up
	case x.oneSide(run):
		return OneSide, up
	}
	return "", false
}

// side is 1 above the centre, -1 below it, and 0 on it.
func (x *xmr) side(v float64) int {
	switch {
	case nearly(v, x.centre):
		return 0
	case v > x.centre:
		return 1
	}
	return -1
}

// oneSide reports whether values are all on one side of the centre.
func (x *xmr) oneSide(values []float64) bool {
	side := x.side(values[0])
	for _, v := range values {
		if side == 0 || x.side(v) != side {
			return false
		}
	}
	return true
}

// near counts the values from two thirds of the way to the limit on and within
// it.
func (x *xmr) near(values []float64) int {
	n := 0
	for _, v := range values {
		if !x.beyond(v, x.width()) && !x.within(v, x.width()*2/3) {
			n++
		}
	}
	return n
}

// beyond reports whether a value is farther from the centre than a distance,
// and not only by rounding.
func (x *xmr) beyond(v, distance float64) bool {
	return math.Abs(v-x.centre) > distance+slack(v, x.centre, distance)
}

// within reports whether a value is nearer to the centre than a distance, and
// not only by rounding.
func (x *xmr) within(v, distance float64) bool {
	return math.Abs(v-x.centre) < distance-slack(v, x.centre, distance)
}

// trend is 1 where each value is above the one before it, -1 where each is
// below, and else 0: a tie breaks the run.
func trend(values []float64) int {
	rising, falling := true, true
	for n := 1; n < len(values); n++ {
		tie := nearly(values[n], values[n-1])
		rising = rising && !tie && values[n] > values[n-1]
		falling = falling && !tie && values[n] < values[n-1]
	}
	switch {
	case rising:
		return 1
	case falling:
		return -1
	}
	return 0
}
