package web

import (
	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/progress"
)

// home leads to what one's role comes for.
func (s *site) home(v *visit) error {
	switch {
	case v.who.Role == account.Faculty:
		return v.redirect("/compare")
	case v.who.Role != account.Admin && len(v.who.Cities) == 1:
		return v.redirect("/cities/" + v.who.Cities[0])
	}
	return v.redirect("/cities")
}

type overviewView struct {
	frame
	Cities  []cityRow
	Summary []statusCount
}

// cityRow is a city on the page of all.
type cityRow struct {
	Name, ID, Country string
	Statuses          []statusCount
	Due               int // values that are due now
	Late              bool
	Uploads           bool // one may upload for it
}

type statusCount struct {
	Status progress.Status
	N      int
}

// overview is every city that one may see, each with how its newest targets
// stand.
func (s *site) overview(v *visit) error {
	standings, err := s.Source.StandingsFor(v.r.Context(), v.who.ReadScope(), nil)
	if err != nil {
		return err
	}
	view := overviewView{frame: s.frame(v, v.words.Say("overview.title"))}
	all := map[progress.Status]int{}
	for _, standing := range standings {
		row := cityRow{Name: standing.City.Name, ID: standing.City.ID, Country: standing.City.Country, Uploads: v.who.Writes(standing.City.ID)}
		counts := map[progress.Status]int{}
		for _, t := range newest(byUrgency(standing.Indicators)) {
			counts[t.Assessment.Status]++
			all[t.Assessment.Status]++
		}
		row.Statuses = inOrder(counts)
		for _, d := range dueNow(standing.Indicators, s.Today(standing.City)) {
			row.Due += d.Values
			row.Late = row.Late || d.Late
		}
		view.Cities = append(view.Cities, row)
	}
	view.Summary = inOrder(all)
	return s.show(v, "overview.html", view)
}

// inOrder are the statuses that occur, from the best to the worst.
func inOrder(counts map[progress.Status]int) []statusCount {
	var list []statusCount
	for _, status := range progress.Statuses() {
		if counts[status] > 0 {
			list = append(list, statusCount{status, counts[status]})
		}
	}
	return list
}
