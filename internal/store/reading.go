package store

import (
	"context"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

// Targets are the targets in force of a reader's cities, or of those named, in
// the order of city, indicator and cohort. See [Store.EachTarget].
func (s *Store) Targets(ctx context.Context, scope upload.Scope, cities []string) ([]Judgeable, error) {
	var all []Judgeable
	err := s.EachTarget(ctx, Filter{Scope: scope, Cities: cities}, func(j Judgeable) error {
		all = append(all, j)
		return nil
	})
	return all, err
}

// Interventions are what a city tried, in order of time.
func (s *Store) Interventions(ctx context.Context, scope upload.Scope, city string) ([]programme.Intervention, error) {
	var all []programme.Intervention
	err := s.inScope(ctx, scope, func(tx *Tx) error {
		d, err := tx.declaredOf(ctx, []string{city})
		if err == nil {
			all = d.Interventions
		}
		return err
	})
	return all, err
}
