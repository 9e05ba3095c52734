package api

import (
	"errors"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// How many rows a page has, where a request does not say, and at most. An
// assessment has a forecast made.
const (
	usualRows, mostRows     = 1000, 10_000
	usualJudged, mostJudged = 200, 1000
)

// cities are the cities that one may see.
func (a *API) cities(c *call) error {
	q := c.query("city", "cohort", "limit", "cursor")
	after, limit := q.after(), q.limit(usualRows, mostRows)
	f, err := a.choose(c, q)
	if err != nil {
		return err
	}
	rows, err := a.Source.CitiesAfter(c.r.Context(), f, after, limit+1)
	if err != nil {
		return err
	}
	return page(c, limit, rows, a.Tables.Cities, func(city programme.City) programme.Place { return programme.Place{City: city.ID} })
}

// indicators are what those cities measure.
func (a *API) indicators(c *call) error {
	q := c.query("city", "indicator", "cohort", "limit", "cursor")
	after, limit := q.after(), q.limit(usualRows, mostRows)
	f, err := a.choose(c, q)
	if err != nil {
		return err
	}
	rows, err := a.Source.IndicatorsAfter(c.r.Context(), f, after, limit+1)
	if err != nil {
		return err
	}
	return page(c, limit, rows, a.Tables.Indicators, func(i programme.Indicator) programme.Place {
		return programme.Place{City: i.City, Indicator: i.ID}
	})
}

// observations are what they measured, as it is or was known.
func (a *API) observations(c *call) error {
	q := c.query("city", "indicator", "cohort", "from", "to", "as_of", "limit", "cursor")
	after, limit := q.after(), q.limit(usualRows, mostRows)
	asOf, _ := q.asOf("as_of", a.Today)
	f, err := a.choose(c, q)
	if err != nil {
		return err
	}
	f.AsOf = asOf
	rows, err := a.Source.ObservationsAfter(c.r.Context(), f, after, limit+1)
	if err != nil {
		return err
	}
	return page(c, limit, rows, a.Tables.Observations, func(r programme.Recorded) programme.Place {
		return programme.Place{City: r.City, Indicator: r.Indicator, Day: r.Period.First()}
	})
}

// errFull ends the reading of targets when a page is full.
var errFull = errors.New("the page is full")

// assessments are how every target stood at each period's end and stands today,
// judged anew.
func (a *API) assessments(c *call) error {
	q := c.query("city", "indicator", "cohort", "from", "to", "as_of", "limit", "cursor")
	after, limit := q.after(), q.limit(usualJudged, mostJudged)
	asOf, today := q.asOf("as_of", a.Today)
	f, err := a.choose(c, q)
	if err != nil {
		return err
	}
	f.AsOf = asOf
	var rows []progress.Judgement
	err = a.Source.EachTargetFrom(c.r.Context(), f, after, func(j progress.Judgeable) error {
		for _, day := range progress.Days(j.Indicator, j.Target, today(j.City)) {
			at := programme.Place{City: j.City.ID, Indicator: j.Indicator.ID, Cohort: j.Cohort.ID, Day: after.Day}
			if day < f.From || !f.To.IsZero() && day > f.To || at == after && day <= after.Day {
				continue
			}
			if len(rows) > limit {
				return errFull
			}
			judged := progress.Assess(j.Indicator, j.Target, j.Series, day)
			judged.Forecast = progress.Predict(j.Indicator, j.Target, j.Series, day)
			rows = append(rows, progress.Judgement{City: at.City, Indicator: at.Indicator, Cohort: at.Cohort, Assessment: judged})
		}
		return c.r.Context().Err()
	})
	if err != nil && !errors.Is(err, errFull) {
		return err
	}
	return page(c, limit, rows, a.Tables.Assessments, func(j progress.Judgement) programme.Place {
		return programme.Place{City: j.City, Indicator: j.Indicator, Cohort: j.Cohort, Day: j.Day}
	})
}
