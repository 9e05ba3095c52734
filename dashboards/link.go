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
	return address(cityText.year, cityPath("${city}", "${cohort}", "${year_from}", "${year_to}")).Tooltip(cityText.yearTip)
}

// link leads to an address below Grafana's.
type link struct{ title, address string }

// The addresses of dashboards for what is chosen on this one, in its time range.
const (
	keepTime         = "&${__url_time_range}"
	cityAddress      = "/d/" + CityUID + "/city?var-city=${city}&var-cohort=${cohort}" + keepTime
	indicatorAddress = "/d/" + IndicatorUID + "/indicator?var-city=${city}&var-indicator=${indicator}&var-cohort=${cohort}" + keepTime
	healthAddress    = "/d/" + HealthUID + "/data-health?var-city=${city}" + keepTime

	// Of a row of a table.
	rowCityAddress      = "/d/" + CityUID + "/city?var-city=${__data.fields.city}&var-cohort=${cohort}" + keepTime
	rowIndicatorAddress = "/d/" + IndicatorUID + "/indicator?var-city=${__data.fields.city}&var-indicator=${__data.fields.indicator}" + keepTime
)

// links are those at the title of a panel.
func links(all ...link) []cog.Builder[dashboard.DashboardLink] {
	list := make([]cog.Builder[dashboard.DashboardLink], len(all))
	for n, l := range all {
		list[n] = address(l.title, l.address)
	}
	return list
}

// address is a link at the head of a dashboard or of a panel.
func address(title, to string) *dashboard.DashboardLinkBuilder {
	return dashboard.NewDashboardLinkBuilder(title).
		Type(dashboard.DashboardLinkTypeLink).
		Icon("").
		Url(to)
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
