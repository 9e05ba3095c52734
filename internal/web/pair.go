package web

import (
	"html/template"
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/upload"
	"github.com/citygauge/citygauge/internal/web/chart"
)

// pair is a target's chart as it is, and as it would be.
type pair struct {
	Title, City, Cohort string // City is its name
	Old, New            progress.Status
	Before, After       template.HTML
}

// mostPairs is how many targets are drawn: more are not looked at.
const mostPairs = 6

// pairs draws the targets that an upload would change, those whose status
// changes first. Where not all changes are listed, there is none.
func (s *site) pairs(v *visit, standings []progress.Standing, r upload.Report) ([]pair, error) {
	if len(r.Changes) == 0 || int64(len(r.Changes)) < r.Counts.New+r.Counts.Changed+r.Counts.Withdrawn {
		return nil, nil
	}
	var cities []string
	for _, standing := range standings {
		cities = append(cities, standing.City.ID)
	}
	judgeables, err := s.Source.Targets(v.r.Context(), v.who.ReadScope(), notNil(cities))
	if err != nil {
		return nil, err
	}
	changes := map[programme.IndicatorKey][]upload.Change{}
	for _, c := range r.Changes {
		key := programme.IndicatorKey{City: c.City, Indicator: c.Indicator}
		changes[key] = append(changes[key], c)
	}
	var all []pair
	called := namesOf(standings)
	for _, j := range judgeables {
		j.City.Name, j.Indicator.Title = called.cities[j.City.ID], called.title(j.Indicator.City, j.Indicator.ID)
		of := changes[j.Indicator.Key()]
		today := s.Today(j.City)
		if len(of) == 0 || j.Target.End < of[0].Period.First() && j.Cohort.Ends < today {
			continue
		}
		if p, drawn := s.pair(v, j, changed(j, of, today), today); drawn {
			p.Before, p.After = p.before.SVG(), p.after.SVG()
			all = append(all, p.pair)
		}
	}
	slices.SortStableFunc(all, func(a, b pair) int { return falseFirst(a.Old == a.New, b.Old == b.New) })
	return all[:min(mostPairs, len(all))], nil
}

// drawnPair has the charts of a pair.
type drawnPair struct {
	pair
	before, after *chart.Chart
}

// pair is false where nothing can be drawn, or nothing looks different.
func (s *site) pair(v *visit, old, would progress.Judgeable, today programme.Date) (drawnPair, bool) {
	before := progress.Assess(old.Indicator, old.Target, old.Series, today)
	after := progress.Assess(would.Indicator, would.Target, would.Series, today)
	if !would.Target.Ready() || before.AsOf == after.AsOf && before.Value == after.Value && before.Status == after.Status {
		return drawnPair{}, false
	}
	m := cardMaker{words: v.words, today: today}
	id := old.Indicator.City + "-" + old.Indicator.ID + "-" + old.Cohort.ID
	p := drawnPair{
		pair{Title: old.Indicator.Title, City: old.City.Name, Cohort: old.Cohort.ID, Old: before.Status, New: after.Status},
		m.draw(old, "before-"+id, nil), m.draw(would, "after-"+id, nil),
	}
	chart.OneScale(p.before, p.after)
	return p, true
}

// changed is a target as it would be judged after some changes of its
// indicator.
func changed(j progress.Judgeable, changes []upload.Change, today programme.Date) progress.Judgeable {
	series := slices.Clone(j.Series)
	for _, c := range changes {
		at, found := slices.BinarySearchFunc(series, c.Period, func(o progress.Observed, p programme.Period) int { return o.Period.Compare(p) })
		o := progress.Observed{Period: c.Period, Value: c.New.Number, Status: c.NewStatus}
		switch {
		case c.NewStatus == "" && found:
			series = slices.Delete(series, at, at+1)
		case c.NewStatus != "" && found:
			series[at] = o
		case c.NewStatus != "":
			series = slices.Insert(series, at, o)
		}
	}
	j.Series = series
	// A measured baseline may move until the cohort starts.
	if j.Declared.Baseline.Auto && (!j.Target.Ready() || !j.Target.Baseline.Known || today < j.Cohort.Starts) {
		if r, _ := progress.Resolve(j.Declared, j.Indicator, j.Cohort, series); r.Ready() {
			j.Target = r
		}
	}
	return j
}

// falseFirst compares two booleans.
func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
