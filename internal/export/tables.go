package export

import (
	"errors"
	"io"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// Tables writes whole tables: a page of each is as good as all of it.
type Tables struct{}

// Cities writes cities.
func (Tables) Cities(w io.Writer, format string, rows []programme.City) error {
	return write(w, format, CityColumns, rows, City)
}

// Indicators writes indicators.
func (Tables) Indicators(w io.Writer, format string, rows []programme.Indicator) error {
	return write(w, format, IndicatorColumns, rows, Indicator)
}

// Observations writes observations.
func (Tables) Observations(w io.Writer, format string, rows []programme.Recorded) error {
	return write(w, format, ObservationColumns, rows, func(t *Table, r programme.Recorded) error {
		return Observation(t, r.Observation, r.Revision, r.RecordedAt)
	})
}

// Assessments writes assessments.
func (Tables) Assessments(w io.Writer, format string, rows []progress.Judgement) error {
	return write(w, format, AssessmentColumns, rows, assessment)
}

func write[T any](w io.Writer, format string, columns []string, rows []T, row func(*Table, T) error) error {
	t, err := NewTable(w, Format(format), columns)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := row(t, r); err != nil {
			return errors.Join(err, t.Close())
		}
	}
	return t.Close()
}
