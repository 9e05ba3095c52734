package progress

import (
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
)

// judged reports whether an observation counts: it is final, or its indicator
// has provisional and estimated values judged like final ones.
func judged(i *programme.Indicator, o Observed) bool {
	switch o.Status {
	case programme.Final:
		return true
	case programme.Provisional, programme.Estimated:
		return i.JudgeProvisional
	}
	return false
}

// since is the part of a series from a period on.
func since(series []Observed, p programme.Period) []Observed {
	return series[position(series, p):]
}

// until is the part of a series up to a period and with it.
func until(series []Observed, p programme.Period) []Observed {
	return series[:position(series, p.Next())]
}

func position(series []Observed, p programme.Period) int {
	n, _ := slices.BinarySearchFunc(series, p, func(o Observed, p programme.Period) int { return o.Period.Compare(p) })
	return n
}

// sumOf is the sum of a run's values, if every one of them is there and
// judged.
func sumOf(i *programme.Indicator, series []Observed, run programme.Run) (sum float64, complete bool) {
	part := until(since(series, run.First), run.First.Plus(run.N-1))
	if len(part) != run.N {
		return 0, false
	}
	for _, o := range part {
		if !judged(i, o) {
			return 0, false
		}
		sum += o.Value
	}
	return sum, true
}

// yearUpTo is the run of the newest year up to a period: 12 months, 4
// quarters, 52 weeks or 365 days.
func yearUpTo(p programme.Period) programme.Run {
	n := p.Frequency().PerYear()
	return programme.Run{First: p.Plus(1 - n), N: n}
}

// newestBreak is the newest day up to d, d included, on which the definition
// changed; none where there is no such day.
func newestBreak(i *programme.Indicator, d programme.Date) programme.Date {
	var newest programme.Date
	for _, b := range i.Breaks {
		if b <= d {
			newest = max(newest, b)
		}
	}
	return newest
}

// sinceBreak leaves out what was measured by another definition than the one
// that held on day d.
func sinceBreak(i *programme.Indicator, series []Observed, d programme.Date) []Observed {
	b := newestBreak(i, d)
	if b.IsZero() {
		return series
	}
	// The period that holds the break is the first to end on it or later.
	return since(series, programme.PeriodOf(i.Frequency, b))
}
