package web

import (
	"cmp"
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// target is a target with what it is of.
type target struct {
	progress.TargetStanding
	of progress.IndicatorStanding
}

// byUrgency lists a city's targets: those of the newest cohort that has begun
// first, those of cohorts to come last, the next of them first; and in a cohort
// first what needs somebody to act, then what is well.
func byUrgency(indicators []progress.IndicatorStanding, today programme.Date) []target {
	var all []target
	for _, i := range indicators {
		for _, t := range i.Targets {
			all = append(all, target{t, i})
		}
	}
	slices.SortStableFunc(all, func(a, b target) int {
		return cmp.Or(
			cmp.Compare(distance(a.Cohort.Starts, today), distance(b.Cohort.Starts, today)),
			cmp.Compare(a.Cohort.ID, b.Cohort.ID),
			cmp.Compare(slices.Index(urgency, a.Assessment.Status), slices.Index(urgency, b.Assessment.Status)),
		)
	})
	return all
}

// distance is how long ago a cohort began, or how long it will be until it does
// and longer than any ago.
func distance(starts, today programme.Date) int {
	if starts > today {
		return int(programme.MaxDate) + starts.Sub(today)
	}
	return today.Sub(starts)
}

// newest are the targets of the first cohort, of some in the order of byUrgency.
func newest(all []target) []target {
	for n := range all {
		if all[n].Cohort.ID != all[0].Cohort.ID {
			return all[:n]
		}
	}
	return all
}

// urgency is the statuses in the order in which they ask for attention.
var urgency = []progress.Status{
	progress.MovingAway, progress.OffTrack, progress.Missed, progress.Slipping, progress.TooClose,
	progress.Awaiting, progress.NoData, progress.Early, progress.OnTrack, progress.Met,
}

// due are an indicator's values whose periods are over and that have not come.
type due struct {
	Indicator programme.Indicator
	From, To  programme.Period
	Values    int
	By        programme.Date
	Late      bool
}

// dueNow are the values that somebody could upload today, the latest first.
func dueNow(indicators []progress.IndicatorStanding, today programme.Date) []due {
	var all []due
	for _, i := range indicators {
		if i.Due.IsZero() {
			continue
		}
		first := nextPeriod(i)
		last := programme.LastEndedBy(i.Indicator.Frequency, today.AddDays(-1))
		if n := last.Sub(first) + 1; n > 0 {
			all = append(all, due{i.Indicator, first, last, n, i.Due, i.Freshness != progress.Fresh})
		}
	}
	slices.SortStableFunc(all, func(a, b due) int { return cmp.Compare(a.By, b.By) })
	return all
}

// nextPeriod is the one whose value is due next, where one is.
func nextPeriod(i progress.IndicatorStanding) programme.Period {
	return programme.PeriodOf(i.Indicator.Frequency, i.Due.AddDays(-i.Indicator.DueDays))
}
