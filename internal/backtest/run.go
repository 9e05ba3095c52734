package backtest

import (
	"fmt"
	"io"
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
)

// Run writes how good forecasts are: of observations as [Read] takes them, if
// any, and of simulated series, then what statuses say of cities in which
// nothing changes. Without a measure, every one is tried. The plot is of the
// observations, or else of the simulated series; it may be nil.
func Run(tables, plot io.Writer, observations io.Reader, by Judging) error {
	var observed []Case
	if observations != nil {
		all, err := Read(observations, by)
		if err != nil {
			return err
		}
		for _, m := range by.measures() {
			observed = append(observed, Try(by.with(m).again(all))...)
		}
		if len(observed) == 0 {
			return fmt.Errorf("%w: no series has all values of the year that is forecast and of the one before it", ErrObservations)
		}
		if err := writeTables(tables, "Observed", observed, rowsOf(observed)); err != nil {
			return err
		}
	}
	simulated := simulatedCases()
	if err := writeTables(tables, "Simulated", simulated, rowsOf(simulated)); err != nil {
		return err
	}
	if err := writeTables(tables, "Simulated, by shape", simulated, shapesOf(simulated)); err != nil {
		return err
	}
	if err := writeNoChange(tables, NoChange(noChangeCities)); err != nil {
		return err
	}
	if plot == nil {
		return nil
	}
	if len(observed) > 0 {
		return writePlot(plot, observed)
	}
	return writePlot(plot, simulated)
}

// How many simulated series of each shape and size are tried, and how many
// cities in which nothing changes.
const simulatedSeries, noChangeCities = 100, 1000

// simulatedCases tries every measure of months, and totals and latest values of
// quarters and weeks, after two years of history.
func simulatedCases() []Case {
	var cases []Case
	for _, kind := range programme.Kinds {
		for _, m := range programme.Measures {
			by := tenthLess(m, kind)
			cases = append(cases, Try(Simulated(by, programme.Monthly, historyYears, simulatedSeries))...)
			if m == programme.Total || m == programme.Latest {
				cases = append(cases, Try(Simulated(by, programme.Quarterly, historyYears, simulatedSeries))...)
				cases = append(cases, Try(Simulated(by, programme.Weekly, historyYears, simulatedSeries))...)
			}
		}
	}
	return cases
}

const historyYears = 2

// tenthLess judges by a target a tenth below the year before.
func tenthLess(m programme.Measure, k programme.Kind) Judging {
	return Judging{
		Measure: m, Kind: k, Direction: programme.Decrease,
		Goal: programme.Goal{Value: -10, Form: programme.Percent},
	}
}

func (by Judging) measures() []programme.Measure {
	if by.Measure != "" {
		return []programme.Measure{by.Measure}
	}
	return programme.Measures
}

func (by Judging) with(m programme.Measure) Judging {
	by.Measure = m
	return by
}

// again judges series anew.
func (by Judging) again(all []Series) []Series {
	all = slices.Clone(all)
	year := by.year(all)
	for n := range all {
		all[n].judge(by, year)
	}
	return all
}
