package demo

import "github.com/citygauge/citygauge/internal/programme"

// target is what the city wants of the indicator in a cohort, from a baseline
// of the year before it.
func (a archetype) target(city string, c programme.Cohort, series []programme.Observation) programme.Target {
	t := programme.Target{City: city, Indicator: a.id, Cohort: c.ID, Path: a.path, Band: a.band}
	if a.band != nil {
		return t
	}
	year := programme.Ending(a.frequency, c.Starts-1, c.Ends)
	n := max(a.frequency.PerYear(), 2) // a single year may be an unusual one
	if a.measure == programme.Total {
		n = year.N
	}
	t.Baseline = programme.Baseline{Auto: true, Period: programme.Range{From: year.First.Plus(-n), To: year.First.Plus(-1)}}
	switch a.goal {
	case programme.Percent:
		t.Goal = programme.Goal{Value: rounded(100*a.change, 0), Form: programme.Percent}
	case programme.Points:
		t.Goal = programme.Goal{Value: rounded(a.change*a.level, 1), Form: programme.Points}
	default:
		t.Baseline.Auto = false
		t.Baseline.Value = a.published(t.Baseline.Period, series)
		t.Goal = programme.Goal{Value: rounded(t.Baseline.Value*(1+a.change), a.decimals), Form: programme.Absolute}
	}
	for _, m := range a.milestones {
		t.Milestones = append(t.Milestones, programme.Milestone{
			On:   c.Starts.AddDays(int(m.year * float64(c.Ends.Sub(c.Starts)))),
			Goal: programme.Goal{Value: rounded(100*a.change*m.way, 1), Form: programme.Percent},
		})
	}
	if a.later > 0 {
		last := programme.LastEndedBy(a.frequency, c.Ends.AddYears(a.later))
		t.Period = programme.Range{From: last, To: last}
	}
	return t
}

// published is the baseline as the city itself gives it: it knows its numbers,
// even those that it withholds.
func (a archetype) published(period programme.Range, series []programme.Observation) float64 {
	sum, n := 0.0, 0.0
	for _, o := range series {
		if o.Period.Compare(period.From) >= 0 && o.Period.Compare(period.To) <= 0 {
			sum += o.Value
			n++
		}
	}
	if a.measure == programme.Total || a.measure == programme.Rolling {
		return sum
	}
	return rounded(sum/n, a.decimals)
}
