package dashboards

// The texts that several dashboards share.
var shared = struct {
	city, cohort, indicator, status, need, dataThrough string
	baseline, target, rangeLow, rangeHigh, upload      string
	cityLink, indicatorLink, healthLink                string
	interventions                                      string
}{
	city: "City", cohort: "Cohort", indicator: "Indicator", status: "Status", need: "Needed from here", dataThrough: "Data through",
	baseline: "Baseline", target: "Target", rangeLow: "At least", rangeHigh: "At most", upload: "Upload",
	cityLink: "The city's targets", indicatorLink: "Everything about the indicator", healthLink: "What is late, and what was wrong with files",
	interventions: "What the city tried",
}
