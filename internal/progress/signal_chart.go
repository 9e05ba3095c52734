package progress

import "github.com/citygauge/citygauge/internal/programme"

// Chart is an XmR chart (individuals and moving ranges) of an indicator: NHS
// England, "Making data count", after Shewhart and Wheeler.
type Chart struct {
	Points []ChartPoint // in order of time

	Centre    Figure // the mean of the points that the limits come from
	Lower     Figure // Centre - 2.66·MeanRange
	Upper     Figure // Centre + 2.66·MeanRange
	MeanRange Figure // the mean moving range, without the screened ones; it and the limits are unknown under two points

	// Seasonal: points are differences from one year before. Otherwise they are
	// values, and a season is still in them.
	Seasonal bool
	// Basis is how many points, from the first on, the limits come from.
	Basis int
	// Frozen: these are the ones up to the baseline's end, so that what happens
	// later does not move the limits. Otherwise they are all points.
	Frozen bool

	Signal Signal
	Rule   Rule // what gave the signal; empty without one
	Up     bool // the signal is one of larger values
}

// ChartPoint is one point of an XmR chart.
type ChartPoint struct {
	Period programme.Period
	// Value is in the indicator's unit: that of the period or, in a seasonal
	// chart, its difference from the one a year before.
	Value float64
	// MovingRange is the absolute difference from the point before, whether or
	// not a period between them has none; unknown for the first.
	MovingRange Figure
	// Screened: the moving range is so large that the limits leave it out, for
	// it is news and not noise.
	Screened bool
}

// XmR is the chart by which a target's indicator is judged on a day: nothing
// later than the day or than the target's year is in it, and limits are frozen
// at the baseline's end where 12 points were there by then.
func XmR(i programme.Indicator, r Resolved, series []Observed, day programme.Date) Chart {
	return chart(&i, series, min(day, r.End), r.BaselineEnd)
}

// XmRWithoutTarget is the chart on a day of an indicator that has no baseline:
// its limits come from all points.
func XmRWithoutTarget(i programme.Indicator, series []Observed, day programme.Date) Chart {
	c := chart(&i, series, day, day)
	c.Frozen = false
	return c
}

func chart(i *programme.Indicator, series []Observed, d, t0 programme.Date) Chart {
	var room pointRoom
	x := xmrOf(i, series, d, t0, &room)
	c := Chart{Seasonal: x.seasonal, Basis: x.basis, Frozen: x.frozen, Points: make([]ChartPoint, len(x.values))}
	c.Signal, c.Rule, c.Up = x.signal(i.Direction)
	if c.Centre, c.Lower, c.Upper = x.limits(); c.Centre.Known {
		c.MeanRange = Known(x.ranges.mean)
	}
	for n, v := range x.values {
		c.Points[n] = ChartPoint{Period: x.periods[n], Value: v}
		if n > 0 {
			size := moving(x.values, n)
			c.Points[n].MovingRange = Known(size)
			c.Points[n].Screened = n < x.basis && size >= x.ranges.extreme()
		}
	}
	return c
}
