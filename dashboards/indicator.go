package dashboards

import "github.com/grafana/grafana-foundation-sdk/go/dashboard"

// IndicatorUID identifies the Indicator dashboard in every Grafana.
const IndicatorUID = "citygauge-indicator"

// indicator is one indicator to the ground: whether something has changed, what
// it measures, and every change of what was delivered.
func indicator() (dashboard.Dashboard, error) {
	return page(IndicatorUID, indicatorText.page,
		datasource(),
		choice("city", shared.city, "city/cities"),
		derived("city_id", "city/city_id"),
		choice("indicator", shared.indicator, "indicator/indicators"),
		choice("cohort", shared.cohort, "indicator/cohorts"),
	).
		Time("now-3y", "now").
		Link(toCity).
		Link(toDataHealth).
		Annotation(events(shared.interventions, "city/interventions", eventColour)).
		Annotation(events(shared.targetChanges, "city/target_changes", targetColour)).
		Annotation(events(indicatorText.breaks, "indicator/breaks", limitColour)).
		WithPanel(status(indicatorText.status, "city/status", size{5, 4})).
		WithPanel(sentence(indicatorText.signal, "indicator/signal", size{11, 4}, sentenceLetters)).
		WithPanel(sentence(indicatorText.newest, "indicator/newest", size{8, 4}, sentenceLetters)).
		WithPanel(chart(indicatorText.control, "indicator/control", size{24, 10},
			line("Centre", limitColour, 2),
			line("Upper limit", limitColour, 1, 6, 6),
			line("Lower limit", limitColour, 1, 6, 6),
			dotted("Value", actualColour, 2),
			dotted("Change from a year before", actualColour, 2),
			mark("Outside the limits", outsideColour),
		)).
		WithPanel(sentence(indicatorText.definition, "indicator/definition", size{12, 6}, factLetters)).
		WithPanel(facts(indicatorText.about, "indicator/about", size{12, 6})).
		WithPanel(chart(indicatorText.observed, "indicator/observed", size{24, 9},
			line("As first delivered", expectedColour, 2, 4, 4),
			dotted("As it stands", actualColour, 2),
			mark("Not final", forecastColour),
		)).
		WithPanel(feed(indicatorText.changes, "indicator/changes", size{12, 8})).
		WithPanel(feed(indicatorText.targets, "indicator/targets", size{12, 8})).
		Build()
}
