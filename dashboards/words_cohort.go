package dashboards

// The texts of the Cohort dashboard.
var cohortText = struct {
	page                                                                words
	problem, country, band, compared, takeAway                          string
	onTrack, groupPace, statusAtStart                                   string
	pace, paceLower, paceUpper, progress, expectedProgress, probability string
	headline, medianPace, likely, counts                                words
	byProblem, byCountry, byBand, byCity                                words
	places, shown, paces, curves, months, table                         words
}{
	page: words{
		title:       "Cohort",
		description: "Every city of a cohort on one scale: which of them are able to make the change.",
	},
	problem: "Problem", country: "Country", band: "Population",
	compared: "Compared", takeAway: "Every target (a wide table)",
	onTrack: "On track", groupPace: "Median pace", statusAtStart: "By the target of the start",
	pace: "Pace", paceLower: "Pace, low", paceUpper: "Pace, high", progress: "Progress", expectedProgress: "Expected progress",
	probability: "Chance of meeting it",

	headline: words{
		title:       "On track",
		description: "How many targets of the chosen cities are on track today.",
		empty:       "No targets yet",
	},
	medianPace: words{
		title:       "Median pace",
		description: "Progress as a part of what was expected by now: half of the targets that can be judged are faster, half are slower. 100 % is on the trajectory, below 0 is away from the target.",
		empty:       "No data yet",
	},
	likely: words{
		title:       "Likely to be met",
		description: "The part of the targets whose forecast gives them a probability of half or more.",
		empty:       "No forecast yet",
	},
	counts: words{
		title:       "How many stand how",
		description: "Targets by their status today.",
		empty:       "No targets yet",
		parts:       []string{"Targets"},
	},
	places: words{
		title:       "Where: the darker, the more on track",
		description: "Each city by the part of its targets that are on track or met: the darker, the more; grey where none can be judged. Cities without coordinates are not on the map.",
		empty:       "No city has coordinates: declare latitude and longitude",
		parts:       []string{"On track or met", "no verdict yet"},
	},
	byProblem: words{
		title:       "By problem",
		description: "Counts and medians, never means of paces: one city that runs far ahead or behind would move them.",
		empty:       "No targets yet",
	},
	byCountry: words{
		title:       "By country",
		description: "Counts and medians of the chosen targets.",
		empty:       "No targets yet",
	},
	byBand: words{
		title:       "By population",
		description: "Counts and medians of the chosen targets, by the number of people in the city.",
		empty:       "No targets yet",
	},
	byCity: words{
		title:       "By city",
		description: "How many of each city's targets are on track or met, and its median pace, the fastest first.",
		empty:       "No targets yet",
	},
	shown: words{
		title:       "As it was shown",
		description: "How many targets of the whole cohort had which status on each day, as citygauge told it then. It begins when Prometheus began to watch.",
		empty:       "Prometheus saw nothing in this time range: it begins when it first scrapes citygauge",
	},
	paces: words{
		title:       "Pace",
		description: "Each judged target's pace, with its 80 % interval as a bar: the two shades meet at the pace. 100 % is on the trajectory, 0 is no change, below 0 is away from the target. What is beyond the scale is drawn at its end.",
		empty:       "No pace can be told yet",
		parts:       []string{"interval below the pace", "interval above the pace"},
	},
	curves: words{
		title:       "Progress",
		description: "From the baseline (0 %) to the target (100 %): the same scale for every indicator, whatever its unit. A thin line is a city, whose name is shown where one points; half of them are above the thick one, which is drawn where half have a value.",
		empty:       "Nothing was observed yet",
		parts:       []string{"Median"},
	},
	months: words{
		title:       "Month by month",
		description: "How each target stood at the end of each month, and stands now.",
		empty:       "Nothing was judged yet",
	},
	table: words{
		title:       "Every target",
		description: "To take away: Inspect, Data, Download CSV in the panel's menu.",
		empty:       "No targets yet",
	},
}
