package exposition

import (
	"cmp"
	"math"
	"slices"
	"time"
	"unique"

	"github.com/citygauge/citygauge/internal/metric"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// keptCity is what is exposed of a standing, in little memory: the text of it is
// twenty times as large, and is written when somebody asks for it.
type keptCity struct {
	id, name, country string
	indicators        []keptIndicator // by slug
}

type keptIndicator struct {
	id, info             unique.Handle[string] // info is its labels, as text; many cities have the same
	value, observed, due number
	freshness            progress.Freshness
	targets              []keptTarget // by the slug of the cohort
}

type keptTarget struct {
	cohort  unique.Handle[string]
	ends    number
	figures []number // in the order of figures
	states  []string // in the order of states
}

// number is a figure in half of its memory: NaN where it is not known.
type number float64

var unknown = number(math.NaN())

func numberOf(f progress.Figure) number {
	if !f.Known {
		return unknown
	}
	return number(f.Number)
}

func (n number) figure() progress.Figure { return progress.Known(float64(n)) }

// What is exposed of an assessment.
var (
	figures = metric.Figures()
	states  = metric.AllStates()
)

// keep sorts the standing in place.
func keep(s progress.Standing, zone *time.Location) *keptCity {
	c := &keptCity{id: s.City.ID, name: s.City.Name, country: s.City.Country, indicators: make([]keptIndicator, len(s.Indicators))}
	slices.SortFunc(s.Indicators, func(a, b progress.IndicatorStanding) int {
		return cmp.Compare(a.Indicator.ID, b.Indicator.ID)
	})
	for n := range s.Indicators {
		c.indicators[n] = keepIndicator(&s.Indicators[n], zone)
	}
	return c
}

func keepIndicator(s *progress.IndicatorStanding, zone *time.Location) keptIndicator {
	k := keptIndicator{
		id: unique.Make(s.Indicator.ID), info: unique.Make(infoOf(&s.Indicator)),
		value: unknown, observed: unknown, due: endOf(s.Due, zone), freshness: s.Freshness,
		targets: make([]keptTarget, len(s.Targets)),
	}
	if s.Newest != nil {
		k.value, k.observed = number(s.Newest.Value), endOf(s.Newest.Period.Last(), zone)
	}
	slices.SortFunc(s.Targets, func(a, b progress.TargetStanding) int {
		return cmp.Compare(a.Cohort.ID, b.Cohort.ID)
	})
	for n := range s.Targets {
		k.targets[n] = keepTarget(&s.Targets[n], zone)
	}
	return k
}

func keepTarget(s *progress.TargetStanding, zone *time.Location) keptTarget {
	k := keptTarget{
		cohort: unique.Make(s.Cohort.ID), ends: endOf(s.Ends, zone),
		figures: make([]number, len(figures)), states: make([]string, len(states)),
	}
	for n, f := range figures {
		k.figures[n] = numberOf(f.Of(&s.Assessment))
	}
	for n, of := range states {
		k.states[n] = of.Of(&s.Assessment)
		// The text that everybody shares, instead of this row's.
		if at := slices.Index(of.All, k.states[n]); at >= 0 {
			k.states[n] = of.All[at]
		}
	}
	return k
}

// endOf is the Unix time at which a day is over.
func endOf(day programme.Date, zone *time.Location) number {
	if day.IsZero() {
		return unknown
	}
	return number(day.EndIn(zone).Unix())
}

func infoOf(i *programme.Indicator) string {
	return string(appendLabels(nil, false,
		"title", i.Title,
		"problem", i.Problem,
		"lens", string(i.Lens),
		"unit", i.Unit,
		"kind", string(i.Kind),
		"direction", string(i.Direction),
		"measure", string(i.Measure),
		"frequency", i.Frequency.String()))
}
