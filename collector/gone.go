package collector

import (
	"context"
	"fmt"
	"slices"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
)

// withdrawal is the value that takes an observation back.
const withdrawal = "delete"

// seriesAt is what an observation is of.
type seriesAt struct {
	indicator string
	first     programme.Date
}

// gone is what a source gave before, and what stands of it, but which is not
// among what it gives now. What is before the first period that it gives of an
// indicator is only no longer told: many sources give the last years alone.
func (s *Service) gone(ctx context.Context, job source.Job, rows []Observation) ([]Observation, error) {
	if len(job.Last.Digest) == 0 { // it never went well, as it is declared now
		return nil, nil
	}
	given, err := s.store.Given(ctx, job.Claim)
	if err != nil || len(given) == 0 {
		return nil, err
	}
	told, begins := map[seriesAt]bool{}, map[string]programme.Date{}
	for _, r := range rows {
		period, err := programme.ParsePeriod(r.Period)
		if err != nil || intake.NoValue(r.Value) {
			continue
		}
		told[seriesAt{r.Indicator, period.First()}] = true
		if begin, ok := begins[r.Indicator]; !ok || period.First() < begin {
			begins[r.Indicator] = period.First()
		}
	}
	var gone []Observation
	for _, i := range job.Indicators {
		begin, ok := begins[i.ID]
		for _, day := range given[i.ID] {
			if ok && day >= begin && !told[seriesAt{i.ID, day}] {
				gone = append(gone, Observation{Indicator: i.ID, Period: programme.PeriodOf(i.Frequency, day).String(), Value: withdrawal})
			}
		}
	}
	return gone, nil
}

// vanished fails for what is gone.
func vanished(gone []Observation) error {
	what := gone[0].Indicator + " of " + gone[0].Period
	if more := len(gone) - 1; more > 0 {
		what += fmt.Sprintf(" and %d more", more)
	}
	return fail(Shrunk, "what the source gave before is gone from it: %s: if that is right, collect it once with --accept-fewer, which withdraws it here, too", what)
}

// withdraw has a delivery take back what is gone.
func (d *delivery) withdraw(gone []Observation) error {
	d.rows = slices.DeleteFunc(d.rows, func(r Observation) bool {
		return slices.ContainsFunc(gone, func(g Observation) bool { return g.Indicator == r.Indicator && g.Period == r.Period })
	})
	d.rows = append(d.rows, gone...)
	return d.write()
}
