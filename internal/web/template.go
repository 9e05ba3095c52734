package web

import (
	"encoding/csv"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// blank is a row of a template: a value that somebody is to fill in.
type blank struct {
	Indicator string
	Period    programme.Period
}

// mostBlanks is how many rows an indicator has in a template.
const mostBlanks = 400

// blanks are the values of a city that are due; where none is, those that are
// next.
func blanks(standing progress.Standing, today programme.Date) []blank {
	var rows []blank
	for _, d := range dueNow(standing.Indicators, today) {
		from := d.From
		if d.Values > mostBlanks {
			from = d.To.Plus(1 - mostBlanks)
		}
		for p := from; p.Compare(d.To) <= 0; p = p.Next() {
			rows = append(rows, blank{d.Indicator.ID, p})
		}
	}
	if len(rows) > 0 {
		return rows
	}
	for _, i := range standing.Indicators {
		if !i.Due.IsZero() {
			rows = append(rows, blank{i.Indicator.ID, programme.PeriodOf(i.Indicator.Frequency, i.Due.AddDays(-i.Indicator.DueDays))})
		}
	}
	return rows
}

var templateHeader = []string{"indicator", "period", "value"}

// templateRows are a city's template: what is in it can be uploaded.
func (s *site) templateRows(v *visit) (rows [][]string, err error) {
	standing, err := s.standing(v, v.r.PathValue("city"))
	if err != nil {
		return nil, err
	}
	rows = append(rows, templateHeader)
	for _, b := range blanks(standing, s.Today(standing.City)) {
		rows = append(rows, []string{b.Indicator, b.Period.String(), ""})
	}
	return rows, nil
}

// templateCSV is a table to fill in.
func (s *site) templateCSV(v *visit) error {
	rows, err := s.templateRows(v)
	if err != nil {
		return err
	}
	attach(v.w, v.r.PathValue("city")+".csv", "text/csv; charset=utf-8")
	_ = csv.NewWriter(v.w).WriteAll(rows) // that a client went away is its own affair
	return nil
}

// templateWorkbook is the same for Excel, which would take some periods of a
// CSV file for dates.
func (s *site) templateWorkbook(v *visit) error {
	rows, err := s.templateRows(v)
	if err != nil {
		return err
	}
	attach(v.w, v.r.PathValue("city")+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	_ = writeWorkbook(v.w, rows) // that a client went away is its own affair
	return nil
}
