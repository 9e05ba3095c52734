package demo

import (
	"fmt"
	"hash/fnv"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
)

// Sample is a cohort of 40 invented cities as it looks on a day, and what they
// have delivered by then: 34,000 to 45,000 observations in order of city,
// indicator and period, each of which obeys its indicator. It depends on its
// arguments alone. Within a cohort's year, a later day adds observations and
// makes provisional ones final, but changes no value.
//
// The cohort is the year under way: from April on the calendar year, and in its
// first three months, when nearly everything would be too early to say, the
// twelve months from last July. Eight of the cities were in the cohort of the
// year before as well, so that targets met and missed can be seen.
func Sample(today programme.Date, seed uint64) (programme.Programme, iter.Seq[programme.Observation]) {
	current := cohortOf(today)
	s := sample{today: today, seed: seed, current: current, previous: yearBefore(current)}
	s.programme.Cohorts = []programme.Cohort{s.previous, s.current}
	for n, p := range places {
		s.add(p, deal(n))
	}
	return s.programme, slices.Values(s.observations)
}

// cohortOf is the cohort whose year a day falls in: see [Sample].
func cohortOf(today programme.Date) programme.Cohort {
	year, month, _ := today.Civil()
	id, starts := fmt.Sprintf("%04d", year), programme.NewDate(year, time.January, 1)
	if month < time.April {
		id, starts = fmt.Sprintf("%04d-%02d", year-1, year%100), programme.NewDate(year-1, time.July, 1)
	}
	return programme.Cohort{ID: id, Starts: starts, Ends: starts.AddYears(1) - 1}
}

func yearBefore(c programme.Cohort) programme.Cohort {
	year, month, _ := c.Starts.AddYears(-1).Civil()
	id := fmt.Sprintf("%04d", year)
	if month != time.January {
		id = fmt.Sprintf("%04d-%02d", year, (year+1)%100)
	}
	return programme.Cohort{ID: id, Starts: c.Starts.AddYears(-1), Ends: c.Starts - 1}
}

// hand is what a city is dealt: its problem, and how well it does.
type hand struct {
	problem problem
	pace    float64 // the part of the target's way that it goes in the year
	alumnus bool    // was in the cohort before, too
	before  float64 // its pace then
}

// deal gives neighbours in the list different problems, and the cities of one
// problem different fortunes, so that every status occurs whatever the seed.
func deal(n int) hand {
	fortunes := []float64{1.25, 0.8, 1.05, 0.3, -0.6, 1.1}
	h := hand{problem: problems[n%len(problems)], pace: fortunes[n/len(problems)%len(fortunes)]}
	if n%5 == 0 {
		h.alumnus, h.before = true, 1.4-float64(n%2)
	}
	return h
}

// sample is a Sample in the making.
type sample struct {
	today             programme.Date
	seed              uint64
	current, previous programme.Cohort
	programme         programme.Programme
	observations      []programme.Observation
}

func (s *sample) add(p place, h hand) {
	cohorts := []programme.Cohort{s.current}
	if h.alumnus {
		cohorts = []programme.Cohort{s.previous, s.current}
	}
	ids := make([]string, len(cohorts))
	for n, c := range cohorts {
		ids[n] = c.ID
	}
	s.programme.Cities = append(s.programme.Cities, p.city(ids...))
	effects := s.effects(p, h, cohorts)
	for _, a := range h.problem.indicators {
		s.programme.Indicators = append(s.programme.Indicators, a.indicator(p.id, h.problem))
		first := 0
		if a.later > 0 {
			first = len(cohorts) - 1 // a target of several years is set once
		}
		series := a.series(p, effects[first:], s.firstPeriod(a.frequency), programme.LastEndedBy(a.frequency, s.today), s.random(p.id, a.id))
		for _, c := range cohorts[first:] {
			s.programme.Targets = append(s.programme.Targets, a.target(p.id, c, series))
		}
		s.observations = append(s.observations, s.delivered(p, a, series)...)
	}
}

// effects are what the city tried in each cohort's year, as far as it is known
// what it tried: some do well or badly without.
func (s *sample) effects(p place, h hand, cohorts []programme.Cohort) []effect {
	random := s.random(p.id, "")
	effects := make([]effect, len(cohorts))
	for n, c := range cohorts {
		effects[n] = effect{year: c, begins: c.Starts.AddDays(random.IntN(7)), pace: h.pace}
		end := programme.Date(0)
		if c == s.previous {
			effects[n].pace, end = h.before, c.Ends
		}
		const declaredFrom = 0.5
		if effects[n].pace >= declaredFrom {
			s.programme.Interventions = append(s.programme.Interventions, programme.Intervention{
				City: p.id, Title: h.problem.action + " (sample)", Start: effects[n].begins, End: end,
			})
		}
	}
	return effects
}

// random is a source of chance that is one series' own, so that no city's
// numbers depend on another's.
func (s *sample) random(city, indicator string) *rand.Rand {
	name := fnv.New64a()
	fmt.Fprintf(name, "%s/%s", city, indicator)
	return rand.New(rand.NewPCG(s.seed, name.Sum64())) //nolint:gosec // chance that can be repeated
}

// firstPeriod is where the history of a frequency begins: there are two years
// of days before the cohort, four of longer periods, and seven of years.
func (s *sample) firstPeriod(f programme.Frequency) programme.Period {
	years := 4
	switch f {
	case programme.Daily:
		years = 2
	case programme.Annual:
		years = 7
	}
	return programme.Ending(f, s.current.Starts.AddYears(-years)-1, s.today).First
}

func rounded(v float64, decimals int) float64 {
	unit := math.Pow10(decimals)
	return math.Round(v*unit) / unit
}
