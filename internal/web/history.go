package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
	"github.com/citygauge/citygauge/internal/web/words"
)

// uploadRow is an upload in a list.
type uploadRow struct {
	upload.Record
	Changes int64
	Where   string // its cities
	Zone    *time.Location
}

// uploadRows are uploads in a list, in the time of their city, where they are of
// one that is known.
func uploadRows(w *words.Language, records []upload.Record, cities ...programme.City) []uploadRow {
	rows := make([]uploadRow, len(records))
	for n, r := range records {
		rows[n] = uploadRow{r, r.Counts.New + r.Counts.Changed + r.Counts.Withdrawn, where(w, r.Cities), time.UTC}
		for _, c := range cities {
			if len(r.Cities) == 1 && r.Cities[0] == c.ID {
				rows[n].Zone = zoneOf(c)
			}
		}
	}
	return rows
}

// where names cities, as far as a line has room for them.
func where(w *words.Language, cities []string) string {
	const few = 3
	if len(cities) > few {
		return w.Say("uploads.cities", "n", len(cities))
	}
	return strings.Join(cities, ", ")
}

// zoneOf is where a city's times are told; one that the programme's check did
// not refuse is known.
func zoneOf(c programme.City) *time.Location {
	zone, err := c.Zone()
	if err != nil {
		return time.UTC
	}
	return zone
}

// fewUploads is how many a city's page lists, and manyUploads a page of all.
const fewUploads, manyUploads = 5, 50

type historyView struct {
	frame
	Uploads []uploadRow
	Older   int64 // the number before which the next page begins; 0 for no more
	First   bool
}

// history lists uploads, the newest first, a page at a time.
func (s *site) history(v *visit) error {
	before, err := strconv.ParseInt(v.r.FormValue("before"), 10, 64)
	if v.r.FormValue("before") != "" && (err != nil || before < 1) {
		return notFound
	}
	records, err := s.Source.Uploads(v.r.Context(), v.who.ReadScope(), nil, before, manyUploads+1)
	if err != nil {
		return err
	}
	view := historyView{frame: s.frame(v, v.words.Say("history.title")), First: before == 0}
	if len(records) > manyUploads {
		records = records[:manyUploads]
		view.Older = records[manyUploads-1].Number
	}
	var named []string
	for _, r := range records {
		if len(r.Cities) == 1 {
			named = append(named, r.Cities...)
		}
	}
	var cities []programme.City
	if len(named) > 0 { // none would be all
		filter := programme.Filter{Scope: v.who.ReadScope(), Cities: named}
		if cities, err = s.Source.CitiesAfter(v.r.Context(), filter, programme.Place{}, len(named)); err != nil {
			return err
		}
	}
	view.Uploads = uploadRows(v.words, records, cities...)
	return s.show(v, "history.html", view)
}
