package demo

import "github.com/citygauge/citygauge/internal/programme"

var homelessness = problem{
	slug:   "homelessness",
	action: "Housing First: a home and a caseworker from the first day",
	indicators: []archetype{
		{
			id: "rough-sleepers", title: "People sleeping rough", unit: "people", owner: "Housing",
			definition: "People found sleeping outdoors on the night of the monthly street count.",
			kind:       programme.Count, frequency: programme.Monthly, measure: programme.Latest, delivers: 12, due: 30,
			level: 60, stock: true, noise: 0.025, change: -0.30, goal: programme.Percent,
		},
		{
			id: "shelter-nights", title: "Nights spent in emergency shelters", unit: "nights", owner: "Housing",
			definition: "Beds taken in emergency shelters, each night.", lens: programme.Consequence,
			kind: programme.Count, frequency: programme.Daily, measure: programme.Rolling, delivers: 2, due: 7,
			level: 21_000, season: 0.15, noise: 0.05, change: -0.12, goal: programme.Percent,
		},
		{
			id: "evictions", title: "Evictions carried out", unit: "evictions", owner: "Justice",
			definition: "Households made to leave their home by a court's order.", lens: programme.Cause,
			kind: programme.Count, frequency: programme.Weekly, measure: programme.Total, delivers: 4, due: 14,
			level: 160, noise: 0.08, change: -0.20, goal: programme.Percent,
		},
		{
			id: "supportive-homes", title: "Supportive homes available", unit: "homes", owner: "Housing",
			definition: "Homes with support for people who were homeless, at the month's end.", lens: programme.Cause,
			kind: programme.Count, frequency: programme.Monthly, measure: programme.Latest, delivers: 12, due: 30,
			level: 90, stock: true, noise: 0.01, change: 0.60, goal: programme.Percent,
			// Building takes time: in the cohort's year hardly any are ready.
			path: programme.Steps, milestones: []milestone{{1, 0.04}}, later: 2,
		},
	},
}

var youth = problem{
	slug:   "youth-unemployment",
	action: "A guaranteed place: work or training within four months",
	indicators: []archetype{
		{
			id: "youth-unemployment", title: "Young people without work", unit: percent, owner: "Economy",
			definition: "Unemployed people aged 15 to 24, as a share of all who work or look for work.",
			frequency:  programme.Monthly, measure: programme.RollingMean, decimals: 1, delivers: 20, due: 40,
			level: 17, season: 0.06, noise: 0.02, change: -0.10, goal: programme.Points,
		},
		{
			id: "apprenticeships", title: "Apprenticeships begun", unit: "apprenticeships", owner: "Economy",
			definition: "Contracts of apprenticeship signed.", lens: programme.Cause,
			kind: programme.Count, frequency: programme.Monthly, measure: programme.Total, delivers: 10, due: 30,
			level: 420, season: -0.30, noise: 0.04, change: 0.20, goal: programme.Percent,
		},
		{
			id: "training-wait", title: "Wait for a place in training", unit: "days", owner: "Education",
			definition: "Mean number of days from applying to beginning, of those who began in the week.", lens: programme.Cause,
			frequency: programme.Weekly, measure: programme.Mean, decimals: 1, delivers: 4, due: 14,
			level: 48, noise: 0.05, change: -0.18, goal: programme.Percent,
		},
	},
}

var water = problem{
	slug:   "safe-water",
	action: "New mains, and sensors in every district",
	indicators: []archetype{
		{
			id: "samples-passed", title: "Water samples that pass", unit: percent, owner: "Water",
			definition: "Share of the week's samples from household taps that meet every limit.",
			frequency:  programme.Weekly, measure: programme.Mean, decimals: 1, delivers: 5, due: 14,
			level: 78, noise: 0.015, change: 0.06, goal: programme.Points,
		},
		{
			id: "chlorine", title: "Chlorine in tap water", unit: "mg/L", owner: "Water",
			definition: "Free chlorine at the tap, mean of all sensors: enough to be safe, not so much that it tastes.", lens: programme.Cause,
			frequency: programme.Daily, measure: programme.Latest, decimals: 3, delivers: 2, due: 7,
			level: 0.35, noise: 0.04, change: -0.5, band: &programme.Band{Low: 0.2, High: 0.5},
		},
		{
			id: "leakage", title: "Water lost in the network", unit: percent, owner: "Water",
			definition: "Share of the water put into the network that reaches no meter.", lens: programme.Cause,
			frequency: programme.Monthly, measure: programme.Latest, decimals: 1, delivers: 14, due: 30,
			level: 28, noise: 0.01, change: -0.15, goal: programme.Percent, path: programme.Compound,
		},
		{
			id: "water-complaints", title: "Complaints about water", unit: "complaints", owner: "Water",
			definition: "Complaints about colour, taste, smell or pressure.", lens: programme.Consequence,
			kind: programme.Count, frequency: programme.Weekly, measure: programme.Total, delivers: 4, due: 14,
			level: 240, season: -0.20, noise: 0.06, change: -0.25, goal: programme.Percent,
		},
	},
}
