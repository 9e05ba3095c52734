package web

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

// compared are the targets that were asked for, and what one may choose from.
// Without a cohort in the query it is the newest that has begun, or the next.
func (s *site) compared(v *visit) ([]compareRow, compareView, error) {
	ctx, scope, q := v.r.Context(), v.who.ReadScope(), v.r.URL.Query()
	view := compareView{Problem: q.Get("problem"), Cohort: q.Get("cohort"), Whole: q.Get("rows") == "all"}
	cohorts, err := s.Source.Cohorts(ctx, scope)
	if err != nil {
		return nil, view, err
	}
	for _, c := range cohorts {
		view.Cohorts = append(view.Cohorts, c.ID)
	}
	if !q.Has("cohort") && len(cohorts) > 0 {
		today := s.Today(programme.City{})
		view.Cohort = slices.MinFunc(cohorts, func(a, b programme.Cohort) int {
			return cmp.Compare(distance(a.Starts, today), distance(b.Starts, today))
		}).ID
	}
	cities, err := s.citiesOf(ctx, scope, view.Cohort)
	if err != nil {
		return nil, view, err
	}
	standings, err := s.Source.StandingsFor(ctx, scope, cities)
	if err != nil {
		return nil, view, err
	}
	problems := map[string]bool{view.Problem: true}
	var rows []compareRow
	for _, standing := range standings {
		for _, i := range standing.Indicators {
			for _, t := range i.Targets {
				if view.Cohort != "" && t.Cohort.ID != view.Cohort {
					continue
				}
				problems[i.Indicator.Problem] = true
				if (view.Problem != "" || view.Whole) && i.Indicator.Problem != view.Problem {
					continue
				}
				rows = append(rows, compareRow{
					City: standing.City.ID, Name: standing.City.Name, Country: standing.City.Country, Population: standing.City.Population,
					Indicator: i.Indicator.ID, Title: i.Indicator.Title, Problem: i.Indicator.Problem, Lens: i.Indicator.Lens,
					Cohort: t.Cohort, Assessment: t.Assessment,
				})
			}
		}
	}
	view.Problems = slices.Sorted(maps.Keys(problems))
	return rows, view, nil
}

// citiesOf are the slugs of a cohort's cities; nil is all, and none is not.
func (s *site) citiesOf(ctx context.Context, scope upload.Scope, cohort string) ([]string, error) {
	if cohort == "" {
		return nil, nil
	}
	cities, err := s.Source.CitiesAfter(ctx, programme.Filter{Scope: scope, Cohorts: []string{cohort}}, programme.Place{}, math.MaxInt32)
	slugs := make([]string, len(cities))
	for n, c := range cities {
		slugs[n] = c.ID
	}
	return slugs, err
}
