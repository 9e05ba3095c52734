package programme

// Lens is what an indicator looks at.
type Lens string

// The lenses.
const (
	Outcome     Lens = "outcome"
	Cause       Lens = "cause"
	Consequence Lens = "consequence"
)

// Kind says what an indicator's values are.
type Kind string

// The kinds: events, whole and not negative; or anything else.
const (
	Count    Kind = "count"
	Quantity Kind = "quantity"
)

// Direction is where an indicator should go.
type Direction string

// The directions.
const (
	Increase Direction = "increase"
	Decrease Direction = "decrease"
	Maintain Direction = "maintain"
)

// Measure is what of an indicator is compared with its target.
type Measure string

// The measures; progress.Measure has their formulas.
const (
	Latest      Measure = "latest"
	Rolling     Measure = "rolling"
	RollingMean Measure = "rolling-mean"
	Mean        Measure = "mean"
	Total       Measure = "total"
)

// Trajectory is the way from baseline to target that a year is judged by.
type Trajectory string

// The trajectories; progress has their formulas.
const (
	Linear   Trajectory = "linear"
	Level    Trajectory = "level"
	Compound Trajectory = "compound"
	Steps    Trajectory = "steps"
)

// DefaultTrajectory is the trajectory of a measure whose target names none.
func (m Measure) DefaultTrajectory() Trajectory {
	if m == Mean || m == Total {
		return Level
	}
	return Linear
}

// ObservationStatus says how far an observation can be relied on.
type ObservationStatus string

// The statuses of observations. A suppressed one was delivered, but its value
// is withheld for privacy.
const (
	Final       ObservationStatus = "final"
	Provisional ObservationStatus = "provisional"
	Estimated   ObservationStatus = "estimated"
	Suppressed  ObservationStatus = "suppressed"
)

// Lenses, Kinds, Directions, Measures, Trajectories and ObservationStatuses
// list every word of their vocabulary, the default first.
var (
	Lenses              = []Lens{Outcome, Cause, Consequence}
	Kinds               = []Kind{Quantity, Count}
	Directions          = []Direction{Increase, Decrease, Maintain}
	Measures            = []Measure{Latest, Rolling, RollingMean, Mean, Total}
	Trajectories        = []Trajectory{Linear, Level, Compound, Steps}
	ObservationStatuses = []ObservationStatus{Final, Provisional, Estimated, Suppressed}
)
