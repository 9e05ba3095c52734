// Package metric is what Prometheus knows indicators and their targets by: the
// metrics that the present, as it is scraped, and the exported history have in
// common. They are named here once, so that a query written for one reads the
// other.
//
// It does not write samples; those who do add the labels city and indicator,
// and cohort where the value comes from an assessment.
package metric

import "github.com/citygauge/citygauge/internal/progress"

// Gauge is the name of a metric and what it says.
type Gauge struct {
	Name string
	Help string // without backslash, quote or line feed, which would need escaping
}

// Figure is a gauge of one number of an assessment.
type Figure struct {
	Gauge
	Of func(*progress.Assessment) progress.Figure
}

// States is a gauge that has one sample for each of the states that a target
// can be in: 1 for the one that holds, 0 for the others.
type States struct {
	Gauge
	Label string // what the label with the state is called
	All   []string
	Of    func(*progress.Assessment) string // the state that holds; empty where it is not known
}

// Value is the gauge of observations.
func Value() Gauge {
	return Gauge{"citygauge_indicator_value", "The newest observation, in the indicator's unit. It speaks of one period: compare the measure with the target, not this."}
}

// Figures lists the gauges of an assessment's numbers.
func Figures() []Figure {
	return []Figure{
		{
			Gauge{"citygauge_indicator_measure", "What is compared with the target, in the indicator's unit."},
			func(a *progress.Assessment) progress.Figure { return a.Value },
		},
		{
			Gauge{"citygauge_indicator_baseline", "What the target is measured from, in the indicator's unit."},
			func(a *progress.Assessment) progress.Figure { return a.Baseline },
		},
		{
			Gauge{"citygauge_indicator_target", "The value to reach, in the indicator's unit; none where a range is to be kept."},
			func(a *progress.Assessment) progress.Figure { return a.Target },
		},
		{
			Gauge{"citygauge_indicator_expected", "Where the trajectory from baseline to target is at the date of the newest data, in the indicator's unit."},
			func(a *progress.Assessment) progress.Figure { return a.Expected },
		},
		{
			Gauge{"citygauge_indicator_progress_ratio", "The way from baseline to target that is done: 0 at the baseline, 1 at the target."},
			func(a *progress.Assessment) progress.Figure { return a.Progress },
		},
		{
			Gauge{"citygauge_indicator_expected_progress_ratio", "The way from baseline to target that should be done at the date of the newest data."},
			func(a *progress.Assessment) progress.Figure { return a.ExpectedProgress },
		},
		{
			Gauge{"citygauge_indicator_pace_ratio", "Progress over expected progress: 1 is on the trajectory, below 0 is away from the target."},
			func(a *progress.Assessment) progress.Figure { return a.Pace },
		},
		{
			Gauge{"citygauge_indicator_pace_lower_ratio", "Lower end of the pace's 80 % interval."},
			func(a *progress.Assessment) progress.Figure { return a.PaceLower },
		},
		{
			Gauge{"citygauge_indicator_pace_upper_ratio", "Upper end of the pace's 80 % interval."},
			func(a *progress.Assessment) progress.Figure { return a.PaceUpper },
		},
		{
			Gauge{"citygauge_indicator_projected", "What the measure is forecast to be at the end of the year, in the indicator's unit."},
			func(a *progress.Assessment) progress.Figure { return a.Forecast.Projected },
		},
		{
			Gauge{"citygauge_indicator_projected_lower", "Lower end of the forecast's 80 % interval."},
			func(a *progress.Assessment) progress.Figure { return a.Forecast.Lower },
		},
		{
			Gauge{"citygauge_indicator_projected_upper", "Upper end of the forecast's 80 % interval."},
			func(a *progress.Assessment) progress.Figure { return a.Forecast.Upper },
		},
		{
			Gauge{"citygauge_indicator_target_probability_ratio", "Probability that the target is met at the end of the year, from 0 to 1."},
			func(a *progress.Assessment) progress.Figure { return a.Forecast.Probability },
		},
	}
}

// AllStates lists the gauges of an assessment's states.
func AllStates() []States { return []States{Status(), Signal()} }

// Signal is the gauge of what the XmR chart says of the newest value.
func Signal() States {
	return States{
		Gauge: Gauge{"citygauge_indicator_signal", "Whether something has changed, beyond chance: 1 for the signal that holds, 0 for the others."},
		Label: "signal",
		All:   texts(progress.Signals()),
		Of:    func(a *progress.Assessment) string { return string(a.Signal) },
	}
}

// Status is the gauge of the one word that says how a target stands.
func Status() States {
	return States{
		Gauge: Gauge{"citygauge_indicator_status", "How the target stands: 1 for the status that holds, 0 for the others."},
		Label: "status",
		All:   texts(progress.Statuses()),
		Of:    func(a *progress.Assessment) string { return string(a.Status) },
	}
}

func texts[T ~string](all []T) []string {
	list := make([]string, len(all))
	for n, t := range all {
		list[n] = string(t)
	}
	return list
}
