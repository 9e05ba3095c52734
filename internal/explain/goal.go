package explain

import (
	"fmt"
	"math"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// baseline says where b is from.
func (x *explainer) baseline() {
	period := x.t.Baseline.Period
	if period.IsZero() {
		return // a range to stay in may do without
	}
	s := Step{Name: "baseline", Symbol: "b", Result: x.r.Baseline, Source: declared}
	switch b := x.r.Baseline; {
	case !b.Known:
		s.Sentence = fmt.Sprintf("The baseline is to be measured in %s, whose values are not all there yet or cannot be used.", period)
	case !x.t.Baseline.Auto:
		s.Sentence = fmt.Sprintf("The baseline of %s is %s, as it was declared.", period, x.amount(b.Number))
	case progress.AutoBaseline(x.i, period, x.series) != b:
		s.Sentence = fmt.Sprintf("The baseline of %s is %s, as it was measured when it was frozen.", period, x.amount(b.Number))
	default:
		values := progress.BaselineValues(x.i, period, x.series)
		s.Formula, s.Inputs, s.Source = Mean, valuesOf(values), method
		if x.i.Measure == programme.Total || x.i.Measure == programme.Rolling {
			s.Formula = Sum
		}
		s.Sentence = fmt.Sprintf("The baseline of %s is %s: the %s of %s.", period, x.amount(b.Number), s.Formula, x.periods(len(values)))
	}
	x.add(s)
}

// goal says where T is from, or what the range is.
func (x *explainer) goal() {
	s := Step{Name: "target", Symbol: "T", Result: x.r.Target, Source: declared}
	by := dayWords(x.r.End)
	switch goal, to := x.t.Goal, x.r.Target; {
	case x.r.Band != nil:
		s.Symbol = ""
		s.Sentence = fmt.Sprintf("The target is to stay between %s and %s until %s.", x.amount(x.r.Band.Low), x.amount(x.r.Band.High), by)
		s.Inputs = Inputs{{"low", x.r.Band.Low}, {"high", x.r.Band.High}}
	case !to.Known:
		s.Sentence = fmt.Sprintf("The target, %s, cannot be worked out without a baseline that it can be measured from.", goal)
	case goal.Relative() && goal.Of(x.r.Baseline.Number) == to.Number:
		s.Formula = "b + change"
		if goal.Form == programme.Percent {
			s.Formula = "b·(1 + change/100)"
		}
		s.Inputs = Inputs{{"b", x.r.Baseline.Number}, {"change", goal.Value}}
		s.Sentence = fmt.Sprintf("The target is a change from the baseline of %s: %s by %s.", goal, x.shownTarget(), by)
		s.Source = method
	default:
		s.Sentence = fmt.Sprintf("The target is %s by %s.", x.shownTarget(), by)
	}
	x.add(s)
}

// shownTarget is the target as it is and, where that differs, as it is shown.
func (x *explainer) shownTarget() string {
	text := x.amount(x.r.Target.Number)
	if shown := x.amount(progress.ShownTarget(x.i, x.r.Target.Number)); shown != text {
		text += ", shown as " + shown
	}
	return text
}

// year says what is observed of the target's year.
func (x *explainer) year() {
	s := Step{
		Name:   "year",
		Inputs: Inputs{{"k", float64(x.w.Observed)}, {"N", float64(x.w.Periods)}},
		Source: method,
	}
	s.Sentence = fmt.Sprintf("The year is judged by the %s from %s to %s, of which %d are observed.",
		x.periods(x.w.Periods), dayWords(x.r.Start+1), dayWords(x.r.End), x.w.Observed)
	if p := x.w.Newest().Period; !p.IsZero() {
		s.Sentence += fmt.Sprintf(" The newest is %s, and everything is judged as of its last day.", periodWords(p))
	}
	if x.w.Observed > 0 && !x.w.Value.Known {
		s.Sentence += " What is compared with the target cannot be told from them: values that it needs are missing, or the definition changed within the year."
	}
	x.add(s)
}

// trajectory says where the target's path is by now.
func (x *explainer) trajectory() {
	s := Step{Name: "expected-value", Symbol: "x", Result: x.w.Expected, Source: method}
	if x.r.Trajectory == programme.Level {
		s.Formula, s.Inputs = "T", Inputs{{"T", x.r.Target.Number}}
		s.Sentence = fmt.Sprintf("All through the year it is judged by the target itself, %s.", x.amount(x.w.Expected.Number))
		x.add(s)
		return
	}
	leg := x.r.LegOn(x.w.AsOf)
	passed, days := x.w.AsOf.Sub(leg.From.On), leg.To.On.Sub(leg.From.On)
	x.add(Step{
		Name: "time", Symbol: "τ", Formula: "passed/days", Result: progress.Known(leg.Passed), Source: arithmetic,
		Inputs: Inputs{{"passed", float64(passed)}, {"days", float64(days)}},
		Sentence: fmt.Sprintf("%d of the %d days from %s to %s have passed, which is %s.",
			passed, days, dayWords(leg.From.On), dayWords(leg.To.On), percent(leg.Passed)),
	})
	s.Formula = "from + (to − from)·τ"
	way := "a straight line"
	if x.r.Trajectory == programme.Compound {
		way = "the same change in per cent every day"
		s.Formula = "|from|^(1 − τ)·|to|^τ"
		if math.Signbit(leg.From.Value) {
			s.Formula = "−" + s.Formula
		}
	}
	s.Inputs = Inputs{{"from", leg.From.Value}, {"to", leg.To.Value}, {"τ", leg.Passed}}
	s.Sentence = fmt.Sprintf("On the way from %s to %s, by %s, it should be at %s by now.",
		x.amount(leg.From.Value), x.amount(leg.To.Value), way, x.amount(x.w.Expected.Number))
	x.add(s)
}
