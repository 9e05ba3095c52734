package dashboards

import "github.com/grafana/grafana-foundation-sdk/go/dashboard"

// CohortUID identifies the Cohort dashboard in every Grafana.
const CohortUID = "citygauge-cohort"

// cohort is faculty's dashboard: every city of a cohort on one scale.
func cohort() (dashboard.Dashboard, error) {
	return page(CohortUID, cohortText.page,
		datasource(),
		prometheusSource(),
		choice("cohort", shared.cohort, "cohort/cohorts"),
		choices("problem", cohortText.problem, "cohort/problems"),
		choices("country", cohortText.country, "cohort/countries"),
		choices("band", cohortText.band, "cohort/bands"),
		choices("title", shared.indicator, "cohort/titles"),
	).
		Link(address(shared.healthLink, "/d/"+HealthUID+"/data-health")).
		WithPanel(sentence(cohortText.headline, "cohort/headline", size{12, 3}, headlineLetters)).
		WithPanel(share(cohortText.medianPace, "cohort/median_pace", size{6, 3})).
		WithPanel(share(cohortText.likely, "cohort/likely", size{6, 3})).
		WithPanel(counts(cohortText.counts, "cohort/counts", size{12, 15})).
		WithPanel(world(cohortText.places, "cohort/map", size{12, 15})).
		WithPanel(list(cohortText.byProblem, "cohort/by_problem", size{8, 8}, groupColumns(cohortText.problem)...)).
		WithPanel(list(cohortText.byCountry, "cohort/by_country", size{8, 8}, groupColumns(cohortText.country)...)).
		WithPanel(list(cohortText.byBand, "cohort/by_population_band", size{8, 8}, groupColumns(cohortText.band)...)).
		WithPanel(list(cohortText.table, "cohort/targets", size{24, 12},
			wide("city_name", shared.city, 140).linked(shared.cityLink, rowCityAddress),
			hiddenColumn("city"),
			wide("problem", cohortText.problem, 120),
			hiddenColumn("indicator"),
			wide("title", shared.indicator, 200).linked(shared.indicatorLink, rowIndicatorAddress),
			verdict("status", shared.status),
			number("pace", cohortText.pace, "percentunit"),
			number("pace_lower", cohortText.paceLower, "percentunit"),
			number("pace_upper", cohortText.paceUpper, "percentunit"),
			number("progress", cohortText.progress, "percentunit"),
			number("expected_progress", cohortText.expectedProgress, "percentunit"),
			number("target_probability", cohortText.probability, "percentunit"),
			day("as_of", shared.dataThrough),
			wide("need_sentence", shared.need, 320),
		)).
		WithPanel(trend(cohortText.shown, size{24, 8}, "short", expression{
			`count by (status) (last_over_time(citygauge_indicator_status{cohort="$cohort"}[$__interval]) == 1)`, "{{status}}",
		}).TimeFrom("7d")).
		WithRow(dashboard.NewRowBuilder("$title").Repeat("title")).
		WithPanel(intervals(cohortText.paces, "cohort/paces", size{8, 15})).
		WithPanel(timelines(cohortText.months, "cohort/months", size{8, 15})).
		WithPanel(curves(cohortText.curves, "cohort/curves", size{8, 15})).
		Build()
}

// groupColumns are those of a table of groups of cities.
func groupColumns(of string) []column {
	return []column{
		wide("name", of, 150),
		plain("targets", cohortText.targets).narrow(),
		plain("on_track", cohortText.onTrack).narrow(),
		number("pace", cohortText.groupPace, "percentunit").narrow(),
	}
}
