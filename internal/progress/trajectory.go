package progress

import (
	"math"
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
)

// TrajectoryAt is x: where the target's trajectory is on a day, in the
// indicator's unit. Before the year it is where it starts, after it where it
// ends. It is unknown for a range to stay in and for a target that is not
// [Resolved.Ready].
//
//	linear    b + (T - b)·τ
//	level     T
//	compound  b·(T/b)^τ
//	steps     straight lines from b through the milestones to T
//
// where τ is the part of the days from s to t1 that have passed.
func TrajectoryAt(r Resolved, d programme.Date) Figure {
	if r.Band != nil || !r.Ready() {
		return Unknown
	}
	leg := r.LegOn(d)
	switch r.Trajectory {
	case programme.Level:
		return r.Target
	case programme.Compound:
		return Known(compound(leg.From.Value, leg.To.Value, leg.Passed))
	}
	return Known(leg.From.Value + (leg.To.Value-leg.From.Value)*leg.Passed)
}

// Leg is the part of a trajectory from one point to the next.
type Leg struct {
	From, To Milestone
	Passed   float64 // τ: the part of its days that have passed
}

// LegOn is the part of the trajectory that holds a day: all of it, unless it is
// in steps. It means nothing where [TrajectoryAt] is unknown.
func (r Resolved) LegOn(d programme.Date) Leg {
	from := Milestone{r.Start, r.Baseline.Number}
	to := Milestone{r.End, r.Target.Number}
	d = min(max(d, r.Start), r.End)
	if r.Trajectory == programme.Steps {
		for _, m := range r.Milestones {
			if d <= m.On {
				to = m
				break
			}
			from = m
		}
	}
	return Leg{from, to, passed(from, to, d)}
}

// passed is the part of the days between two points that have passed by d.
func passed(from, to Milestone, d programme.Date) float64 {
	if to.On <= from.On {
		return 1
	}
	return float64(d.Sub(from.On)) / float64(to.On.Sub(from.On))
}

// compound is b·(T/b)^τ for two numbers of one sign, in a form that no ratio of
// a huge to a tiny number can overflow.
func compound(b, t, tau float64) float64 {
	return math.Copysign(math.Pow(math.Abs(b), 1-tau)*math.Pow(math.Abs(t), tau), b)
}

// Path is the trajectory as a chart draws it: its value at the start of the
// year, at each end of a period of the frequency, at the milestones and at the
// end, in order of time. It is empty where [TrajectoryAt] is unknown.
func (r Resolved) Path(f programme.Frequency) []Milestone {
	if !TrajectoryAt(r, r.Start).Known {
		return nil
	}
	run := r.Window(f)
	days := make([]programme.Date, 0, run.N+len(r.Milestones)+2)
	days = append(days, r.Start, r.End)
	for p := range run.All() {
		days = append(days, p.Last())
	}
	for _, m := range r.Milestones {
		days = append(days, m.On)
	}
	slices.Sort(days)
	days = slices.Compact(days)
	path := make([]Milestone, len(days))
	for n, d := range days {
		path[n] = Milestone{d, TrajectoryAt(r, d).Number}
	}
	return path
}
