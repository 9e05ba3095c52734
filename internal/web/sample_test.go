package web_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/web"
)

// source is a source of pages in memory.
type source struct {
	standings []progress.Standing
	failure   error
}

func (s source) Standings(context.Context, []string) ([]progress.Standing, error) {
	return s.standings, s.failure
}

var links = web.Links{
	Metrics: func(city string) string { return "http://metrics.example/metrics/cities/" + city },
	Dashboard: func(city string, c programme.Cohort) string {
		return "http://grafana.example/d/city?var-city=" + city + "&var-cohort=" + c.ID
	},
}

// pages are the pages over a source, and what they log.
func pages(t testing.TB, s source, l web.Links) (http.Handler, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	handler, err := web.New(s, l, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return handler, &log
}

func get(t testing.TB, handler http.Handler, method, path string) *httptest.ResponseRecorder {
	t.Helper()
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), method, path, nil))
	return answer
}

// home is the page of all cities.
func home(t testing.TB, l web.Links, standings ...progress.Standing) string {
	t.Helper()
	handler, log := pages(t, source{standings: standings}, l)
	answer := get(t, handler, http.MethodGet, "/")
	if answer.Code != http.StatusOK || log.Len() > 0 {
		t.Fatalf("the page answers %d and logs %s", answer.Code, log)
	}
	return answer.Body.String()
}

func date(year int, month time.Month, day int) programme.Date {
	return programme.NewDate(year, month, day)
}

func cohort(year int) programme.Cohort {
	return programme.Cohort{
		ID:     programme.PeriodOf(programme.Annual, date(year, time.January, 1)).String(),
		Starts: date(year, time.January, 1), Ends: date(year, time.December, 31),
	}
}

// thefts is an indicator with a target that stands somehow.
func thefts(status progress.Status) progress.IndicatorStanding {
	return progress.IndicatorStanding{
		Indicator: programme.Indicator{
			Title: "Thefts, " + status.Words(), Unit: "incidents", Frequency: programme.Monthly,
			Direction: programme.Decrease, Measure: programme.Total,
		},
		Targets: []progress.TargetStanding{{
			Cohort: cohort(2026), Ends: date(2026, time.December, 31),
			Assessment: progress.Assessment{
				AsOf: date(2026, time.October, 31), Status: status, Freshness: progress.Fresh, Due: date(2026, time.December, 30),
				Value: progress.Known(13201.6), Target: progress.Known(12500.4),
				Need: progress.Need{PerPeriod: progress.Known(1250), Periods: 2, Form: progress.NeedTotal},
			},
		}},
	}
}

// city is a city with an indicator for each of some statuses.
func city(id, name string, statuses ...progress.Status) progress.Standing {
	standing := progress.Standing{City: programme.City{ID: id, Name: name}}
	for _, status := range statuses {
		standing.Indicators = append(standing.Indicators, thefts(status))
	}
	return standing
}

// cohortOfCities has everything that the page tells apart: every status, two
// cohorts, a late file, a target that was reached early, long words and a city
// without targets.
func cohortOfCities() []progress.Standing {
	riverton := city("riverton", "Riverton", progress.Statuses()...)
	earlier := thefts(progress.Met)
	earlier.Targets[0].Cohort = cohort(2025)
	earlier.Targets[0].Ends = date(2025, time.December, 31)
	earlier.Targets[0].Assessment.Need = progress.Need{}
	reached := thefts(progress.OnTrack)
	reached.Indicator.Title = "Homes without heating"
	reached.Indicator.Measure, reached.Indicator.Unit, reached.Indicator.Decimals = programme.Latest, "%", 1
	reached.Targets[0].Assessment.Value, reached.Targets[0].Assessment.Target = progress.Known(4.03), progress.Known(4.5)
	reached.Targets[0].Assessment.AtTarget = true
	late := thefts(progress.Slipping)
	late.Indicator.Title = "Krankenhauswiederaufnahmequotenverbesserung innerhalb-von-dreißig-Tagen"
	late.Indicator.Unit = "Krankenhauswiederaufnahmen/Entlassungen"
	late.Indicator.Direction = programme.Increase
	late.Targets[0].Assessment.Freshness, late.Targets[0].Assessment.Due = progress.Late, date(2026, time.October, 30)
	return []progress.Standing{
		{City: programme.City{ID: "lakeside", Name: "Lakeside"}},
		{City: riverton.City, Indicators: slices.Concat([]progress.IndicatorStanding{earlier, reached, late}, riverton.Indicators)},
	}
}
