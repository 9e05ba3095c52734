package progress

import (
	"iter"
	"math"

	"github.com/citygauge/citygauge/internal/programme"
)

// Assess judges a target on a day, by the observations of its indicator in
// order of period, at most one each.
func Assess(i programme.Indicator, r Resolved, series []Observed, day programme.Date) Assessment {
	y := yearBy(&i, r, series, min(day, r.End))
	asOf := y.asOf(r)
	a := Assessment{
		Day:      day,
		Baseline: r.Baseline,
		Target:   r.Target,
		Noise:    noise(&i, r, y.series),
		Observed: y.k,
		Periods:  y.run.N,
	}
	if y.k > 0 {
		a.AsOf = asOf
		a.Expected = TrajectoryAt(r, asOf)
	}
	a.Value, a.Share = y.measure(asOf)
	a.Freshness, a.Due = y.freshness(day)
	over := day > r.End
	if !over {
		a.Need = y.need(r, a.Value)
	}
	verdict := a.judge(i, r)
	switch {
	case !a.Value.Known || !r.Ready():
		a.Status = NoData
	case a.Freshness == Missing || over && !y.complete():
		a.Status = Awaiting
	case over && verdict.reached:
		a.Status = Met
	case over:
		a.Status = Missed
	default:
		a.Status = verdict.status
		a.AtTarget = a.Status == OnTrack && verdict.reached && r.Band == nil
	}
	return a
}

// AssessYear judges a target on each of its [Days].
func AssessYear(i programme.Indicator, r Resolved, series []Observed, today programme.Date) iter.Seq[Assessment] {
	return func(yield func(Assessment) bool) {
		for _, day := range Days(i, r, today) {
			if !yield(Assess(i, r, series, day)) {
				return
			}
		}
	}
}

// earlyShare is the part of the expected progress, or of the year's total, up
// to which it is too early to say anything.
const earlyShare = 0.05

// verdict is what the figures say, whatever the calendar says.
type verdict struct {
	status  Status // as of a day within the year
	reached bool   // the target is, now or at the end
}

// judge fills in progress and pace where there is a way to go, and says what
// follows from the measure.
func (a *Assessment) judge(i programme.Indicator, r Resolved) verdict {
	if !a.Value.Known || !r.Ready() {
		return verdict{}
	}
	q := 0.0
	if a.Noise.Known {
		q = measureNoise(&i, a.Noise.Number, a.Observed, a.Periods)
	}
	var v verdict
	if r.Band != nil || r.distance() == 0 {
		v = rangeOf(i, r).judge(a.Value.Number, q)
	} else {
		v = a.judgePace(r, q)
	}
	if a.Share.Known && !reaches(a.Share.Number, earlyShare) {
		v.status = Early
	}
	return v
}

func (a *Assessment) judgePace(r Resolved, q float64) verdict {
	way := r.distance()
	progress := (a.Value.Number - r.Baseline.Number) / way
	expected := (a.Expected.Number - r.Baseline.Number) / way
	pace := progress / expected
	// The size of e: a path that begins the wrong way must not turn the
	// interval round.
	halfWidth := normal80 * q / math.Abs(expected*way)
	a.Progress, a.ExpectedProgress = Known(progress), Known(expected)
	if a.Pace = Known(pace); a.Pace.Known {
		a.HalfWidth = Known(halfWidth)
		a.PaceLower, a.PaceUpper = Known(pace-halfWidth), Known(pace+halfWidth)
	}
	if !reaches(expected, earlyShare) {
		return verdict{Early, reaches(progress, 1)}
	}
	return verdict{paceStatus(pace, halfWidth), reaches(progress, 1)}
}

// The cut points of Eurostat's and the United Nations' monitoring of the
// Sustainable Development Goals: from 95 % of the pace that a target needs,
// progress is on track, and from 60 % it is moderate.
const (
	onTrackPace  = 0.95
	slippingPace = 0.60
)

// paceStatus is the status by pace and the half-width of its interval, which
// keeps noise from being called success or failure.
func paceStatus(pace, halfWidth float64) Status {
	switch {
	case reaches(pace, onTrackPace) && reaches(pace-halfWidth, slippingPace):
		return OnTrack
	case reaches(pace, onTrackPace), reaches(pace+halfWidth, onTrackPace):
		return TooClose
	case reaches(pace, slippingPace):
		return Slipping
	case !reaches(pace+halfWidth, 0):
		return MovingAway
	}
	return OffTrack
}
