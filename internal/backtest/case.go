package backtest

import (
	"math"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// Series is one indicator of one city with all of its values, and the target
// by which its last year is judged.
type Series struct {
	City      string
	Shape     string  // what it was simulated to do; empty for real values
	Size      float64 // a year, as it was simulated; 0 for real values
	Indicator programme.Indicator
	Target    progress.Resolved
	Values    []progress.Observed // in order of period
}

// LargeCount is the yearly number from which a series is one of large counts.
// It is where an indicator's season tells as much as the calendar.
const LargeCount = 280

// Origin is the third of the year in which a forecast was made.
type Origin int

// The origins: from the third to the fifth, the sixth to the eighth and the
// ninth to the eleventh month's end.
const (
	Early Origin = iota
	Middle
	Late
	origins
)

// String is the origin's name.
func (o Origin) String() string { return [...]string{"early", "middle", "late"}[o] }

// Case is one forecast and what came of it.
type Case struct {
	Series   *Series
	Origin   Origin
	Large    bool    // of a year of LargeCount or more, as quantities all are
	Outcome  float64 // M at t1
	Met      bool
	Scale    float64 // what errors are measured in: the measure as it usually was the year before
	Forecast progress.Forecast
	// What anyone could have said: M as it stands, the value of the last year,
	// and half the width of the interval around M that follows from
	// independent periods of the variance v².
	SoFar, LastYear, HalfWidth float64
}

// Try forecasts the last year of each series from the ends of its third to
// eleventh month. A series whose last or last but one year has gaps is left
// out, and so are days on which there is nothing to compare with: no measure
// yet, or no forecast.
func Try(all []Series) []Case {
	var cases []Case
	for n := range all {
		cases = append(cases, all[n].try()...)
	}
	return cases
}

const firstOrigin, lastOrigin = 3, 11

func (s *Series) try() []Case {
	end := progress.Assess(s.Indicator, s.Target, s.Values, s.Target.End+1)
	lastYear, usual, yearly := s.lastYear()
	if end.Status != progress.Met && end.Status != progress.Missed || !lastYear.Known {
		return nil
	}
	var cases []Case
	for month := firstOrigin; month <= lastOrigin; month++ {
		day := programme.PeriodOf(programme.Monthly, s.Target.Start+1).Plus(month - 1).Last()
		then := progress.Assess(s.Indicator, s.Target, s.Values, day)
		f := progress.Predict(s.Indicator, s.Target, s.Values, day)
		if !then.Value.Known || !f.Projected.Known {
			continue
		}
		cases = append(cases, Case{
			Series: s, Origin: Origin((month - firstOrigin) / int(origins)),
			Large: s.Indicator.Kind == programme.Quantity || yearly >= LargeCount, Outcome: end.Value.Number, Met: end.Status == progress.Met,
			Scale: s.scale(usual), Forecast: f,
			SoFar: then.Value.Number, LastYear: lastYear.Number,
			HalfWidth: then.HalfWidth.Number * math.Abs(then.Expected.Number-then.Baseline.Number),
		})
	}
	return cases
}

// lastYear is the measure as it was one year before the outcome, what it
// usually was in that year, and the year's sum.
func (s *Series) lastYear() (measure, usual progress.Figure, yearly float64) {
	run := s.Target.Window(s.Indicator.Frequency)
	last := programme.Range{From: run.First.YearBefore(), To: run.Last().YearBefore()}
	usual = progress.AutoBaseline(s.Indicator, last, s.Values)
	i := s.Indicator
	i.Measure = programme.Total
	sum := progress.AutoBaseline(i, last, s.Values)
	if s.Indicator.Measure == programme.Latest {
		last.From = last.To
	}
	return progress.AutoBaseline(s.Indicator, last, s.Values), usual, sum.Number
}

// scale is what errors are measured in: what was usual, of counts at least one
// event; where that is 0, the unit.
func (s *Series) scale(usual progress.Figure) float64 {
	size := math.Abs(usual.Number)
	if s.Indicator.Kind == programme.Count || size == 0 {
		return max(size, 1)
	}
	return size
}
