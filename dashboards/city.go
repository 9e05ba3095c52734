package dashboards

import "github.com/grafana/grafana-foundation-sdk/go/dashboard"

// CityUID identifies the City dashboard in every Grafana.
const CityUID = "citygauge-city"

// city is the mayor's dashboard: in ten seconds, which targets are on track,
// and what is needed from here.
func city() (dashboard.Dashboard, error) {
	return page(CityUID, cityText.page,
		datasource(),
		choice("city", "City", "cities"),
		derived("city_id", "city_id"),
		choice("cohort", "Cohort", "cohorts"),
		derived("year_from", "year_from"),
		derived("year_to", "year_to"),
		every("indicator", "indicators"),
	).
		Link(yearLink()).
		Annotation(events(cityText.interventions, "interventions", eventColour)).
		Annotation(events(cityText.targetChanges, "target_changes", targetColour)).
		WithPanel(sentence(cityText.headline, "headline", size{12, 3}, headlineLetters)).
		WithPanel(sentence(cityText.days, "days_left", size{6, 3}, headlineLetters)).
		WithPanel(sentence(cityText.freshness, "city_freshness", size{6, 3}, headlineLetters)).
		WithPanel(statuses(cityText.statuses, "statuses", size{24, 8})).
		WithRow(dashboard.NewRowBuilder("$indicator").Repeat("indicator")).
		WithPanel(status(cityText.status, "status", size{5, 4})).
		WithPanel(sentence(cityText.need, "need", size{8, 4}, sentenceLetters)).
		WithPanel(facts(cityText.figures, "figures", size{7, 4})).
		WithPanel(sentence(cityText.indicatorFreshness, "freshness", size{4, 4}, sentenceLetters)).
		WithPanel(chart(cityText.chart, "chart", size{24, 8},
			line("Expected", expectedColour, 2, 8, 8),
			mark("Baseline", baselineColour),
			mark("Target", targetColour),
			line("Lowest of the target", targetColour, 2, 2, 6),
			line("Highest of the target", targetColour, 2, 2, 6),
			dotted("Actual", actualColour, 3),
		)).
		Build()
}
