package dashboards

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"github.com/citygauge/citygauge/internal/programme"
)

// yearLink sets the time range to the cohort's year, wherever that begins.
func yearLink() cog.Builder[dashboard.DashboardLink] {
	return dashboard.NewDashboardLinkBuilder(cityText.year).
		Type(dashboard.DashboardLinkTypeLink).
		Icon("").
		Tooltip(cityText.yearTip).
		Url(cityPath("${city}", "${cohort}", "${year_from}", "${year_to}"))
}

// CityPath is the address, below that of Grafana, at which the City dashboard
// shows a city in the year of a cohort.
func CityPath(city string, cohort programme.Cohort) string {
	return cityPath(url.QueryEscape(city), url.QueryEscape(cohort.ID), milliseconds(cohort.Starts), milliseconds(cohort.Ends.AddDays(1)))
}

func cityPath(city, cohort, from, to string) string {
	return fmt.Sprintf("/d/%s/city?var-city=%s&var-cohort=%s&from=%s&to=%s", CityUID, city, cohort, from, to)
}

func milliseconds(d programme.Date) string {
	return strconv.FormatInt(d.Time().UnixMilli(), 10)
}
