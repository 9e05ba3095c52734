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

// Measured is M and what it was made of.
type Measured struct {
	Value  Figure // M, in the indicator's unit
	Sum    Figure // of the values that M was made of: S for a total or mean, that of the year for a rolling measure
	Values int    // how many these are

	// Of totals only:
	Share       Figure // of the year's total that the observed periods have as a rule
	Calendar    Figure // k/N
	SeasonTotal Figure // n: the sum one year before W; this and what follows is unknown where a value of it is missing or it is 0
	SeasonPart  Figure // the sum one year before the observed periods
	Season      Figure // σ: SeasonPart/SeasonTotal
	Weight      Figure // w: how much σ counts beside the calendar
}

// measure is M, in the indicator's unit:
//
//	latest        the newest observed value
//	rolling       the sum of the newest year up to a, if all of it is observed
//	rolling-mean  its mean
//	mean          S/k
//	total         S/share
func (y *year) measure(a programme.Date) Measured {
	if y.k == 0 || y.split(a) {
		return Measured{}
	}
	switch y.i.Measure {
	case programme.Latest:
		return Measured{Value: Known(y.newest.Value), Values: 1}
	case programme.Rolling, programme.RollingMean:
		run := yearUpTo(y.newest.Period)
		sum, complete := sumOf(y.i, y.series, run)
		if !complete {
			return Measured{}
		}
		m := Measured{Value: Known(sum), Sum: Known(sum), Values: run.N}
		if y.i.Measure == programme.RollingMean {
			m.Value = Known(sum / float64(run.N))
		}
		return m
	}
	m := Measured{Sum: Known(y.sum), Values: y.k}
	if y.i.Measure == programme.Mean {
		m.Value = Known(y.sum / float64(y.k))
		return m
	}
	y.share(&m)
	m.Value = Known(y.sum / m.Share.Number)
	return m
}

// seasonWeight is the number of events a year from which the season of the year
// before tells more about a count's share of the year than the calendar does.
const seasonWeight = 280

// share fills in the part of the year's total that the observed periods have as
// a rule: w·σ + (1 - w)·k/N.
func (y *year) share(m *Measured) {
	calendar := float64(y.k) / float64(y.run.N)
	m.Calendar, m.Share = Known(calendar), Known(calendar)
	part, total := y.season()
	if total == 0 {
		return
	}
	season, weight := part/total, 1.0
	if y.i.Kind == programme.Count {
		weight = total / (total + seasonWeight)
	}
	m.SeasonTotal, m.SeasonPart = Known(total), Known(part)
	m.Season, m.Weight = Known(season), Known(weight)
	m.Share = Known(weight*season + (1-weight)*calendar)
}

// season is the sum one year before the observed periods and that before all of
// W; both are 0 where a value is missing or the latter is 0 but for rounding.
func (y *year) season() (part, total float64) {
	before, observed := y.series, since(y.series, y.run.First)
	size := 0.0
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
	return part, total
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

// Unobserved are the periods that the verdict on a target waits for: those that
// have no value which counts, be it that none came, that it is withheld or that
// it is not final.
func Unobserved(i programme.Indicator, r Resolved, series []Observed) []programme.Period {
	y := yearBy(&i, r, series, r.End)
	run := y.run
	switch i.Measure {
	case programme.Latest:
		run = programme.Run{First: run.Last(), N: min(run.N, 1)}
	case programme.Rolling, programme.RollingMean:
		run = yearUpTo(run.Last())
	}
	var all []programme.Period
	for p := range run.All() {
		if !y.heads(since(y.series, p), p) {
			all = append(all, p)
		}
	}
	return all
}
