package web

import (
	"net/url"
	"strings"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/programme"
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

// manyCities is how many a page of all lists: a cohort and its neighbours.
const manyCities = 100

type overviewView struct {
	frame
	Cities  []cityRow
	Summary []statusCount // of all; none where they do not fit onto one page
	Name    string        // what was looked for
	Search  bool
	First   string // where the first page is, from another
	Next    string // where the next page is; empty on the last
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

// overview is the cities that one may see, a page at a time, each with how its
// newest targets stand.
func (s *site) overview(v *visit) error {
	view := overviewView{frame: s.frame(v, v.words.Say("overview.title")), Name: strings.TrimSpace(v.r.FormValue("name"))}
	after := v.r.FormValue("after")
	slugs, err := s.citiesAfter(v, view.Name, after)
	if err != nil {
		return err
	}
	at := func(after string) string {
		q := url.Values{}
		for name, value := range map[string]string{"name": view.Name, "after": after} {
			if value != "" {
				q.Set(name, value)
			}
		}
		return (&url.URL{Path: "/cities", RawQuery: q.Encode()}).String()
	}
	if after != "" {
		view.First = at("")
	}
	if len(slugs) > manyCities {
		slugs = slugs[:manyCities]
		view.Next = at(slugs[manyCities-1])
	}
	view.Search = view.Name != "" || view.First != "" || view.Next != ""
	standings, err := s.Source.StandingsFor(v.r.Context(), v.who.ReadScope(), slugs)
	if err != nil {
		return err
	}
	all := map[progress.Status]int{}
	for _, standing := range standings {
		row := cityRow{Name: standing.City.Name, ID: standing.City.ID, Country: standing.City.Country, Uploads: v.who.Writes(standing.City.ID)}
		counts, today := map[progress.Status]int{}, s.Today(standing.City)
		for _, t := range newest(byUrgency(standing.Indicators, today)) {
			counts[t.Assessment.Status]++
			all[t.Assessment.Status]++
		}
		row.Statuses = inOrder(counts)
		for _, d := range dueNow(standing.Indicators, today) {
			row.Due += d.Values
			row.Late = row.Late || d.Late
		}
		view.Cities = append(view.Cities, row)
	}
	apart(view.Cities, func(c *cityRow) (among, id string, name *string) { return "", c.ID, &c.Name })
	if view.First == "" && view.Next == "" {
		view.Summary = inOrder(all)
	}
	return s.show(v, "overview.html", view)
}

// citiesAfter are the slugs of a page of cities, and of one more where there
// are more.
func (s *site) citiesAfter(v *visit, name, after string) ([]string, error) {
	cities, err := s.Source.CitiesAfter(v.r.Context(), programme.Filter{Scope: v.who.ReadScope(), Name: name}, programme.Place{City: after}, manyCities+1)
	slugs := make([]string, len(cities)) // never nil, which is all
	for n, c := range cities {
		slugs[n] = c.ID
	}
	return slugs, err
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
