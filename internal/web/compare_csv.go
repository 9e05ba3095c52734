package web

import (
	"strconv"

	"github.com/citygauge/citygauge/internal/intake"
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
	table := intake.NewWriter(v.w)   // titles and names are anybody's text, and no formulas
	_ = table.Write(comparedColumns) // its error is that of Flush, which is the client's
	for _, r := range rows {
		a := r.Assessment
		record := []string{
			r.City, r.Name, r.Country, strconv.Itoa(r.Population), r.Cohort.ID, r.Problem, string(r.Lens), r.Indicator, r.Title,
			string(a.Status), a.Pace.String(), a.PaceLower.String(), a.PaceUpper.String(), a.Progress.String(), a.ExpectedProgress.String(),
			a.Forecast.Probability.String(), string(a.Freshness), a.AsOf.String(),
		}
		_ = table.Write(record)
	}
	_ = table.Flush()
	return nil
}
