package progress

import (
	"math"

	"github.com/citygauge/citygauge/internal/programme"
)

// year is the target's year as far as it is observed by a day.
type year struct {
	i   *programme.Indicator
	run programme.Run // W
	// series is what may be computed with: periods that ended by the day and
	// are of the definition that the newest observed one is of.
	series    []Observed
	k         int     // how many periods of W are observed
	sum       float64 // S
	newest    Observed
	delivered programme.Period // the newest of W that is observed or suppressed
}

// yearBy takes what is observed by day d, which is not after the year.
func yearBy(i *programme.Indicator, r Resolved, series []Observed, d programme.Date) year {
	y := year{i: i, run: r.Window(i.Frequency)}
	series = until(series, programme.LastEndedBy(i.Frequency, d))
	for _, o := range since(series, y.run.First) {
		if judged(i, o) {
			y.k++
			y.sum += o.Value
			y.newest, y.delivered = o, o.Period
		} else if o.Status == programme.Suppressed {
			y.delivered = o.Period
		}
	}
	y.series = sinceBreak(i, series, y.asOf(r))
	return y
}

// asOf is a, or s where nothing is observed.
func (y *year) asOf(r Resolved) programme.Date {
	if y.k == 0 {
		return r.Start
	}
	return y.newest.Period.Last()
}

// split reports whether a break up to day a lies within W.
func (y *year) split(a programme.Date) bool {
	return newestBreak(y.i, a) > y.run.First.Last()
}

// measure is M, in the indicator's unit, and for a total the share of the year
// that it stands for:
//
//	latest        the newest observed value
//	rolling       the sum of the newest year up to a, if all of it is observed
//	rolling-mean  its mean
//	mean          S/k
//	total         S/share
func (y *year) measure(a programme.Date) (m, share Figure) {
	if y.k == 0 || y.split(a) {
		return Unknown, Unknown
	}
	switch y.i.Measure {
	case programme.Latest:
		return Known(y.newest.Value), Unknown
	case programme.Rolling, programme.RollingMean:
		run := yearUpTo(y.newest.Period)
		sum, complete := sumOf(y.i, y.series, run)
		if !complete {
			return Unknown, Unknown
		}
		if y.i.Measure == programme.RollingMean {
			sum /= float64(run.N)
		}
		return Known(sum), Unknown
	case programme.Mean:
		return Known(y.sum / float64(y.k)), Unknown
	}
	part := y.share()
	return Known(y.sum / part), Known(part)
}

// seasonWeight is the number of events a year from which the season of the year
// before tells more about a count's share of the year than the calendar does.
const seasonWeight = 280

// share is the part of the year's total that the observed periods have as a
// rule: w·σ + (1 - w)·k/N.
func (y *year) share() float64 {
	calendar := float64(y.k) / float64(y.run.N)
	season, total := y.season()
	w := 1.0
	switch {
	case total == 0:
		return calendar
	case y.i.Kind == programme.Count:
		w = total / (total + seasonWeight)
	}
	return w*season + (1-w)*calendar
}

// season is σ: the part of the sum one year before W that the year before the
// observed periods has; and that sum, 0 where a value of it is missing or where
// it is 0 but for rounding.
func (y *year) season() (sigma, total float64) {
	before, observed := y.series, since(y.series, y.run.First)
	part, size := 0.0, 0.0
	for p := range y.run.All() {
		last := p.YearBefore()
		before = forward(before, last)
		if !y.heads(before, last) {
			return 0, 0
		}
		v := before[0].Value
		total += v
		size += math.Abs(v)
		observed = forward(observed, p)
		if y.heads(observed, p) {
			part += v
		}
	}
	if math.Abs(total) <= slack(size) {
		return 0, 0
	}
	return part / total, total
}

// forward leaves out what is before a period.
func forward(series []Observed, p programme.Period) []Observed {
	for len(series) > 0 && series[0].Period.Compare(p) < 0 {
		series = series[1:]
	}
	return series
}

// heads reports whether a series begins with a judged value of p.
func (y *year) heads(series []Observed, p programme.Period) bool {
	return len(series) > 0 && series[0].Period == p && judged(y.i, series[0])
}

// complete reports whether everything that the verdict needs is observed: the
// last period for a latest value and, with the year that the measure has
// already asked for, for a rolling one; else all of W.
func (y *year) complete() bool {
	switch y.i.Measure {
	case programme.Mean, programme.Total:
		return y.k == y.run.N
	}
	return y.k > 0 && y.newest.Period == y.run.Last()
}
