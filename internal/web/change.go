package web

import (
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/upload"
	"github.com/citygauge/citygauge/internal/web/words"
)

// names finds what some cities and their indicators are called.
type names struct {
	cities     map[string]string
	indicators map[programme.IndicatorKey]programme.Indicator
}

func namesOf(standings []progress.Standing) names {
	n := names{map[string]string{}, map[programme.IndicatorKey]programme.Indicator{}}
	for _, s := range standings {
		n.cities[s.City.ID] = s.City.Name
		for _, i := range s.Indicators {
			n.indicators[i.Indicator.Key()] = i.Indicator
		}
	}
	return n
}

// title is an indicator's title; its id where it is gone.
func (n names) title(city, indicator string) string {
	if i, ok := n.indicators[programme.IndicatorKey{City: city, Indicator: indicator}]; ok {
		return i.Title
	}
	return indicator
}

// changeRow is a change of an observation, in words.
type changeRow struct {
	City        string // its name, where there are several
	Title, Unit string
	Period      programme.Period
	Old, New    string
	Withdrawn   bool
}

func (n names) change(w *words.Language, c upload.Change) changeRow {
	i, ok := n.indicators[programme.IndicatorKey{City: c.City, Indicator: c.Indicator}]
	if !ok {
		i.Title = c.Indicator
	}
	return changeRow{
		Title: i.Title, Unit: i.Unit, Period: c.Period, Withdrawn: c.NewStatus == "",
		Old: observed(w, c.Old, c.OldStatus, i), New: observed(w, c.New, c.NewStatus, i),
	}
}

// observed is a value with what is special about it.
func observed(w *words.Language, value progress.Figure, status programme.ObservationStatus, i programme.Indicator) string {
	switch status {
	case "":
		return ""
	case programme.Suppressed:
		return w.Say("observation.suppressed")
	case programme.Final:
		return w.Exactly(value.Number, i.Decimals)
	}
	return w.Say("observation."+string(status), "value", w.Exactly(value.Number, i.Decimals))
}
