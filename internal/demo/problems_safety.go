package demo

import "github.com/citygauge/citygauge/internal/programme"

var violence = problem{
	slug:   "homicide",
	action: "Violence interrupters in the most affected streets",
	indicators: []archetype{
		{
			id: "homicides", title: "Homicides", unit: "homicides", owner: "Police",
			definition: "Victims of murder and non-negligent manslaughter, by the month of the deed.",
			kind:       programme.Count, frequency: programme.Monthly, measure: programme.Total, delivers: 10, due: 30,
			level: 11, season: -0.10, noise: 0.03, change: -0.20, goal: programme.Percent,
		},
		{
			id: "shootings", title: "People shot", unit: "people", owner: "Police",
			definition: "People hit by a bullet, whether or not they survived.",
			kind:       programme.Count, frequency: programme.Weekly, measure: programme.Rolling, delivers: 4, due: 14,
			level: 55, season: -0.15, noise: 0.08, change: -0.20, goal: programme.Percent,
		},
		{
			id: "violence-calls", title: "Emergency calls about violence", unit: "calls", owner: "Police",
			definition: "Calls to the emergency number in which violence is reported.", lens: programme.Consequence,
			kind: programme.Count, frequency: programme.Daily, measure: programme.Total, delivers: 2, due: 7,
			level: 2_600, season: -0.10, noise: 0.08, change: -0.10, goal: programme.Percent,
		},
	},
}

var roadDeaths = problem{
	slug:   "road-deaths",
	action: "30 km/h as the rule, and raised crossings",
	indicators: []archetype{
		{
			id: "road-deaths", title: "People killed in traffic", unit: "people", owner: "Transport",
			definition: "People who died within 30 days of a crash; provisional until those days are over.",
			kind:       programme.Count, frequency: programme.Monthly, measure: programme.Total, delivers: 10, due: 75, settles: 45,
			level: 9, noise: 0.03, change: -0.25, goal: programme.Absolute,
		},
		{
			id: "serious-injuries", title: "People seriously injured in traffic", unit: "people", owner: "Transport",
			definition: "People who stayed in hospital for more than a day after a crash.", lens: programme.Consequence,
			kind: programme.Count, frequency: programme.Weekly, measure: programme.Rolling, delivers: 5, due: 14,
			level: 110, season: -0.12, noise: 0.06, change: -0.15, goal: programme.Percent,
		},
		{
			id: "speeding", title: "Drivers above the speed limit", unit: percent, owner: "Police",
			definition: "Share of the vehicles at fixed counting places that were faster than allowed.", lens: programme.Cause,
			frequency: programme.Weekly, measure: programme.Latest, decimals: 1, delivers: 3, due: 14,
			level: 34, noise: 0.02, change: -0.30, goal: programme.Percent,
			// Most of the cameras stand before the year is half over.
			path: programme.Steps, milestones: []milestone{{0.5, 0.7}},
		},
	},
}
