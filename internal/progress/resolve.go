package progress

import (
	"fmt"
	"math"

	"github.com/citygauge/citygauge/internal/programme"
)

// Resolve turns a target into numbers, by the observations of its indicator in
// order of period, and says what refuses it or is worth a second look. The
// target, indicator and cohort have passed [programme.Programme.Check]; the
// faults' Index is left for the caller, who knows it.
//
// A refused target is not [Resolved.Ready]. Neither is one whose automatic
// baseline waits for observations, which is no fault, nor one that is relative
// to a measured baseline of 0 or less, which is warned of.
func Resolve(t programme.Target, i programme.Indicator, c programme.Cohort, series []Observed) (Resolved, []programme.Fault) {
	x := resolution{
		target: t,
		of:     i,
		series: series,
		Resolved: Resolved{
			BaselineEnd: t.Start(c),
			Start:       t.Start(c),
			End:         t.End(i.Frequency, c),
			Trajectory:  t.Trajectory(i.Measure),
			Band:        t.Band,
		},
	}
	x.window = x.Window(i.Frequency)
	if !t.Baseline.Period.IsZero() {
		x.BaselineEnd = t.Baseline.Period.Last()
		x.resolveBaseline()
	}
	x.checkSplit()
	if t.Band == nil {
		x.resolveGoal()
	}
	x.warn()
	return x.Resolved, x.faults
}

// resolution is a target on its way to being resolved.
type resolution struct {
	target programme.Target
	of     programme.Indicator
	series []Observed
	window programme.Run
	Resolved
	faults []programme.Fault
}

func (x *resolution) refuse(field, hint, format string, args ...any) {
	x.faults = append(x.faults, programme.Fault{
		Noun: programme.TargetNoun, Field: field, Hint: hint, Message: fmt.Sprintf(format, args...),
	})
}

func (x *resolution) doubt(field, hint, format string, args ...any) {
	x.refuse(field, hint, format, args...)
	x.faults[len(x.faults)-1].Warning = true
}

const (
	baselineField       = "baseline.value"
	baselinePeriodField = "baseline.period"
	targetField         = "target"
)

func (x *resolution) resolveBaseline() {
	given := x.target.Baseline
	run := baselineRun(x.of, given.Period)
	noun := x.of.Frequency.Noun()
	if x.of.Measure == programme.Total && run.N != x.window.N {
		x.refuse(baselinePeriodField, fmt.Sprintf("choose a range of %s", plural(x.window.N, noun)),
			"the total of %s (baseline %s) cannot be compared with that of %s", plural(run.N, noun), given.Period, plural(x.window.N, noun))
		return
	}
	if !given.Auto {
		x.Baseline = Known(given.Value)
		if b := breakBetween(x.of, x.BaselineEnd, x.window.First.Last()); !b.IsZero() {
			x.doubt(baselineField, "make sure that the value is restated in the new definition",
				"the definition changed on %s, after the baseline's period %s", b, given.Period)
		}
		return
	}
	if run.N == 0 {
		x.refuse(baselinePeriodField, "choose a longer range, or write the baseline's value", "no %s ends within %s", noun, given.Period)
		return
	}
	if b := breakBetween(x.of, run.First.Last(), x.window.First.Last()); !b.IsZero() {
		x.refuse(baselinePeriodField, fmt.Sprintf("choose a period from %s on, or write the baseline's value in the new definition", b),
			"the definition changed on %s: a baseline of %s cannot be measured for what comes after", b, given.Period)
		return
	}
	x.Baseline = AutoBaseline(x.of, given.Period, x.series)
	if x.Baseline.Known && !programme.Finite(x.Baseline.Number) {
		x.refuse(baselineField, "choose a larger unit", "the baseline of %s is %s, beyond 1e15", given.Period, x.Baseline)
		x.Baseline = Unknown
	}
}

// checkSplit warns rather than refuses: that a definition changes during the
// year is a fact that must be possible to declare.
func (x *resolution) checkSplit() {
	if b := breakWithin(x.of, x.window); !b.IsZero() {
		x.doubt("", "end the target's period before the break, or choose another indicator",
			"the definition changes on %s, within the target's year: from then on it cannot be judged", b)
	}
}

func (x *resolution) resolveGoal() {
	goal, b := x.target.Goal, x.Baseline
	if !b.Known {
		if !goal.Relative() {
			x.Target = Known(goal.Value)
		}
		return
	}
	if goal.Form == programme.Percent && b.Number <= 0 {
		say := x.refuse
		if x.target.Baseline.Auto {
			// What was measured is no mistake of who declared it, and must not
			// refuse the targets of every other city.
			say = x.doubt
		}
		say(targetField, "write the value to reach, or a change in points such as -10pp",
			"%s of a baseline of %s is not defined, so there is no verdict", goal, b)
		return
	}
	t := goal.Of(b.Number)
	if !programme.Finite(t) {
		x.refuse(targetField, "choose a larger unit", "the target of %s is beyond 1e15", goal)
		return
	}
	wrong := t > b.Number
	if x.of.Direction == programme.Increase {
		wrong = t < b.Number
	}
	if wrong && !nearly(t, b.Number) {
		x.refuse(targetField, "correct the target, the baseline or the indicator's direction",
			"the target %s is on the wrong side of the baseline %s for an indicator to %s", Known(t), b, x.of.Direction)
		return
	}
	if x.Trajectory == programme.Compound && (b.Number == 0 || t == 0 || math.Signbit(t) != math.Signbit(b.Number)) {
		x.refuse("trajectory", "choose linear", "a compound path cannot go from %s to %s, through zero", b, Known(t))
		return
	}
	if x.resolveMilestones() {
		x.Target = Known(t)
	}
}

// resolveMilestones reports whether all of them have a value.
func (x *resolution) resolveMilestones() bool {
	for n, m := range x.target.Milestones {
		field := fmt.Sprintf("milestones.%d", n)
		if m.Goal.Form == programme.Percent && x.Baseline.Number <= 0 {
			x.refuse(field, "write the value to reach by then", "%s of a baseline of %s is not defined", m.Goal, x.Baseline)
			continue
		}
		v := m.Goal.Of(x.Baseline.Number)
		if !programme.Finite(v) {
			x.refuse(field, "choose a larger unit", "the milestone of %s is beyond 1e15", m.Goal)
			continue
		}
		x.Milestones = append(x.Milestones, Milestone{m.On, v})
	}
	return len(x.Milestones) == len(x.target.Milestones)
}
