package web

import "github.com/citygauge/citygauge/internal/source"

// sourceView is a source that a city's numbers are pulled from, and its newest
// runs.
type sourceView struct {
	source.State
	Stands string // new, up or down
	Runs   []source.Run
}

// fewRuns is how many runs of a source a city's page lists.
const fewRuns = 3

// sources are those of a city, by slug.
func (s *site) sources(v *visit, city string) ([]sourceView, error) {
	scope := []string{city}
	states, err := s.Source.SourceStatesFor(v.r.Context(), scope, city)
	if err != nil || len(states) == 0 {
		return nil, err
	}
	runs, err := s.Source.SourceRuns(v.r.Context(), scope, city, fewRuns)
	if err != nil {
		return nil, err
	}
	all := make([]sourceView, len(states))
	for n, state := range states {
		one := sourceView{State: state, Stands: "new"}
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
