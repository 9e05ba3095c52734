package progress

import (
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
)

// Resolved is a target in numbers: what was automatic or relative is worked
// out.
type Resolved struct {
	Baseline    Figure         // b; unknown until an automatic one can be measured, and where a range to stay in has none
	Target      Figure         // T; unknown for a range to stay in, and until the baseline that it is relative to is known
	BaselineEnd programme.Date // t0; Start where there is no baseline
	Start       programme.Date // s: the year begins on the day after
	End         programme.Date // t1
	Trajectory  programme.Trajectory
	Milestones  []Milestone // in order of time, between Start and End
	Band        *programme.Band
}

// Milestone is a point of a trajectory.
type Milestone struct {
	On    programme.Date
	Value float64
}

// Ready reports whether there is something to judge by. A target that is not
// ready was refused or waits for the observations of its automatic baseline:
// its status is [NoData].
func (r Resolved) Ready() bool { return r.Band != nil || r.Baseline.Known && r.Target.Known }

// Window is W: the periods of a frequency by which the target is judged.
func (r Resolved) Window(f programme.Frequency) programme.Run {
	return programme.Ending(f, r.Start, r.End)
}

// distance is T - b. Where the two are one but for rounding it is 0: the
// target is to stay at least where the baseline was, a range with one side.
func (r Resolved) distance() float64 {
	if nearly(r.Baseline.Number, r.Target.Number) {
		return 0
	}
	return r.Target.Number - r.Baseline.Number
}

// Days lists the days on which a target is judged: each period end in its year
// up to today, then today.
func Days(i programme.Indicator, r Resolved, today programme.Date) []programme.Date {
	run := programme.Ending(i.Frequency, r.Start, min(r.End, today))
	days := make([]programme.Date, 0, run.N+1)
	for p := range run.All() {
		days = append(days, p.Last())
	}
	if !slices.Contains(days, today) {
		days = append(days, today)
	}
	return days
}
