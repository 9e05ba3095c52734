package progress

import "github.com/citygauge/citygauge/internal/programme"

// AutoBaseline measures b from the observations of a baseline's period: their
// sum for a total, the sum or the mean of the year up to its end for a rolling
// measure, else their mean. It is unknown until every one of the periods that
// it rests on is judged, and where a break lies among them.
//
// It is frozen when the cohort starts by keeping the figure: a target whose
// baseline is no longer automatic has it as its value.
func AutoBaseline(i programme.Indicator, period programme.Range, series []Observed) Figure {
	run := baselineRun(i, period)
	if run.N == 0 || !breakWithin(i, run).IsZero() {
		return Unknown
	}
	sum, complete := sumOf(&i, series, run)
	switch {
	case !complete:
		return Unknown
	case i.Measure == programme.Total || i.Measure == programme.Rolling:
		return Known(sum)
	}
	return Known(sum / float64(run.N))
}

// baselineRun is the periods that a baseline rests on.
func baselineRun(i programme.Indicator, period programme.Range) programme.Run {
	if i.Measure == programme.Rolling || i.Measure == programme.RollingMean {
		return yearUpTo(programme.LastEndedBy(i.Frequency, period.Last()))
	}
	return period.Within(i.Frequency)
}

// breakWithin is a break that splits a run of periods, the newest of several;
// none where all of them are of one definition.
func breakWithin(i programme.Indicator, run programme.Run) programme.Date {
	return breakBetween(i, run.First.Last(), run.Last().Last())
}

// breakBetween is the newest break that tells what ended by one day from what
// ended by a later one; none where there is no such break.
func breakBetween(i programme.Indicator, early, late programme.Date) programme.Date {
	if b := newestBreak(&i, late); b > early {
		return b
	}
	return 0
}
