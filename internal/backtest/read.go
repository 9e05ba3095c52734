package backtest

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

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

// ErrObservations is the error of observations that cannot be used.
var ErrObservations = errors.New("the observations cannot be used")

// columns are those of a file of observations; others are not looked at.
var columns = []string{"city", "indicator", "period", "value"}

// Read takes observations from a CSV with the columns city, indicator, period
// and value among others, in any order of columns and rows, each value final.
// Values that are withheld or missing are left out.
func Read(from io.Reader, by Judging) ([]Series, error) {
	rows := csv.NewReader(from)
	header, err := rows.Read()
	if err != nil {
		return nil, fmt.Errorf("read the header of the observations: %w", err)
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	at := make([]int, len(columns))
	for n, name := range columns {
		at[n] = slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
		if at[n] < 0 {
			return nil, fmt.Errorf("%w: there is no column %s among %v", ErrObservations, name, header)
		}
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
			return nil, fmt.Errorf("%w: %w", ErrObservations, err)
		}
		value := row[at[3]]
		if slices.Contains(withheld, value) {
			continue
		}
		o, err := observed(row[at[2]], value)
		if err != nil {
			line, _ := rows.FieldPos(0)
			return nil, fmt.Errorf("%w: line %d: %w", ErrObservations, line, err)
		}
		k := key{row[at[0]], row[at[1]]}
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

// withheld are values that are none.
var withheld = []string{"", "[c]", "c", "*"}

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
				return fmt.Errorf("%w: %s/%s has %s and %s: keep one value for each period of one frequency", ErrObservations, s.City, s.Indicator.ID, p, q)
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
		newest = max(newest, lastWhole(s.Values[len(s.Values)-1].Period))
	}
	return newest
}

// lastWhole is the newest year of which a period is the last, or a later one.
func lastWhole(p programme.Period) int {
	year, _, _ := p.Last().Civil()
	if end := programme.NewDate(year, time.December, 31); programme.LastEndedBy(p.Frequency(), end).Compare(p) > 0 {
		year--
	}
	return year
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
