package demo

import "github.com/citygauge/citygauge/internal/programme"

var obesity = problem{
	slug:   "obesity",
	action: "Fresh school meals and safe ways to school",
	indicators: []archetype{
		{
			id: "childhood-obesity", title: "Children who are obese", unit: percent, owner: "Public health",
			definition: "Share of the children measured at the start of school who are obese, by WHO's growth reference.",
			frequency:  programme.Annual, measure: programme.Latest, decimals: 1, delivers: 75, due: 120,
			level: 21, noise: 0.01, change: -0.12, goal: programme.Absolute, later: 2,
		},
		{
			id: "active-travel", title: "Children who walk or cycle to school", unit: percent, owner: "Transport",
			definition: "Share of pupils who came on foot or by bicycle on the day of the quarter's count.", lens: programme.Cause,
			frequency: programme.Quarterly, measure: programme.Mean, decimals: 1, delivers: 25, due: 45,
			level: 38, noise: 0.02, change: 0.15, goal: programme.Points,
		},
		{
			id: "sports-visits", title: "Visits to public sports grounds", unit: "visits", owner: "Parks",
			definition: "People counted at the gates of public pools, pitches and courts.", lens: programme.Cause,
			kind: programme.Count, frequency: programme.Daily, measure: programme.Rolling, delivers: 2, due: 7,
			level: 95_000, season: -0.30, noise: 0.12, change: 0.15, goal: programme.Percent,
		},
		{
			id: "diabetes-admissions", title: "Hospital stays for diabetes", unit: "stays", owner: "Public health",
			definition: "Admissions of residents with diabetes as the main diagnosis.", lens: programme.Consequence,
			kind: programme.Count, frequency: programme.Monthly, measure: programme.Total, delivers: 18, due: 40,
			level: 75, noise: 0.03, change: -0.12, goal: programme.Absolute,
		},
	},
}

var air = problem{
	slug:   "air-quality",
	action: "A low-emission zone and an electric bus fleet",
	indicators: []archetype{
		{
			id: "pm25", title: "Fine dust in the air (PM2.5)", unit: "µg/m³", owner: "Environment",
			definition: "Mean of all stations' daily means.",
			frequency:  programme.Daily, measure: programme.RollingMean, decimals: 1, delivers: 2, due: 7, settles: 12, sensors: true,
			level: 19, season: 0.30, noise: 0.25, change: -0.15, goal: programme.Percent, path: programme.Linear,
		},
		{
			id: "asthma-admissions", title: "Hospital stays for asthma", unit: "stays", owner: "Public health",
			definition: "Admissions of residents with asthma as the main diagnosis.", lens: programme.Consequence,
			kind: programme.Count, frequency: programme.Monthly, measure: programme.Rolling, delivers: 18, due: 40,
			level: 95, season: 0.20, noise: 0.04, change: -0.10, goal: programme.Percent,
		},
		{
			id: "clean-buses", title: "Buses without exhaust", unit: percent, owner: "Transport",
			definition: "Share of the kilometres that electric and hydrogen buses drove.", lens: programme.Cause,
			frequency: programme.Monthly, measure: programme.Latest, decimals: 1, delivers: 8, due: 30,
			level: 24, noise: 0.01, change: 0.60, goal: programme.Percent, path: programme.Compound,
		},
	},
}
