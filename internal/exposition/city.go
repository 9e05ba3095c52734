package exposition

import (
	"cmp"
	"slices"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// city is a standing in the order of its exposition, with what all families
// need of it worked out once.
type city struct {
	progress.Standing
	labels     []byte
	indicators []indicator
}

type indicator struct {
	progress.IndicatorStanding
	place
	labels  []byte
	targets []target
}

type target struct {
	progress.TargetStanding
	place
	labels []byte
}

// place is where days begin and end.
type place struct{ zone *time.Location }

// endOf is the Unix time at which a day is over.
func (p place) endOf(day programme.Date) progress.Figure {
	if day.IsZero() {
		return progress.Unknown
	}
	return progress.Known(float64(day.EndIn(p.zone).Unix()))
}

// arrange sorts the standing in place.
func arrange(s progress.Standing, zone *time.Location) city {
	c := city{
		Standing:   s,
		labels:     appendLabels(nil, false, "city", s.City.ID),
		indicators: make([]indicator, 0, len(s.Indicators)),
	}
	slices.SortFunc(s.Indicators, func(a, b progress.IndicatorStanding) int {
		return cmp.Compare(a.Indicator.ID, b.Indicator.ID)
	})
	for _, standing := range s.Indicators {
		i := indicator{
			IndicatorStanding: standing,
			place:             place{zone},
			labels:            appendLabels(slices.Clone(c.labels), true, "indicator", standing.Indicator.ID),
			targets:           make([]target, 0, len(standing.Targets)),
		}
		slices.SortFunc(standing.Targets, func(a, b progress.TargetStanding) int {
			return cmp.Compare(a.Cohort.ID, b.Cohort.ID)
		})
		for _, t := range standing.Targets {
			labels := appendLabels(slices.Clone(i.labels), true, "cohort", t.Cohort.ID)
			i.targets = append(i.targets, target{t, i.place, labels})
		}
		c.indicators = append(c.indicators, i)
	}
	return c
}

// exposed is a city's part of the exposition: its samples, family by family.
type exposed struct {
	id   string
	text []byte
	ends []int // by the index of the family: where its samples end in text
}

func expose(s progress.Standing, zone *time.Location) *exposed {
	c := arrange(s, zone)
	e := &exposed{id: s.City.ID, ends: make([]int, len(families))}
	var lines samples
	for i, f := range families {
		lines.family = f.name
		f.write(&lines, &c)
		e.ends[i] = len(lines.text)
	}
	e.text = slices.Clip(lines.text)
	return e
}

// of is the text of the samples of one family.
func (e *exposed) of(family int) []byte {
	begin := 0
	if family > 0 {
		begin = e.ends[family-1]
	}
	return e.text[begin:e.ends[family]]
}
