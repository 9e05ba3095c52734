package web

import (
	"encoding/csv"
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// formRow is a row of a template: a value that somebody is to fill in, or one
// that stands.
type formRow struct {
	Indicator string
	Period    programme.Period
	Value     *float64
}

// mostBlanks is how many rows an indicator has in a template.
const mostBlanks = 400

// formRows are the values of a city that are due. Where none is, they are the
// newest ones as they stand, which come back in unchanged, and those that are
// next. An indicator for which nobody waits, and of which nothing came yet, has
// its row in any case.
func formRows(standing progress.Standing, today programme.Date) []formRow {
	var rows []formRow
	for _, d := range dueNow(standing.Indicators, today) {
		from := d.From
		if d.Values > mostBlanks {
			from = d.To.Plus(1 - mostBlanks)
		}
		for p := from; p.Compare(d.To) <= 0; p = p.Next() {
			rows = append(rows, formRow{Indicator: d.Indicator.ID, Period: p})
		}
	}
	due := len(rows) > 0
	for _, i := range standing.Indicators {
		ended := programme.LastEndedBy(i.Indicator.Frequency, today.AddDays(-1))
		switch {
		case i.Newest == nil && i.Due.IsZero():
			rows = append(rows, formRow{Indicator: i.Indicator.ID, Period: ended})
		case !due && i.Newest != nil && i.Newest.Period.Compare(ended) <= 0:
			row := formRow{Indicator: i.Indicator.ID, Period: i.Newest.Period}
			if i.Newest.Status == programme.Final { // what comes back in, is
				row.Value = &i.Newest.Value
			}
			rows = append(rows, row)
		}
		if !due && !i.Due.IsZero() {
			rows = append(rows, formRow{Indicator: i.Indicator.ID, Period: nextPeriod(i)})
		}
	}
	return rows
}

var templateHeader = []string{"indicator", "period", "value"}

// templateRows are a city's template: what is in it can be uploaded. For who may
// upload for several cities, it says whose it is: they could mix them up.
func (s *site) templateRows(v *visit) (rows [][]string, err error) {
	standing, err := s.standing(v, v.r.PathValue("city"))
	if err != nil {
		return nil, err
	}
	rows = append(rows, templateHeader)
	for _, r := range formRows(standing, s.Today(standing.City)) {
		rows = append(rows, []string{r.Indicator, r.Period.String(), unmistakable(r.Value)})
	}
	if scope := v.who.WriteScope(); len(scope) != 1 {
		for n := range rows {
			city := standing.City.ID
			if n == 0 {
				city = "city"
			}
			rows[n] = append([]string{city}, rows[n]...)
		}
	}
	return rows, nil
}

// unmistakable is a number with a decimal point that could be nothing else, as
// 1.234 could.
func unmistakable(v *float64) string {
	if v == nil {
		return ""
	}
	text := strconv.FormatFloat(*v, 'f', -1, 64)
	if point := strings.IndexByte(text, '.'); point >= 0 && len(text)-point == len(".234") {
		text += "0"
	}
	return text
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
