package web

import (
	"encoding/csv"
	"strconv"
	"strings"
)

// comparedColumns are the columns of the comparison as a table.
var comparedColumns = []string{
	"city", "name", "country", "population", "cohort", "problem", "lens", "indicator", "title",
	"status", "pace", "pace_lower", "pace_upper", "progress", "expected_progress", "target_probability", "freshness", "as_of",
}

// compareCSV is the comparison as it was asked for, to take along.
func (s *site) compareCSV(v *visit) error {
	rows, _, err := s.compared(v)
	if err != nil {
		return err
	}
	attach(v.w, v.words.Say("file.compare"), "text/csv; charset=utf-8")
	table := csv.NewWriter(v.w)
	_ = table.Write(comparedColumns) // its error is that of Flush, which is the client's
	for _, r := range rows {
		a := r.Assessment
		record := []string{
			r.City, r.Name, r.Country, strconv.Itoa(r.Population), r.Cohort.ID, r.Problem, string(r.Lens), r.Indicator, r.Title,
			string(a.Status), a.Pace.String(), a.PaceLower.String(), a.PaceUpper.String(), a.Progress.String(), a.ExpectedProgress.String(),
			a.Forecast.Probability.String(), string(a.Freshness), a.AsOf.String(),
		}
		for n := range record {
			record[n] = inert(record[n])
		}
		_ = table.Write(record)
	}
	table.Flush()
	return nil
}

// inert is text that no spreadsheet computes: an apostrophe makes it text. A
// number stays as it is.
func inert(text string) string {
	if text == "" || !strings.ContainsRune("=+-@\t\r\n|%", rune(text[0])) {
		return text
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return text
	}
	return "'" + text
}
