package progress

import (
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
)

// chartLeast is the number of points from which an XmR chart has a signal, and
// from which those up to the baseline's end are enough for its limits.
const chartLeast = 12

// points are what an XmR chart shows, in order of time.
type points struct {
	periods []programme.Period
	values  []float64
}

// pointRoom is room for the points of ten years of months, so that judging one
// of them allocates nothing.
type pointRoom struct {
	periods [120]programme.Period
	values  [120]float64
}

// upTo counts the points up to a period.
func (p points) upTo(last programme.Period) int {
	n := len(p.periods)
	for n > 0 && p.periods[n-1].Compare(last) > 0 {
		n--
	}
	return n
}

// chartPoints are the differences from one year before, where that leaves
// enough of them up to t0, else the values themselves.
func chartPoints(i *programme.Indicator, series []Observed, t0 programme.Period, room *pointRoom) (p points, seasonal bool) {
	if p = differences(i, series, room); p.upTo(t0) >= chartLeast {
		return p, true
	}
	return judgedValues(i, series, room), false
}

// differences are those of judged values from one year before; where either is
// missing there is a gap, not a zero.
func differences(i *programme.Indicator, series []Observed, room *pointRoom) points {
	periods, values := room.periods[:0], room.values[:0]
	before := series
	for _, o := range series {
		if !judged(i, o) {
			continue
		}
		last := o.Period.YearBefore()
		before = forward(before, last)
		if before[0].Period == last && judged(i, before[0]) {
			periods, values = append(periods, o.Period), append(values, o.Value-before[0].Value)
		}
	}
	return points{periods, values}
}

func judgedValues(i *programme.Indicator, series []Observed, room *pointRoom) points {
	periods, values := room.periods[:0], room.values[:0]
	for _, o := range series {
		if judged(i, o) {
			periods, values = append(periods, o.Period), append(values, o.Value)
		}
	}
	return points{periods, values}
}

// chartSeries is the part of a series that a chart of day d may show: up to the
// newest judged value by then, and of the definition that this one is of.
func chartSeries(i *programme.Indicator, series []Observed, d programme.Date) []Observed {
	series = until(series, programme.LastEndedBy(i.Frequency, d))
	for n, serie := range slices.Backward(series) {
		if judged(i, serie) {
			return sinceBreak(i, series[:n+1], serie.Period.Last())
		}
	}
	return nil
}
