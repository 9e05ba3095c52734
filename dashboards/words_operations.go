package dashboards

// The texts of the Operations dashboard.
var operationsText = struct {
	page                                                             words
	yes, no                                                          string
	database, snapshot, series, version, requests, slowness, uploads words
	rows, sources, scrapes, memory, cpu                              words
}{
	page: words{
		title:       "Operations",
		description: "Is the program well: requests, uploads, sources, scrapes, the database.",
	},
	yes: "reachable", no: "unreachable",

	database: words{title: "Database", description: "Whether every server reached the database when it last looked.", empty: notScraped},
	snapshot: words{
		title: "Age of what is shown", description: "How long ago the metrics were last found to agree with the database. Minutes are well.", empty: notScraped,
	},
	series:   words{title: "Series", description: "How many series a scrape of citygauge brings.", empty: notScraped},
	version:  words{title: "Version", description: "What is running.", empty: notScraped},
	requests: words{title: "Requests", description: "Requests to the site a second, by the status of the answer.", empty: scrapeFirst},
	slowness: words{
		title: "How long an answer takes", description: "The time within which half and 95 % of requests are answered.", empty: "No request in this time range",
		parts: []string{"95 % within", "half within"},
	},
	uploads: words{title: "Uploads", description: "Uploads in the hour before, by what became of them.", empty: scrapeFirst},
	rows:    words{title: "Rows", description: "Rows of uploads in the hour before, by what became of them.", empty: scrapeFirst},
	sources: words{title: "Sources", description: "Runs of sources in the hour before, by how they ended.", empty: "No source has run"},
	scrapes: words{title: "How long a scrape takes", description: "Seconds that Prometheus needs to fetch the metrics.", empty: scrapeFirst},
	memory:  words{title: "Memory", description: "Resident memory of each server.", empty: scrapeFirst},
	cpu:     words{title: "Processor", description: "Part of one core that each server uses.", empty: scrapeFirst},
}

const (
	notScraped  = "Not scraped"
	scrapeFirst = "Prometheus saw nothing in this time range: let it scrape citygauge, as the job citygauge"
)
