package dashboards

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"github.com/citygauge/citygauge/internal/programme"
)

// link leads to an address below Grafana's. Its title is short, because several
// stand beside each other on a phone; its tip says more.
type link struct {
	title, tip, address string
	keepTime            bool // it leads to the same time range
}

// Build is the link at the head of a dashboard.
func (l link) Build() (dashboard.DashboardLink, error) {
	return dashboard.NewDashboardLinkBuilder(l.title).
		Type(dashboard.DashboardLinkTypeLink).
		Icon("").
		Tooltip(l.tip).
		Url(l.address).
		KeepTime(l.keepTime).
		Build()
}

// The pages of dashboards.
const (
	cityPage      = "/d/" + CityUID + "/city"
	indicatorPage = "/d/" + IndicatorUID + "/indicator"
	cohortPage    = "/d/" + CohortUID + "/cohort"
	healthPage    = "/d/" + HealthUID + "/data-health"
)

// Links to dashboards for what is chosen on this one, in its time range. That of
// a city leads to the first of its indicators.
var (
	toCity            = link{shared.cityLink, shared.cityTip, cityPage + "?var-city=${city}&var-cohort=${cohort}", true}
	toIndicators      = link{shared.indicatorLink, shared.indicatorTip, indicatorPage + "?var-city=${city}&var-cohort=${cohort}", true}
	toDataHealth      = link{shared.healthLink, shared.healthTip, healthPage + "?var-city=${city}", true}
	toDataHealthOfAll = link{shared.healthLink, shared.healthTip, healthPage, true}
)

// Links of a panel and of a row of a table, where Grafana keeps the time range
// by its variable alone.
const (
	keepTime              = "&${__url_time_range}"
	indicatorAddress      = indicatorPage + "?var-city=${city}&var-indicator=${indicator}&var-cohort=${cohort}" + keepTime
	indicatorOfRowAddress = indicatorPage + "?var-city=${city}&var-indicator=${__data.fields.indicator}&var-cohort=${cohort}" + keepTime
	rowCityAddress        = cityPage + "?var-city=${__data.fields.city}&var-cohort=${cohort}" + keepTime
	rowIndicatorAddress   = indicatorPage + "?var-city=${__data.fields.city}&var-indicator=${__data.fields.indicator}&var-cohort=${cohort}" + keepTime
)

// Links that set the time range to the cohort's year, wherever that begins.
var (
	cityYear   = link{title: shared.yearLink, tip: shared.yearTip, address: cityPath("${city}", "${cohort}", "${year_from}", "${year_to}")}
	cohortYear = link{title: shared.yearLink, tip: shared.yearTip, address: cohortPage +
		"?${cohort:queryparam}&${problem:queryparam}&${country:queryparam}&${band:queryparam}&${title:queryparam}&from=${year_from}&to=${year_to}"}
)

// CityPath is the address, below that of Grafana, at which the City dashboard
// shows a city in the year of a cohort.
func CityPath(city string, cohort programme.Cohort) string {
	return cityPath(url.QueryEscape(city), url.QueryEscape(cohort.ID), milliseconds(cohort.Starts), milliseconds(cohort.Ends.AddDays(1)))
}

func cityPath(city, cohort, from, to string) string {
	return fmt.Sprintf(cityPage+"?var-city=%s&var-cohort=%s&from=%s&to=%s", city, cohort, from, to)
}

func milliseconds(d programme.Date) string {
	return strconv.FormatInt(d.Time().UnixMilli(), 10)
}
