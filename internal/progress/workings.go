package progress

import "github.com/citygauge/citygauge/internal/programme"

// FormulasVersion is the version of everything that this package computes. It
// is kept with a stored assessment, which can be reproduced only by the version
// that made it.
//
// Raise it by one with every change after which the same observations, target
// and day may give another figure or word: a formula, a constant, a threshold,
// what counts as observed, the order of the statuses. Speed, names and new
// figures beside the old ones leave it as it is. Until the first release it
// stays 1: nobody keeps what was judged before.
const FormulasVersion = 1

// Workings are an assessment with the numbers that led to it, for whoever has
// to explain it.
type Workings struct {
	Assessment
	Measured     Measured
	NoiseBasis   NoiseBasis
	MeasureNoise Figure    // q: the standard deviation of what the rest of the year may still do to M; unknown like v
	Range        RangeWork // where there is a range to stay in

	year     year
	evidence evidence
}

// RangeWork is how M lies to a range to stay in, in the indicator's unit. All
// of it is unknown for a target with a way to go.
type RangeWork struct {
	Low, High Figure // unknown where the range is open on that side
	Distance  Figure // z: how far M is outside
	ByChance  Figure // up to which distance that may be chance; unknown where noise is
	Near      Figure // up to which distance it is slipping, and no worse
}

// Work judges a target on a day as [Assess] does, and keeps the workings.
func Work(i programme.Indicator, r Resolved, series []Observed, day programme.Date) Workings {
	return assess(&i, r, series, day)
}

// Ranged reports whether M is judged by a range to stay in, for want of a way
// from a baseline to a target.
func (w Workings) Ranged() bool { return w.evidence.ranged }

// Rows are the rows of the table of statuses that were asked, in order: the last
// of them holds, and none before it.
func (w Workings) Rows() []Row {
	table := w.evidence.table()[:w.evidence.decided()+1]
	rows := make([]Row, len(table))
	for n := range table {
		rows[n] = table[n].Row
	}
	return rows
}

// Newest is the newest observed value of the year; its period is none where
// nothing is observed.
func (w Workings) Newest() Observed { return w.year.newest }

// MeasuredValues are the values that M was made of, in order of time.
func (w Workings) MeasuredValues() []Observed {
	y := &w.year
	switch {
	case w.Measured.Values == 0:
		return nil
	case y.i.Measure == programme.Latest:
		return []Observed{y.newest}
	case y.i.Measure == programme.Rolling || y.i.Measure == programme.RollingMean:
		return until(since(y.series, yearUpTo(y.newest.Period).First), y.newest.Period)
	}
	return judgedOf(y.i, since(y.series, y.run.First))
}

// YearBefore are the values one year before W and, of these, the ones one year
// before what is observed: none where they tell nothing of a season. Of a week
// 53 or a 29 February the year before is the day or week before that, once more.
func (w Workings) YearBefore() (all, observed []Observed) {
	if !w.Measured.Season.Known {
		return nil, nil
	}
	y := &w.year
	for p := range y.run.All() {
		before := since(y.series, p.YearBefore())[0]
		all = append(all, before)
		if y.heads(since(y.series, p), p) {
			observed = append(observed, before)
		}
	}
	return all, observed
}

// NoiseValues are the values that noise was learnt from, in order of time: none
// where they are not enough.
func (w Workings) NoiseValues(r Resolved) []Observed {
	if !w.NoiseBasis.Ranges.Known {
		return nil
	}
	y := &w.year
	values := judgedOf(y.i, until(y.series, programme.LastEndedBy(y.i.Frequency, r.BaselineEnd)))
	return values[len(values)-w.NoiseBasis.Values:]
}

// BaselineValues are the values that an automatic baseline of a period is
// measured from, in order of time.
func BaselineValues(i programme.Indicator, period programme.Range, series []Observed) []Observed {
	run := baselineRun(i, period)
	return judgedOf(&i, until(since(series, run.First), run.First.Plus(run.N-1)))
}

// judgedOf leaves out what does not count.
func judgedOf(i *programme.Indicator, series []Observed) []Observed {
	var counted []Observed
	for _, o := range series {
		if judged(i, o) {
			counted = append(counted, o)
		}
	}
	return counted
}
