package progress

import "github.com/citygauge/citygauge/internal/programme"

// Limits are what an indicator's values so far let expect of the next ones: the
// limits of an XmR chart of all of them. The zero value expects nothing.
type Limits struct {
	indicator *programme.Indicator
	series    []Observed // by which the limits move with the season, or what stands counts
	seasonal  bool
	low, high float64 // of a point; in a seasonal chart that is a difference from one year before
	first     programme.Period
	newest    programme.Period
	enough    bool
}

// LimitsOf are those of a series, which they keep. Under 12 points there are
// none.
func LimitsOf(i *programme.Indicator, series []Observed) Limits {
	l := Limits{indicator: i, series: series}
	if len(series) < chartLeast {
		return l
	}
	day := series[len(series)-1].Period.Last()
	var room pointRoom
	x := xmrOf(i, series, day, day, &room)
	if l.enough = len(x.values) >= chartLeast; !l.enough {
		return l
	}
	width := x.width() + slack(x.centre, x.width())
	l.seasonal, l.low, l.high = x.seasonal, x.centre-width, x.centre+width
	l.first, l.newest = x.periods[0], x.periods[len(x.periods)-1]
	return l
}

// At are the limits of a value for a period. There are none before the chart
// begins, across a change of the definition, and where a season needs a value
// of the year before that is not there. What stands already for the period is
// within them, whatever it is.
func (l Limits) At(p programme.Period) (low, high float64, ok bool) {
	if !l.enough || p.Compare(l.first) < 0 || newestBreak(l.indicator, p.Last()) != newestBreak(l.indicator, l.newest.Last()) {
		return 0, 0, false
	}
	low, high = l.low, l.high
	if l.seasonal {
		before, there := l.observed(p.YearBefore())
		if !there || !judged(l.indicator, before) {
			return 0, 0, false
		}
		reach := slack(before.Value, low, high)
		low, high = before.Value+low-reach, before.Value+high+reach
	}
	if stands, there := l.observed(p); there && stands.Status != programme.Suppressed {
		low, high = min(low, stands.Value), max(high, stands.Value)
	}
	return low, high, true
}

func (l Limits) observed(p programme.Period) (Observed, bool) {
	n := position(l.series, p)
	if n == len(l.series) || l.series[n].Period != p {
		return Observed{}, false
	}
	return l.series[n], true
}
