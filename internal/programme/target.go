package programme

import "fmt"

// Target is what one indicator is to reach in one cohort's year, as declared:
// an automatic baseline and a relative goal are still to be resolved.
type Target struct {
	City      string
	Indicator string
	Cohort    string
	Baseline  Baseline
	Goal      Goal       // not for an indicator to maintain
	Period    Range      // none: the last of the cohort
	Path      Trajectory // empty: the measure's default
	// Milestones are the corners of a trajectory in steps, in order of time,
	// between baseline and target.
	Milestones []Milestone
	// Band is where an indicator to maintain should stay; nil for the others.
	Band *Band
}

// Baseline is what a target is measured from.
type Baseline struct {
	Auto   bool    // measured from the observations of its period
	Value  float64 // where it is not automatic
	Period Range
}

// Milestone is a value to have reached by a date.
type Milestone struct {
	On   Date
	Goal Goal
}

// Band is a range of values, both ends included.
type Band struct {
	Low, High float64
}

// Key names a target among all others.
func (t Target) Key() TargetKey { return TargetKey{t.City, t.Indicator, t.Cohort} }

// TargetKey names a target.
type TargetKey struct {
	City, Indicator, Cohort string
}

func (k TargetKey) String() string { return k.City + "/" + k.Indicator + "/" + k.Cohort }

// Trajectory is the target's trajectory, or the default of a measure.
func (t Target) Trajectory(m Measure) Trajectory {
	if t.Path == "" {
		return m.DefaultTrajectory()
	}
	return t.Path
}

// End is the last day of the target's period: where none is declared, that of
// the newest of the frequency's periods that end within the cohort.
func (t Target) End(f Frequency, c Cohort) Date {
	if !t.Period.IsZero() {
		return t.Period.Last()
	}
	return LastEndedBy(f, c.Ends).Last()
}

// Start is the day after which the target's year begins: the later of the
// baseline's last day and the day before the cohort starts.
func (t Target) Start(c Cohort) Date {
	start := c.Starts - 1
	if !t.Baseline.Period.IsZero() {
		start = max(start, t.Baseline.Period.Last())
	}
	return start
}

func (t Target) check(fs *faults, i Indicator, c Cohort) {
	switch {
	case i.Direction == Maintain:
		t.checkBand(fs)
	case t.Band != nil:
		fs.refuse("range", "write a target, or direction maintain", "indicator %s is to %s, but its target is a range", i.ID, i.Direction)
	case t.Goal.Form == "":
		fs.refuse("target", "write a value such as 750 or a change such as -10%", "no target is given for %s", i.ID)
	}
	if t.Goal.Form == Points && i.Kind == Count {
		fs.warn("target", "write % where a part of the baseline is meant, else the value itself",
			"indicator %s is a number of %s, not a percentage: pp changes it by as many", i.ID, i.Unit)
	}
	// An indicator to maintain may do without a baseline, but not have one to be
	// measured in no period.
	if (i.Direction != Maintain || t.Baseline.Auto) && t.Baseline.Period.IsZero() {
		fs.refuse("baseline.period", "write the period that the baseline was measured in, such as 2024", "the baseline of %s has no period", i.ID)
	}
	if !Finite(t.Baseline.Value) {
		fs.refuse("baseline.value", "write a number up to 1e15, or auto", "the baseline of %s is %v", i.ID, t.Baseline.Value)
	}
	if t.Path != "" {
		word(fs, "trajectory", t.Path, Trajectories)
	}
	start, end := t.Start(c), t.End(i.Frequency, c)
	if Ending(i.Frequency, start, end).N == 0 {
		fs.refuse("period", "choose a later target period, an earlier baseline or a more frequent indicator",
			"no %s of indicator %s ends after %s and by %s", i.Frequency.Noun(), i.ID, start, end)
	}
	t.checkMilestones(fs, i, start, end)
}

func (t Target) checkBand(fs *faults) {
	switch {
	case t.Band == nil:
		fs.refuse("range", "write the range to stay in", "an indicator to maintain needs a range")
	case !Finite(t.Band.Low) || !Finite(t.Band.High):
		fs.refuse("range", "write numbers up to 1e15", "the range goes from %v to %v", t.Band.Low, t.Band.High)
	case t.Band.Low >= t.Band.High:
		fs.refuse("range", "write the smaller number first", "the range goes from %v to %v", t.Band.Low, t.Band.High)
	}
	if t.Goal.Form != "" {
		fs.refuse("target", "write a range instead", "an indicator to maintain has no single target")
	}
}

func (t Target) checkMilestones(fs *faults, i Indicator, start, end Date) {
	steps := t.Trajectory(i.Measure) == Steps
	if steps && len(t.Milestones) == 0 {
		fs.refuse("milestones", "write dated milestones, or another trajectory", "a trajectory in steps has no milestones")
	}
	if !steps && len(t.Milestones) > 0 {
		fs.refuse("milestones", "write trajectory: steps", "milestones are given, but the trajectory is %s", t.Trajectory(i.Measure))
	}
	for n, m := range t.Milestones {
		field := fmt.Sprintf("milestones.%d", n)
		if m.On <= start || m.On >= end {
			fs.refuse(field, "write a day in between", "a milestone on %s is not between %s and %s", m.On, start, end)
		}
		if m.Goal.Form == "" {
			fs.refuse(field, "write the value to reach by then", "the milestone on %s has no value", m.On)
		}
		if n > 0 && m.On <= t.Milestones[n-1].On {
			fs.refuse(field, "write the milestones in order of time", "milestone %s does not come after %s", m.On, t.Milestones[n-1].On)
		}
	}
}
