package backtest

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// Judging says how the series of a file are judged: the year's measure against
// the one before, on the way to a goal.
type Judging struct {
	Measure   programme.Measure
	Kind      programme.Kind
	Direction programme.Direction
	Goal      programme.Goal
	// Year is what is forecast; the baseline is the year before it. 0: the
	// newest calendar year that any series has the last period of.
	Year int
}

// columns are those of a file of observations, in this order.
var columns = []string{"city", "indicator", "period", "value"}

// Read takes observations from a CSV with the columns city, indicator, period
// and value, in any order of rows, each value final.
func Read(from io.Reader, by Judging) ([]Series, error) {
	rows := csv.NewReader(from)
	rows.FieldsPerRecord = len(columns)
	header, err := rows.Read()
	if err != nil {
		return nil, fmt.Errorf("read the header of the observations: %w", err)
	}
	if !slices.Equal(header, columns) {
		return nil, fmt.Errorf("the observations have the columns %v: write %v", header, columns)
	}
	type key struct{ city, indicator string }
	values := map[key][]progress.Observed{}
	var order []key
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read the observations: %w", err)
		}
		o, err := observed(row[2], row[3])
		if err != nil {
			line, _ := rows.FieldPos(0)
			return nil, fmt.Errorf("line %d of the observations: %w", line, err)
		}
		k := key{row[0], row[1]}
		if values[k] == nil {
			order = append(order, k)
		}
		values[k] = append(values[k], o)
	}
	all := make([]Series, 0, len(order))
	for _, k := range order {
		all = append(all, Series{City: k.city, Indicator: programme.Indicator{City: k.city, ID: k.indicator}, Values: values[k]})
	}
	if err := arrange(all); err != nil {
		return nil, err
	}
	return by.again(all), nil
}

func observed(period, value string) (progress.Observed, error) {
	p, err := programme.ParsePeriod(period)
	if err != nil {
		return progress.Observed{}, err
	}
	v, err := programme.ParseNumber(value)
	return progress.Observed{Period: p, Value: v, Status: programme.Final}, err
}

// arrange sorts the values of each series and refuses what is not one.
func arrange(all []Series) error {
	for _, s := range all {
		slices.SortFunc(s.Values, func(a, b progress.Observed) int { return a.Period.Compare(b.Period) })
		for j := 1; j < len(s.Values); j++ {
			p, q := s.Values[j-1].Period, s.Values[j].Period
			if p == q || p.Frequency() != q.Frequency() {
				return fmt.Errorf("%s/%s has %s and %s: keep one value for each period of one frequency", s.City, s.Indicator.ID, p, q)
			}
		}
	}
	return nil
}

// year is the one to forecast.
func (by Judging) year(all []Series) int {
	if by.Year != 0 {
		return by.Year
	}
	newest := 0
	for _, s := range all {
		// The year of the day after is the first that is not over.
		y, _, _ := (s.Values[len(s.Values)-1].Period.Last() + 1).Civil()
		newest = max(newest, y-1)
	}
	return newest
}

// judge gives a series its indicator and target.
func (s *Series) judge(by Judging, year int) {
	i := &s.Indicator
	i.Kind, i.Direction, i.Measure = by.Kind, by.Direction, by.Measure
	i.Frequency = s.Values[0].Period.Frequency()
	i.DueDays = programme.DefaultDueDays
	this := programme.PeriodOf(programme.Annual, programme.NewDate(year, 1, 1))
	last := programme.Range{From: this.Plus(-1), To: this.Plus(-1)}
	target := programme.Target{
		Baseline: programme.Baseline{Auto: true, Period: last}, Goal: by.Goal,
		Period: programme.Range{From: this, To: this},
	}
	s.Target, _ = progress.Resolve(target, *i, programme.Cohort{Starts: this.First(), Ends: this.Last()}, s.Values)
}
