package web

import (
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/upload"
)

// uploadRow is an upload in a list.
type uploadRow struct {
	upload.Record
	Changes int64
	Where   string // its cities
}

func uploadRows(records []upload.Record) []uploadRow {
	rows := make([]uploadRow, len(records))
	for n, r := range records {
		rows[n] = uploadRow{r, r.Counts.New + r.Counts.Changed + r.Counts.Withdrawn, strings.Join(r.Cities, ", ")}
	}
	return rows
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
	records, err := s.Source.Uploads(v.r.Context(), v.who.ReadScope(), before, manyUploads+1)
	if err != nil {
		return err
	}
	view := historyView{frame: s.frame(v, v.words.Say("history.title")), First: before == 0}
	if len(records) > manyUploads {
		records = records[:manyUploads]
		view.Older = records[manyUploads-1].Number
	}
	view.Uploads = uploadRows(records)
	return s.show(v, "history.html", view)
}
