package dashboards

// The texts of the City dashboard.
var cityText = struct {
	page                                        words
	headline, days, freshness, statuses, months words
	status, figures, need, foreseen, chart      words
	indicatorFreshness                          words
}{
	page: words{
		title:       "City",
		description: "Which of a city's targets are on track, and what is needed from here.",
	},

	headline: words{
		title:       "On track",
		description: "How many of the city's targets in this cohort are on track today.",
		empty:       "No targets yet",
	},
	days: words{
		title:       "Time left",
		description: "Days until the cohort's year ends.",
		empty:       "No cohort yet",
	},
	freshness: words{
		title:       "Data",
		description: "Whether the numbers that were due have come. A target is judged by the data there is, not by the calendar.",
		empty:       "No targets yet",
	},
	statuses: words{
		title: "Where each target stands",
		description: "On track: at the pace that meets the target. Slipping, off track: slower than that. Moving away: worse than at the start. " +
			"Too close to call: the difference is within the usual ups and downs.",
		empty: "No targets yet",
	},

	months: words{
		title:       "Month by month",
		description: "How the target stood at the end of each month, and stands now.",
		empty:       "Nothing was judged yet: upload the first file",
	},

	status: words{
		title:       "Status",
		description: "How this target stands, judged by the newest data.",
		empty:       "No target yet",
	},
	need: words{
		title:       "Needed from here",
		description: "What each remaining period must bring for the target to be met.",
		empty:       "No target yet",
	},
	figures: words{
		title:       "Against the target",
		description: "What is compared with the target, the target, and where the city started; where the target was moved, also how it would stand by the one before.",
		empty:       "No target yet",
	},
	foreseen: words{
		title:       "What is foreseen",
		description: "Where the measure will be on the last day of the target if the city goes on as before: in four of five cases between the two numbers in brackets.",
		empty:       "No target yet",
	},
	indicatorFreshness: words{
		title:       "Data",
		description: "The last day that the data covers, and when the next value is due.",
		empty:       "No target yet",
	},
	chart: words{
		title:       "Actual and expected",
		description: "Actual is what is compared with the target, at the end of each period. Expected is where it should be on the way from the baseline to the target. The blue fan is the forecast: four of five cases end within it. Grey lines and bands are what the city tried. Pink lines tell when a target was moved, a dotted one what it was before.",
		empty:       "Nothing to draw yet: upload the first file",
	},
}
