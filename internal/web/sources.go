package web

import (
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
)

// sourceView is a source that a city's numbers are pulled from, and its newest
// runs.
type sourceView struct {
	source.State
	Stands string // new, up or down
	Runs   []source.Run
	Zone   *time.Location // the city's
}

// fewRuns is how many runs of a source a city's page lists.
const fewRuns = 3

// sources are those of a city.
func (s *site) sources(v *visit, city programme.City) ([]sourceView, error) {
	scope := []string{city.ID}
	states, err := s.Source.SourceStatesFor(v.r.Context(), scope, city.ID)
	if err != nil || len(states) == 0 {
		return nil, err
	}
	runs, err := s.Source.SourceRuns(v.r.Context(), scope, city.ID, fewRuns)
	if err != nil {
		return nil, err
	}
	all := make([]sourceView, len(states))
	for n, state := range states {
		one := sourceView{State: state, Stands: "new", Zone: zoneOf(city)}
		if state.Up != nil {
			one.Stands = "down"
			if *state.Up {
				one.Stands = "up"
			}
		}
		for _, r := range runs {
			if r.Key == state.Key {
				one.Runs = append(one.Runs, r)
			}
		}
		all[n] = one
	}
	return all, nil
}
