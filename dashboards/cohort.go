package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/table"
)

// CohortUID identifies the Cohort dashboard in every Grafana.
const CohortUID = "citygauge-cohort"

// cohort is faculty's dashboard: every city of a cohort on one scale.
func cohort() (dashboard.Dashboard, error) {
	return page(CohortUID, cohortText.page,
		datasource(),
		prometheusSource(),
		choice("cohort", shared.cohort, "cohort/cohorts"),
		derived("year_from", "city/year_from"),
		derived("year_to", "city/year_to"),
		choices("problem", cohortText.problem, "cohort/problems"),
		choices("country", cohortText.country, "cohort/countries"),
		choices("band", cohortText.band, "cohort/bands"),
		some("title", cohortText.compared, "cohort/titles"),
	).
		Link(cohortYear).
		Link(toDataHealthOfAll).
		WithPanel(sentence(cohortText.headline, "cohort/headline", size{12, 3}, headlineLetters)).
		WithPanel(share(cohortText.medianPace, "cohort/median_pace", size{6, 3})).
		WithPanel(share(cohortText.likely, "cohort/likely", size{6, 3})).
		WithPanel(counts(cohortText.counts, "cohort/counts", size{12, 10})).
		WithPanel(world(cohortText.places, "cohort/map", size{12, 10})).
		WithPanel(groups(cohortText.byProblem, "cohort/by_problem", size{8, 8}, plain("name", cohortText.problem))).
		WithPanel(groups(cohortText.byCountry, "cohort/by_country", size{8, 8}, plain("name", cohortText.country))).
		WithPanel(groups(cohortText.byBand, "cohort/by_population_band", size{8, 8}, plain("name", cohortText.band))).
		WithPanel(groups(cohortText.byCity, "cohort/by_city", size{12, 12}, plain("name", shared.city).linked(shared.cityTip, rowCityAddress))).
		WithPanel(history(cohortText.shown, size{12, 12}, expression{
			`count by (status) (last_over_time(citygauge_indicator_status{cohort="$cohort"}[$__interval]) == 1)`, "{{status}}",
		}).TimeFrom("7d")).
		WithRow(dashboard.NewRowBuilder("$title").Repeat("title")).
		WithPanel(intervals(cohortText.paces, "cohort/paces", size{8, 15})).
		WithPanel(timeline(cohortText.months, "cohort/months", size{8, 15})).
		WithPanel(curves(cohortText.curves, "cohort/curves", size{8, 15})).
		WithRow(dashboard.NewRowBuilder(cohortText.takeAway).Collapsed(true).
			WithPanel(list(cohortText.table, "cohort/targets", size{24, 16},
				wide("city_name", shared.city, 180).linked(shared.cityTip, rowCityAddress),
				hiddenColumn("city"),
				wide("problem", cohortText.problem, 120),
				hiddenColumn("indicator"),
				wide("title", shared.indicator, 240).linked(shared.indicatorTip, rowIndicatorAddress),
				verdict("status", shared.status),
				verdict("status_at_start", cohortText.statusAtStart),
				percent("pace", cohortText.pace),
				percent("pace_lower", cohortText.paceLower),
				percent("pace_upper", cohortText.paceUpper),
				percent("progress", cohortText.progress),
				percent("expected_progress", cohortText.expectedProgress),
				percent("target_probability", cohortText.probability),
				day("as_of", shared.dataThrough),
				wide("need_sentence", shared.need, 320),
			))).
		Build()
}

// groups counts the targets of each group of cities in three columns, which is
// what a phone has room for.
func groups(w words, query string, s size, name column) *table.PanelBuilder {
	return list(w, query, s,
		name.atLeast(150),
		hiddenColumn("city"),
		plain("on_track", cohortText.onTrack).atLeast(84).right(),
		percent("pace", cohortText.groupPace).atLeast(104),
	)
}
