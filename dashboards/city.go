package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// CityUID identifies the City dashboard in every Grafana.
const CityUID = "citygauge-city"

// city is the mayor's dashboard: in ten seconds, which targets are on track,
// and what is needed from here.
func city() (dashboard.Dashboard, error) {
	return page(CityUID, cityText.page,
		datasource(),
		choice("city", shared.city, "city/cities"),
		derived("city_id", "city/city_id"),
		choice("cohort", shared.cohort, "city/cohorts"),
		derived("year_from", "city/year_from"),
		derived("year_to", "city/year_to"),
		every("indicator", "city/indicators"),
	).
		Link(cityYear).
		Link(toIndicators).
		Link(toDataHealth).
		Annotation(events(shared.interventions, "city/interventions", eventColour)).
		Annotation(events(shared.targetChanges, "city/target_changes", targetColour)).
		WithPanel(sentence(cityText.headline, "city/headline", size{12, 3}, headlineLetters)).
		WithPanel(sentence(cityText.days, "city/days_left", size{6, 3}, headlineLetters)).
		WithPanel(sentence(cityText.freshness, "city/city_freshness", size{6, 3}, headlineLetters)).
		WithPanel(list(cityText.statuses, "city/statuses", size{24, 7},
			verdict("status", shared.status).always(140),
			plain("title", shared.indicator).linked(shared.indicatorTip, indicatorOfRowAddress),
			hiddenColumn("indicator"),
		).ShowHeader(false)).
		WithRow(dashboard.NewRowBuilder("$indicator").Repeat("indicator")).
		WithPanel(status(cityText.status, "city/status", size{5, 4})).
		WithPanel(sentence(cityText.need, "city/need", size{7, 4}, sentenceLetters)).
		WithPanel(facts(cityText.figures, "city/figures", size{6, 4})).
		WithPanel(sentence(cityText.foreseen, "city/foreseen", size{6, 4}, sentenceLetters)).
		WithPanel(chart(cityText.chart, "city/chart", size{24, 9}, toTheTarget...).Links([]cog.Builder[dashboard.DashboardLink]{link{title: shared.indicatorTip, address: indicatorAddress}})).
		WithPanel(timeline(cityText.months, "city/months", size{18, 5})).
		WithPanel(sentence(cityText.indicatorFreshness, "city/freshness", size{6, 5}, sentenceLetters)).
		Build()
}

// toTheTarget is how the series of city/chart.sql are drawn.
var toTheTarget = []series{
	line("Expected", expectedColour, 2, 8, 8),
	fan("Forecast, high", "Forecast, low"),
	edge("Forecast, low"),
	line("Forecast", forecastColour, 2, 4, 4),
	mark("Baseline", baselineColour),
	mark("Target", targetColour),
	mark("Milestone", milestoneColour),
	stepped("Target as it was", targetColour, 2, 2, 6),
	stepped("Lowest as it was", targetColour, 1, 2, 6),
	stepped("Highest as it was", targetColour, 1, 2, 6),
	line("Lowest of the target", targetColour, 2, 2, 6),
	line("Highest of the target", targetColour, 2, 2, 6),
	dotted("Actual", actualColour, 3),
}
