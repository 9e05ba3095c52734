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
		WithPanel(list(healthText.late, "health/late", size{24, 9},
			wide("city_name", shared.city, 140).linked(shared.cityLink, rowCityAddress),
			hiddenColumn("city"),
			hiddenColumn("indicator"),
			wide("title", shared.indicator, 220).linked(shared.indicatorLink, rowIndicatorAddress),
			wide("owner", healthText.owner, 160),
			day("as_of", shared.dataThrough),
			day("due", healthText.due),
			plain("days_late", healthText.daysLate),
		)).
		WithPanel(list(healthText.uploads, "health/uploads", size{24, 10},
			moment("received_at", healthText.receivedAt),
			plain("city", shared.city).narrow(),
			wide("file_name", healthText.file, 200),
			plain("state", healthText.state).narrow(),
			plain("rows", healthText.rows).narrow(),
			plain("new", healthText.fresh).narrow(),
			plain("changed", healthText.changed).narrow(),
			plain("unchanged", healthText.unchanged).narrow(),
			plain("withdrawn", healthText.withdrawn).narrow(),
			plain("skipped", healthText.skipped).narrow(),
			plain("rejected", healthText.rejected).narrow(),
			plain("upload_id", shared.upload).narrow(),
		)).
		WithPanel(list(healthText.problems, "health/problems", size{24, 9},
			wide("code", healthText.code, 140),
			plain("severity", healthText.severity).narrow(),
			plain("times", healthText.times).narrow(),
			plain("files", healthText.files).narrow(),
			wide("example", healthText.example, 300),
			wide("hint", healthText.hint, 240),
			moment("last_seen", healthText.lastSeen),
		)).
		WithPanel(list(healthText.sources, "health/sources", size{24, 9},
			plain("city", shared.city).narrow(),
			wide("source", healthText.source, 140),
			plain("kind", healthText.kind).narrow(),
			wide("schedule", healthText.schedule, 100),
			plain("outcome", healthText.newest).narrow(),
			moment("succeeded_at", healthText.succeededAt),
			plain("records", healthText.records).narrow(),
		)).
		WithPanel(list(healthText.runs, "health/runs", size{24, 10},
			moment("ended_at", healthText.endedAt),
			plain("city", shared.city).narrow(),
			wide("source", healthText.source, 140),
			plain("outcome", healthText.outcome).narrow(),
			wide("reason", healthText.reason, 120),
			wide("message", healthText.message, 300),
			plain("records", healthText.records).narrow(),
			plain("upload_id", shared.upload).narrow(),
		)).
		Build()
}
