package progress

import (
	"math"
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
)

// NeedForm says what the number of a need is.
type NeedForm string

// The forms of a need.
const (
	NeedTotal  NeedForm = "total"  // the value of each remaining period
	NeedMean   NeedForm = "mean"   // the mean of the remaining periods
	NeedChange NeedForm = "change" // the change from each period to the next
)

// Need is what is needed from here to meet the target. The zero value makes no
// claim: there is a range to stay in, the year is over or wholly observed, a
// break splits it, or what came before is not all there.
type Need struct {
	Form      NeedForm
	PerPeriod Figure // in the indicator's unit; as a decrease counts, the most that each may have
	Periods   int    // how many are still to come
	Goal      Figure // what they and what there is so far must come to: PerPeriod is (Goal - SoFar)/Periods
	SoFar     Figure // S, or M for a change
	Best      Figure // the best that as many periods in a row did, per period; unknown where there are none
	// LimitPassed: so much was counted that the rest of the year cannot make
	// up for it.
	LimitPassed bool
}

// need is what is needed as of day a with the measure m:
//
//	total         (T - S)/(N - k)
//	mean          (N·T - S)/(N - k)
//	rolling       (T - S)/(N - k)
//	rolling-mean  (L·T - S)/(N - k), L being the periods of a year
//	latest        (T - M)/(N - k)
//
// For a rolling year S and N are those of the year up to the last period, which
// are those of W where W is a year. For latest the gaps that W may have are not
// counted: nothing can change in them any more.
func (y *year) need(r Resolved, m Figure) Need {
	if r.Band != nil || !r.Ready() || y.split(r.End) {
		return Need{}
	}
	if y.i.Measure == programme.Latest {
		return y.needChange(r.Target.Number, m)
	}
	run, goal := y.run, r.Target.Number
	if y.i.Measure == programme.Rolling || y.i.Measure == programme.RollingMean {
		run = yearUpTo(y.run.Last())
	}
	form := NeedTotal
	if y.i.Measure == programme.Mean || y.i.Measure == programme.RollingMean {
		form = NeedMean
		goal *= float64(run.N)
	}
	sum, rest := y.observed(run)
	if rest == 0 {
		return Need{}
	}
	return Need{
		Form:        form,
		PerPeriod:   Known((goal - sum) / float64(rest)),
		Periods:     rest,
		Goal:        Known(goal),
		SoFar:       Known(sum),
		Best:        y.bestMean(rest),
		LimitPassed: y.passes(sum, goal, form),
	}
}

// observed is the sum of a run's observed values, and how many periods of it
// are still to come: none where one before the year is missing, since that will
// not come.
func (y *year) observed(run programme.Run) (sum float64, rest int) {
	before := programme.Run{First: run.First, N: max(0, y.run.First.Sub(run.First))}
	if _, complete := sumOf(y.i, y.series, before); !complete {
		return 0, 0
	}
	rest = run.N
	for _, o := range since(y.series, run.First) {
		if judged(y.i, o) {
			sum += o.Value
			rest--
		}
	}
	return sum, rest
}

// passes reports whether a decrease is out of reach: any sum of counts only
// grows, and so does the total of a quantity that is never negative.
func (y *year) passes(sum, goal float64, form NeedForm) bool {
	return y.i.Direction == programme.Decrease && sum > goal+slack(sum, goal) &&
		(y.i.Kind == programme.Count ||
			form == NeedTotal && !slices.ContainsFunc(y.series, func(o Observed) bool { return o.Value < 0 }))
}

func (y *year) needChange(target float64, m Figure) Need {
	if !m.Known {
		return Need{}
	}
	rest := y.run.Last().Sub(y.newest.Period)
	if rest == 0 {
		return Need{}
	}
	change := target - m.Number
	if nearly(target, m.Number) {
		change = 0
	}
	return Need{
		Form:      NeedChange,
		PerPeriod: Known(change / float64(rest)),
		Periods:   rest,
		Goal:      Known(target),
		SoFar:     m,
		Best:      y.bestChange(rest),
	}
}

// bestMean is the best mean of n observed periods in a row.
func (y *year) bestMean(n int) Figure {
	best := Unknown
	sum, length := 0.0, 0
	for j, o := range y.series {
		if length > 0 && y.series[j-1].Period.Next() != o.Period || !judged(y.i, o) {
			sum, length = 0, 0
		}
		if !judged(y.i, o) {
			continue
		}
		sum += o.Value
		if length++; length > n {
			sum -= y.series[j-n].Value
			length = n
		}
		if length == n {
			best = y.better(best, sum/float64(n))
		}
	}
	return best
}

// bestChange is the best change per period over n periods.
func (y *year) bestChange(n int) Figure {
	best := Unknown
	from := y.series
	for _, o := range y.series {
		p := o.Period.Plus(-n)
		from = forward(from, p)
		if y.heads(from, p) && judged(y.i, o) {
			best = y.better(best, (o.Value-from[0].Value)/float64(n))
		}
	}
	return best
}

func (y *year) better(best Figure, v float64) Figure {
	switch {
	case !best.Known:
		return Known(v)
	case y.i.Direction == programme.Increase:
		return Known(math.Max(best.Number, v))
	}
	return Known(math.Min(best.Number, v))
}
