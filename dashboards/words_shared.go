package dashboards

// The texts that several dashboards share.
var shared = struct {
	city, cohort, indicator, status, need, dataThrough string
	cityLink, indicatorLink, healthLink                string
	cityTip, indicatorTip, healthTip                   string
	yearLink, yearTip, interventions, targetChanges    string
}{
	city: "City", cohort: "Cohort", indicator: "Indicator", status: "Status", need: "Needed from here", dataThrough: "Data through",
	cityLink: "City", indicatorLink: "Indicator", healthLink: "Data health",
	cityTip: "The city's targets", indicatorTip: "Everything about the indicator", healthTip: "What is late, and what was wrong with files",
	yearLink: "Whole year", yearTip: "Sets the time range of the charts to the cohort's year",
	interventions: "What the city tried",
	targetChanges: "Target changed",
}
