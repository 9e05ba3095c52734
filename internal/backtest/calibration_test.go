package backtest

import (
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
)

// TestForecastsAreCalibrated holds the forecasts to what is promised of them,
// on series that they were not made for. Where a latest value is a small count,
// it has so few possible values that no interval of them holds just 80 %.
func TestForecastsAreCalibrated(t *testing.T) {
	cases := simulatedCases()
	for _, r := range rowsOf(cases) {
		t.Run(r.name, func(t *testing.T) {
			s := ScoreOf(cases, r.choose)
			of := cases[0].Series.Indicator
			for _, c := range cases {
				if r.choose(c) {
					of = c.Series.Indicator
					break
				}
			}
			coarse := of.Measure == programme.Latest && of.Kind == programme.Count
			most, mostOfPart := 0.855, 0.92
			if coarse {
				most, mostOfPart = 0.92, 0.95
			}
			if s.Coverage < 0.75 || s.Coverage > most {
				t.Errorf("the interval holds %.3f of %d outcomes", s.Coverage, s.N)
			}
			for _, large := range []bool{false, true} {
				for o := range origins {
					part := ScoreOf(cases, func(c Case) bool { return r.choose(c) && c.Large == large && c.Origin == o })
					if part.N >= 100 && (part.Coverage < 0.68 || part.Coverage > mostOfPart) {
						t.Errorf("large %v, %s: the interval holds %.3f of %d outcomes", large, o, part.Coverage, part.N)
					}
				}
			}
			if s.Interval >= s.IntervalIndependent || s.RawInterval >= s.RawIntervalIndependent {
				t.Errorf("the interval scores %.2f, that of independent periods %.2f", s.Interval, s.IntervalIndependent)
			}
			soFar := s.ErrorSoFar
			if of.Measure == programme.Total && of.Frequency == programme.Weekly && of.Kind == programme.Quantity {
				// A wave that multiplies is what the share of a year follows,
				// and a noisy week less than a month tells it from none.
				soFar *= 1.15
			}
			if s.Error >= soFar || s.Error >= s.ErrorLastYear {
				t.Errorf("the error is %.2f, as so far %.2f, as last year %.2f", s.Error, s.ErrorSoFar, s.ErrorLastYear)
			}
			if s.Brier >= s.BrierConstant {
				t.Errorf("the Brier score is %.3f, that of a constant %.3f", s.Brier, s.BrierConstant)
			}
		})
	}
}

func TestSimulatedSeriesAreTheSameAgain(t *testing.T) {
	by := tenthLess(programme.Total, programme.Count)
	one, two := Simulated(by, programme.Monthly, 1, 2), Simulated(by, programme.Monthly, 1, 2)
	for n := range one {
		for j, o := range one[n].Values {
			if two[n].Values[j] != o {
				t.Fatalf("%s: %v became %v", one[n].City, o, two[n].Values[j])
			}
		}
	}
}

func TestNoChange(t *testing.T) {
	for _, v := range NoChange(300) {
		if v.Reversals >= 0.3 || v.ReversalsSlipping >= 0.3 {
			t.Errorf("%g a year: %.2f reversals a year, %.2f with slipping", v.Size, v.Reversals, v.ReversalsSlipping)
		}
		if len(v.Bad) != 13 || v.Bad[12]+v.Good[12] != 1 {
			t.Errorf("%g a year: verdicts are %v bad and %v good", v.Size, v.Bad, v.Good)
		}
	}
}
