package exposition

import (
	"slices"

	"github.com/citygauge/citygauge/internal/metric"
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
var families = slices.Concat([]family{
	{"citygauge_city_info", "The cities of the programme; always 1.", func(s *samples, c *city) {
		s.add(c.labels, yes, "name", c.name, "country", c.country)
	}},
	ofIndicators("citygauge_indicator_info", "What an indicator is and how it is judged; always 1.", func(s *samples, i *indicator) {
		s.addInfo(i.labels, i.info.Value())
	}),
	ofIndicators(metric.Value().Name, metric.Value().Help, func(s *samples, i *indicator) {
		s.add(i.labels, i.value.figure())
	}),
	ofIndicators("citygauge_indicator_observation_timestamp_seconds", "When the period of the newest observation ended.", func(s *samples, i *indicator) {
		s.add(i.labels, i.observed.figure())
	}),
	ofIndicators("citygauge_indicator_due_timestamp_seconds", "By when the next value is due.", func(s *samples, i *indicator) {
		s.add(i.labels, i.due.figure())
	}),
	ofIndicators("citygauge_indicator_freshness", "Whether values come when they are due: 1 for the freshness that holds, 0 for the others.", func(s *samples, i *indicator) {
		addStates(s, i.labels, "freshness", i.freshness, progress.Freshnesses())
	}),
	ofTargets("citygauge_indicator_target_timestamp_seconds", "When the period ends for which the target is set.", func(s *samples, t *target) {
		s.add(t.labels, t.ends.figure())
	}),
}, ofAssessments())

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

// ofAssessments are the families that the exported history has too.
func ofAssessments() []family {
	var all []family
	for n, f := range figures {
		all = append(all, ofTargets(f.Name, f.Help, func(s *samples, t *target) {
			s.add(t.labels, t.figures[n].figure())
		}))
	}
	for n, of := range states {
		all = append(all, ofTargets(of.Name, of.Help, func(s *samples, t *target) {
			addStates(s, t.labels, of.Label, t.states[n], of.All)
		}))
	}
	return all
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
