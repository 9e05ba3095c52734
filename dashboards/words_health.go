package dashboards

// The texts of the Data health dashboard.
var healthText = struct {
	page                                                                                    words
	owner, due, daysLate                                                                    string
	receivedAt, file, state, rows, fresh, changed, unchanged, withdrawn, skipped, rejected  string
	code, severity, times, files, example, hint, lastSeen                                   string
	source, kind, schedule, newest, outcome, succeededAt, records, endedAt, reason, message string
	headline, late, uploads, problems, sources, runs                                        words
}{
	page: words{
		title:       "Data health",
		description: "What is late, what was wrong with the files that came, and how sources stand.",
	},
	owner: "Who answers for it", due: "Was due", daysLate: "Days late",
	receivedAt: "Received", file: "File", state: "State", rows: "Rows", fresh: "New", changed: "Changed", unchanged: "Unchanged",
	withdrawn: "Withdrawn", skipped: "Without a value", rejected: "With errors",
	code: "Problem", severity: "Severity", times: "Times", files: "Files", example: "For example", hint: "What to do", lastSeen: "Last seen",
	source: "Source", kind: "Kind", schedule: "Pulled", newest: "Newest run", outcome: "Outcome", succeededAt: "Last went well", records: "Records",
	endedAt: "Ended", reason: "Reason", message: "What became of it",

	headline: words{
		title:       "Late",
		description: "How many indicators lack a value that was due.",
		empty:       "No targets yet",
	},
	late: words{
		title:       "What is late",
		description: "Indicators whose next value was due and has not come, the longest overdue first.",
		empty:       "Nothing is late",
	},
	uploads: words{
		title:       "Files that came",
		description: "The newest 200 in the time range, from people and from sources, and what became of their rows.",
		empty:       "No files in this time range",
	},
	problems: words{
		title:       "What was wrong with them",
		description: "Problems of the files in the time range, by kind.",
		empty:       "No problems in this time range",
	},
	sources: words{
		title:       "Sources",
		description: "Where numbers are pulled from, and how each stands now; those that fail come first. Records are those of the last time that it went well.",
		empty:       "No sources: declare them in the programme, or upload files",
	},
	runs: words{
		title:       "What sources ran",
		description: "The newest 200 pulls in the time range, and what became of them.",
		empty:       "No source ran in this time range",
	},
}
