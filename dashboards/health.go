package dashboards

import "github.com/grafana/grafana-foundation-sdk/go/dashboard"

// HealthUID identifies the Data health dashboard in every Grafana.
const HealthUID = "citygauge-health"

// health is for aides and operators: what is late, what was wrong with what came,
// and how sources stand.
func health() (dashboard.Dashboard, error) {
	return page(HealthUID, healthText.page,
		datasource(),
		choices("city", shared.city, "city/cities"),
	).
		Time("now-90d", "now").
		WithPanel(sentence(healthText.headline, "health/headline", size{24, 3}, headlineLetters)).
		WithPanel(feed(healthText.late, "health/late", size{8, 10})).
		WithPanel(feed(healthText.uploads, "health/uploads", size{8, 10})).
		WithPanel(feed(healthText.problems, "health/problems", size{8, 10})).
		WithPanel(list(healthText.cities, "health/cities", size{8, 10},
			wide("city_name", shared.city, 170).linked(shared.cityTip, cityPage+"?var-city=${__data.fields.city}"),
			hiddenColumn("city"),
			plain("late", healthText.lateOf).atLeast(64).right(),
			day("due", healthText.since).atLeast(104).right(),
		)).
		WithPanel(feed(healthText.sources, "health/sources", size{8, 10})).
		WithPanel(feed(healthText.runs, "health/runs", size{8, 10})).
		Build()
}
