package web

import (
	"net/http"
	"strconv"

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
	Now, Goal, Need   string // in words and numbers; empty where there is none
	Through           string // the last day of the data
	Late              bool
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
	seen := map[string]bool{}
	for _, i := range standing.Indicators {
		for _, t := range i.Targets {
			row.Targets = append(row.Targets, newTargetRow(i.Indicator, t))
			if s.links.Dashboard != nil && !seen[t.Cohort.ID] {
				seen[t.Cohort.ID] = true
				row.Boards = append(row.Boards, board{t.Cohort.ID, s.links.Dashboard(standing.City.ID, t.Cohort)})
			}
		}
	}
	return row
}

func newTargetRow(i programme.Indicator, t progress.TargetStanding) targetRow {
	a := t.Assessment
	row := targetRow{
		Indicator: i.Title, Cohort: t.Cohort.ID, Status: a.Status, Now: number(a.Value, i), Need: a.Need.Sentence(i),
		Through: a.AsOf.String(), Late: a.Freshness == progress.Late || a.Freshness == progress.Missing,
	}
	if a.Target.Known {
		row.Goal = number(progress.Known(progress.ShownTarget(i, a.Target.Number)), i)
	}
	return row
}

// number is a figure in the indicator's decimals, with its unit.
func number(f progress.Figure, i programme.Indicator) string {
	if !f.Known {
		return ""
	}
	text := strconv.FormatFloat(f.Number, 'f', i.Decimals, 64)
	if i.Unit == "%" {
		return text + " %"
	}
	return text + " " + i.Unit
}
