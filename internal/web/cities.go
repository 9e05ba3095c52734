package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// cityRow is a city on the page of all.
type cityRow struct {
	Name, Slug, Metrics string
	Boards              []board
	Targets             []targetRow
}

// board is a link to a city's dashboard for one cohort.
type board struct {
	Cohort, Address string
}

// targetRow is a target on the page of all cities.
type targetRow struct {
	Indicator, Cohort string
	Status            progress.Status
	AtTarget, Late    bool
	// In words and numbers; empty where there is none.
	Measure, Now, Goal, By, Need string
	Through, Due                 string // the last day of the data, and when the next is due
	Forecast                     string // in words, while the year runs
	AtStart                      string // the status against the target that was in force at the start; empty where that is the same
}

// cities shows every city with its targets and their status in words.
func (s *site) cities(w http.ResponseWriter, r *http.Request) {
	standings, err := s.source.Standings(r.Context(), nil)
	if err != nil {
		s.fail(w, "read how the cities stand", err)
		return
	}
	rows := make([]cityRow, len(standings))
	counts := map[progress.Status]int{}
	for n, standing := range standings {
		rows[n] = s.cityRow(standing)
		for _, t := range rows[n].Targets {
			counts[t.Status]++
		}
	}
	type count struct {
		Status progress.Status
		N      int
	}
	var summary []count
	for _, status := range progress.Statuses() {
		if counts[status] > 0 {
			summary = append(summary, count{status, counts[status]})
		}
	}
	s.show(w, "cities.html", map[string]any{"Cities": rows, "Summary": summary})
}

func (s *site) cityRow(standing progress.Standing) cityRow {
	row := cityRow{Name: standing.City.Name, Slug: standing.City.ID}
	if s.links.Metrics != nil {
		row.Metrics = s.links.Metrics(standing.City.ID)
	}
	for _, t := range byUrgency(standing.Indicators) {
		row.Targets = append(row.Targets, newTargetRow(t.of, t.TargetStanding))
		link := func(b board) bool { return b.Cohort == t.Cohort.ID }
		if s.links.Dashboard != nil && !slices.ContainsFunc(row.Boards, link) {
			row.Boards = append(row.Boards, board{t.Cohort.ID, s.links.Dashboard(standing.City.ID, t.Cohort)})
		}
	}
	return row
}

// target is a target with what it is of.
type target struct {
	progress.TargetStanding
	of programme.Indicator
}

// byUrgency lists a city's targets: those of the newest cohort first, and in a
// cohort first what needs somebody to act, then what is well.
func byUrgency(indicators []progress.IndicatorStanding) []target {
	var all []target
	for _, i := range indicators {
		for _, t := range i.Targets {
			all = append(all, target{t, i.Indicator})
		}
	}
	slices.SortStableFunc(all, func(a, b target) int {
		return cmp.Or(
			cmp.Compare(b.Cohort.Starts, a.Cohort.Starts),
			cmp.Compare(a.Cohort.ID, b.Cohort.ID),
			cmp.Compare(slices.Index(urgency, a.Assessment.Status), slices.Index(urgency, b.Assessment.Status)),
		)
	})
	return all
}

// urgency is the statuses in the order in which they ask for attention.
var urgency = []progress.Status{
	progress.MovingAway, progress.OffTrack, progress.Missed, progress.Slipping, progress.TooClose,
	progress.Awaiting, progress.NoData, progress.Early, progress.OnTrack, progress.Met,
}

func newTargetRow(i programme.Indicator, t progress.TargetStanding) targetRow {
	a := t.Assessment
	row := targetRow{
		Indicator: i.Title, Cohort: t.Cohort.ID, Status: a.Status, AtTarget: a.AtTarget,
		Late: a.Freshness == progress.Late || a.Freshness == progress.Missing,
		Need: a.Need.Sentence(i), Through: day(a.AsOf), Due: day(a.Due),
	}
	if a.Value.Known {
		row.Measure, row.Now = measureWords(i.Measure), quantity(a.Value.Number, i)
	}
	if a.Target.Known {
		row.Goal, row.By = quantity(progress.ShownTarget(i, a.Target.Number), i), day(t.Ends)
		if i.Direction == programme.Increase {
			row.Goal = "at least " + row.Goal
		} else {
			row.Goal = "at most " + row.Goal
		}
	}
	if b := t.Band; b != nil {
		row.Goal, row.By = "from "+progress.Spell(b.Low, i.Decimals)+" to "+quantity(b.High, i), day(t.Ends)
	}
	if f := a.Forecast; a.Day <= t.Ends && f.Probability.Known {
		row.Forecast = fmt.Sprintf("forecast: %s, and the target met with a probability of %s", quantity(f.Projected.Number, i), chance(f.Probability.Number))
	}
	if a.AtStart != "" {
		row.AtStart = a.AtStart.Words()
	}
	return row
}
