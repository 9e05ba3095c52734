package progress

import (
	"iter"
	"math"

	"github.com/citygauge/citygauge/internal/programme"
)

// Assess judges a target on a day, by the observations of its indicator in
// order of period, at most one each.
func Assess(i programme.Indicator, r Resolved, series []Observed, day programme.Date) Assessment {
	return assess(&i, r, series, day).Assessment
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

func assess(i *programme.Indicator, r Resolved, series []Observed, day programme.Date) Workings {
	w := Workings{year: yearBy(i, r, series, min(day, r.End))}
	y := &w.year
	asOf := y.asOf(r)
	w.Assessment = Assessment{
		Day:      day,
		Baseline: r.Baseline,
		Target:   r.Target,
		Observed: y.k,
		Periods:  y.run.N,
		Signal:   SignalOf(*i, r, series, day),
	}
	if y.k > 0 {
		w.AsOf = asOf
		w.expect(r)
	}
	w.NoiseBasis = noiseBasis(i, r, y.series)
	w.Noise = w.NoiseBasis.Noise
	w.Measured = y.measure(asOf)
	w.Value, w.Share = w.Measured.Value, w.Measured.Share
	w.Freshness, w.Due = y.freshness(day)
	if day <= r.End {
		w.Need = y.need(r, w.Value)
	}
	w.evidence = evidence{
		known:    w.Value.Known && r.Ready(),
		missing:  w.Freshness == Missing,
		over:     day > r.End,
		complete: y.complete(),
		share:    w.Share,
	}
	if w.evidence.known {
		w.judge(i, r)
	}
	w.Status = w.evidence.status()
	w.AtTarget = w.Status == OnTrack && w.evidence.reached() && r.Band == nil
	return w
}

// expect fills in where the measure should be by now, which it takes no measure
// to say.
func (w *Workings) expect(r Resolved) {
	w.Expected = TrajectoryAt(r, w.AsOf)
	if way := r.distance(); w.Expected.Known && way != 0 {
		w.ExpectedProgress = Known((w.Expected.Number - r.Baseline.Number) / way)
	}
}

// judge fills in progress and pace where there is a way to go, else the
// distance from the range to stay in.
func (w *Workings) judge(i *programme.Indicator, r Resolved) {
	q := 0.0
	if w.Noise.Known {
		q = measureNoise(i, w.Noise.Number, w.Observed, w.Periods)
		w.MeasureNoise = Known(q)
	}
	if r.Band != nil || r.distance() == 0 {
		keep := rangeOf(*i, r)
		w.Range = keep.around(w.Value.Number)
		w.evidence.ranged = true
		w.evidence.distance = keep.distance(w.Value.Number)
		w.evidence.byChance, w.evidence.near = normal80*q, keep.near
		if w.Noise.Known {
			w.Range.ByChance = Known(normal80 * q)
		}
		return
	}
	w.judgePace(r, q)
}

func (w *Workings) judgePace(r Resolved, q float64) {
	way := r.distance()
	progress := (w.Value.Number - r.Baseline.Number) / way
	expected := w.ExpectedProgress.Number
	pace := progress / expected
	// The size of e: a path that begins the wrong way must not turn the
	// interval round.
	halfWidth := normal80 * q / math.Abs(expected*way)
	w.Progress = Known(progress)
	if w.Pace = Known(pace); w.Pace.Known {
		w.HalfWidth = Known(halfWidth)
		w.PaceLower, w.PaceUpper = Known(pace-halfWidth), Known(pace+halfWidth)
	}
	w.evidence.progress, w.evidence.expected = progress, expected
	w.evidence.pace, w.evidence.halfWidth = pace, halfWidth
}
