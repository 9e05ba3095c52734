package progress

import "github.com/citygauge/citygauge/internal/programme"

// Observed is one delivered value of an indicator.
type Observed struct {
	Period programme.Period
	Value  float64 // 0 where suppressed
	Status programme.ObservationStatus
}

// Assessment is the judgement of one target on one day.
type Assessment struct {
	Day   programme.Date // the day on which it is judged
	AsOf  programme.Date // the last day of the newest observed period, by which it is judged; none where nothing is observed
	Value Figure         // M: what is compared with the target, in the indicator's unit

	Baseline         Figure // b
	Target           Figure // T; unknown for a range to stay in
	Expected         Figure // x: where the trajectory is as of AsOf
	Progress         Figure // p: 0 at the baseline, 1 at the target
	ExpectedProgress Figure // e
	Pace             Figure // p/e
	PaceLower        Figure // of the 80 % interval
	PaceUpper        Figure
	HalfWidth        Figure // h: of that interval; 0 where noise is unknown
	Noise            Figure // v: the standard deviation of one period's value; unknown, not 0, where history is too short
	Share            Figure // of the year's total that the observed periods stand for; of totals only

	Observed int // k: how many of the year's periods are observed
	Periods  int // N: how many the year has

	Status    Status
	AtTarget  bool // at the target already, before the end
	Freshness Freshness
	Due       programme.Date // when the next value is due
	Need      Need
	Signal    Signal   // whether something has changed; see [XmR]
	Forecast  Forecast // of the newest day, where it was asked for; see [Predict]
	AtStart   Status   // of the newest day, against the target in force when the cohort started, where it was changed since; else empty
}

// Judgement is an assessment, and of what.
type Judgement struct {
	City, Indicator, Cohort string // slugs
	Assessment
}

// Standing is how one city stands: its newest values and judgements.
type Standing struct {
	City       programme.City
	Indicators []IndicatorStanding
}

// IndicatorStanding is how one indicator stands.
type IndicatorStanding struct {
	Indicator programme.Indicator
	Newest    *programme.Observation // nil before the first that is not suppressed
	Freshness Freshness
	Due       programme.Date // none where it cannot be told
	Targets   []TargetStanding
}

// TargetStanding is how one target stands.
type TargetStanding struct {
	Cohort     programme.Cohort
	Ends       programme.Date  // the last day of the target's period
	Band       *programme.Band // the range to stay in; nil for a target to reach
	Assessment Assessment
}

// Judgeable is a target with all that it is judged by.
type Judgeable struct {
	City      programme.City
	Indicator programme.Indicator
	Cohort    programme.Cohort
	Declared  programme.Target
	Version   int // of the target
	Target    Resolved
	AtStart   *Resolved // the target in force when the cohort started; nil where that is the same
	Series    []Observed
}
