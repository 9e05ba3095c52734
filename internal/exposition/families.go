package exposition

import (
	"github.com/citygauge/citygauge/internal/progress"
)

// family is one metric of the snapshot: a gauge, and how the samples of one
// city are written.
type family struct {
	name  string
	help  string // without backslash or line feed, which would need escaping
	write func(*samples, *city)
}

// families lists every metric of the snapshot in the order of its exposition.
var families = []family{
	{"citygauge_city_info", "The cities of the programme; always 1.", func(s *samples, c *city) {
		s.add(c.labels, yes, "name", c.City.Name, "country", c.City.Country)
	}},
	ofIndicators("citygauge_indicator_info", "What an indicator is and how it is judged; always 1.", func(s *samples, i *indicator) {
		s.add(i.labels, yes,
			"title", i.Indicator.Title,
			"problem", i.Indicator.Problem,
			"lens", string(i.Indicator.Lens),
			"unit", i.Indicator.Unit,
			"kind", string(i.Indicator.Kind),
			"direction", string(i.Indicator.Direction),
			"measure", string(i.Indicator.Measure),
			"frequency", i.Indicator.Frequency.String())
	}),
	ofIndicators("citygauge_indicator_value", "The newest observation, in the indicator's unit. It speaks of one period: compare the measure with the target, not this.", func(s *samples, i *indicator) {
		if i.Newest != nil {
			s.add(i.labels, progress.Known(i.Newest.Value))
		}
	}),
	ofIndicators("citygauge_indicator_observation_timestamp_seconds", "When the period of the newest observation ended.", func(s *samples, i *indicator) {
		if i.Newest != nil {
			s.add(i.labels, i.endOf(i.Newest.Period.Last()))
		}
	}),
	ofIndicators("citygauge_indicator_due_timestamp_seconds", "By when the next value is due.", func(s *samples, i *indicator) {
		s.add(i.labels, i.endOf(i.Due))
	}),
	ofIndicators("citygauge_indicator_freshness", "Whether values come when they are due: 1 for the freshness that holds, 0 for the others.", func(s *samples, i *indicator) {
		addStates(s, i.labels, "freshness", i.Freshness, progress.Freshnesses())
	}),
	figure("citygauge_indicator_measure", "What is compared with the target, in the indicator's unit.", func(a *progress.Assessment) progress.Figure { return a.Value }),
	figure("citygauge_indicator_baseline", "What the target is measured from, in the indicator's unit.", func(a *progress.Assessment) progress.Figure { return a.Baseline }),
	figure("citygauge_indicator_target", "The value to reach, in the indicator's unit; none where a range is to be kept.", func(a *progress.Assessment) progress.Figure { return a.Target }),
	ofTargets("citygauge_indicator_target_timestamp_seconds", "When the period ends for which the target is set.", func(s *samples, t *target) {
		s.add(t.labels, t.endOf(t.Ends))
	}),
	figure("citygauge_indicator_expected", "Where the trajectory from baseline to target is at the date of the newest data, in the indicator's unit.", func(a *progress.Assessment) progress.Figure { return a.Expected }),
	figure("citygauge_indicator_progress_ratio", "The way from baseline to target that is done: 0 at the baseline, 1 at the target.", func(a *progress.Assessment) progress.Figure { return a.Progress }),
	figure("citygauge_indicator_expected_progress_ratio", "The way from baseline to target that should be done at the date of the newest data.", func(a *progress.Assessment) progress.Figure { return a.ExpectedProgress }),
	figure("citygauge_indicator_pace_ratio", "Progress over expected progress: 1 is on the trajectory, below 0 is away from the target.", func(a *progress.Assessment) progress.Figure { return a.Pace }),
	figure("citygauge_indicator_pace_lower_ratio", "Lower end of the pace's 80 % interval.", func(a *progress.Assessment) progress.Figure { return a.PaceLower }),
	figure("citygauge_indicator_pace_upper_ratio", "Upper end of the pace's 80 % interval.", func(a *progress.Assessment) progress.Figure { return a.PaceUpper }),
	ofTargets("citygauge_indicator_status", "How the target stands: 1 for the status that holds, 0 for the others.", func(s *samples, t *target) {
		addStates(s, t.labels, "status", t.Assessment.Status, progress.Statuses())
	}),
}

var yes, no = progress.Known(1), progress.Known(0)

func ofIndicators(name, help string, write func(*samples, *indicator)) family {
	return family{name, help, func(s *samples, c *city) {
		for i := range c.indicators {
			write(s, &c.indicators[i])
		}
	}}
}

func ofTargets(name, help string, write func(*samples, *target)) family {
	return ofIndicators(name, help, func(s *samples, i *indicator) {
		for t := range i.targets {
			write(s, &i.targets[t])
		}
	})
}

func figure(name, help string, of func(*progress.Assessment) progress.Figure) family {
	return ofTargets(name, help, func(s *samples, t *target) {
		s.add(t.labels, of(&t.Assessment))
	})
}

// addStates writes one sample for each of all states, or none where it is not
// known which one holds.
func addStates[T ~string](s *samples, labels []byte, label string, holds T, all []T) {
	if holds == "" {
		return
	}
	for _, state := range all {
		value := no
		if state == holds {
			value = yes
		}
		s.add(labels, value, label, string(state))
	}
}
