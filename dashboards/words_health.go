package dashboards

// The texts of the Data health dashboard.
var healthText = struct {
	page                                                     words
	lateOf, since                                            string
	headline, late, uploads, problems, cities, sources, runs words
}{
	page: words{
		title:       "Data health",
		description: "What is late, what was wrong with the files that came, and how sources stand.",
	},

	lateOf: "Late", since: "Since",

	headline: words{
		title:       "Late",
		description: "How many indicators lack a value that was due.",
		empty:       "No targets yet",
	},
	late: words{
		title:       "What is late",
		description: "Indicators whose next value was due and has not come, those that were due last first. Red: two values are due, so that the target is not judged.",
		empty:       "Nothing is late",
	},
	uploads: words{
		title:       "Files that came",
		description: "The newest 200 in the time range, from people and from sources, and what became of their rows. Times are in UTC.",
		empty:       "No files in this time range",
	},
	problems: words{
		title:       "What was wrong with them",
		description: "Problems of the files in the time range, by kind, those that were seen last first. Red: errors, for which a file is refused. Yellow: warnings.",
		empty:       "No problems in this time range",
	},
	cities: words{
		title:       "Cities",
		description: "How many indicators of each city lack a value that was due, and since when, the longest first.",
		empty:       "No cities yet: declare them in the programme",
	},
	sources: words{
		title:       "Sources",
		description: "Where numbers are pulled from, and how each stands now; red: it fails. Times are in UTC.",
		empty:       "No sources: declare them in the programme, or upload files",
	},
	runs: words{
		title:       "What sources ran",
		description: "The newest 200 pulls in the time range, and what became of them. Times are in UTC.",
		empty:       "No source ran in this time range",
	},
}
