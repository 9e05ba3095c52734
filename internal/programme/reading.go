package programme

import "time"

// Recorded is an observation with where it stands in its history.
type Recorded struct {
	Observation
	Revision   int
	RecordedAt time.Time
}

// Filter chooses what is read. Its zero value is everything, as it is now.
type Filter struct {
	Scope      []string  // the cities that the reader may see, by slug; nil is all
	Cities     []string  // slugs; none is all
	Name       string    // part of a city's name or slug, in any case; only of what lists cities
	Indicators []string  // slugs; none is all
	Cohorts    []string  // slugs; none is all
	From, To   Date      // periods that end in between, both included; none is unbounded
	AsOf       time.Time // as was known then; zero is now
}

// Place is where somebody stopped who reads a page at a time, in the order of
// city, indicator, and then the first day of an observation's period or a
// target's cohort. The zero value is before everything.
type Place struct {
	City, Indicator, Cohort string
	Day                     Date
}
