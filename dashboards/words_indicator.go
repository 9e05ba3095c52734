package dashboards

// The texts of the Indicator dashboard.
var indicatorText = struct {
	page                                                                           words
	breaks                                                                         string
	status, signal, newest, control, definition, about, observed, changes, targets words
}{
	page: words{
		title:       "Indicator",
		description: "One indicator to the ground: has something changed, what does it measure, and what was revised.",
	},
	breaks: "The definition changed",

	status: words{
		title:       "Status",
		description: "How the target of the chosen cohort stands.",
		empty:       "No target yet",
	},
	signal: words{
		title:       "Has something changed?",
		description: "What the control chart below says of the newest value: a change beyond what the indicator varies by of itself, or none.",
		empty:       "No target yet: limits are those of a target's baseline",
	},
	newest: words{
		title:       "Newest value",
		description: "The newest observation.",
		empty:       "No observations yet: upload the first file",
	},
	control: words{
		title:       "Change or chance",
		description: "An XmR chart. Values between the limits are the usual ups and downs; one outside, seven in a row on one side, or seven rising or falling are not. Where the season was removed, each value is the difference from one year before.",
		empty:       "No limits yet: they take a target and twelve values",
	},
	definition: words{
		title:       "What it is",
		description: "Its definition, where the numbers come from and who answers for them, as declared in the programme.",
		empty:       "No indicators yet: declare them in the programme",
	},
	about: words{
		title:       "How it is judged",
		description: "As it was declared in the programme.",
		empty:       "No indicators yet: declare them in the programme",
	},
	observed: words{
		title:       "What was observed",
		description: "Every value as it stands, beside what was first delivered for its period. Not final: provisional or estimated.",
		empty:       "No observations yet: upload the first file",
	},
	changes: words{
		title:       "What was revised",
		description: "The newest 200 changes of values that had been delivered before. Times are in UTC.",
		empty:       "Nothing was revised",
	},
	targets: words{
		title:       "Versions of the target",
		description: "Every version of the indicator's targets, the newest first.",
		empty:       "No target yet",
	},
}
