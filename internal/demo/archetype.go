package demo

import "github.com/citygauge/citygauge/internal/programme"

// problem is what a city works on for a year.
type problem struct {
	slug       string
	action     string // what cities try
	indicators []archetype
}

// archetype is an indicator as several cities have it, and how its values
// behave.
type archetype struct {
	id, title, definition, unit, owner string

	lens      programme.Lens // empty: outcome
	kind      programme.Kind // empty: quantity
	frequency programme.Frequency
	measure   programme.Measure
	decimals  int
	delivers  int  // days after a period's end on which its value comes
	due       int  // days after a period's end in which it is due
	settles   int  // days after a period's end for which its value is provisional
	sensors   bool // measure it: provisional and estimated values are judged like final ones

	// level is the usual value of a quantity; of a count the events per
	// 100,000 people and year or, where it is a stock, the number per 100,000
	// people at any time.
	level  float64
	stock  bool
	season float64 // how far the winter is above the mean, as a part of it; negative for summer
	noise  float64 // standard deviation between periods, as a part of the level, beyond the chance of counting

	change     float64            // what the target asks for, as a part of the level; for a range, how bad it can get
	goal       programme.GoalForm // how the target is written; absolute ones have a baseline that is given, too
	path       programme.Trajectory
	milestones []milestone
	later      int             // years from the cohort's last to the target's
	band       *programme.Band // where the indicator should stay
}

// milestone is a part of the way, after a part of the cohort's year.
type milestone struct{ year, way float64 }

// problems are the problems of the sample, with what is counted and measured.
var problems = []problem{homelessness, obesity, violence, roadDeaths, air, youth, water}

// indicator is the archetype as a city declares it.
func (a archetype) indicator(city string, p problem) programme.Indicator {
	zero := 0.0
	i := programme.Indicator{
		City: city, ID: a.id, Title: a.title, Definition: a.definition, Unit: a.unit, Owner: a.owner,
		Source:  "Sample data, invented by citygauge demo",
		Problem: p.slug, Lens: a.lens, Kind: a.kind, Decimals: a.decimals,
		Frequency: a.frequency, Direction: a.direction(), Measure: a.measure,
		Plausible: programme.Bounds{Min: &zero}, DueDays: a.due, JudgeProvisional: a.sensors,
	}
	if i.Lens == "" {
		i.Lens = programme.Outcome
	}
	if i.Kind == "" {
		i.Kind = programme.Quantity
	}
	if a.unit == percent {
		most := 100.0
		i.Plausible.Max = &most
	}
	return i
}

const percent = "%"

func (a archetype) direction() programme.Direction {
	switch {
	case a.band != nil:
		return programme.Maintain
	case a.change > 0:
		return programme.Increase
	}
	return programme.Decrease
}
