package store

import (
	"context"
	"fmt"

	"github.com/citygauge/citygauge/internal/programme"
)

// checkSeries refuses what would turn the observations of an indicator into
// something else: another frequency, or a count where some are no counts.
func (a *applying) checkSeries(ctx context.Context) (err error) {
	for n, now := range a.p.Indicators {
		stands, ok := a.stands.index.Indicators[now.Key()]
		if !ok {
			continue
		}
		id := a.stands.byKey[now.Key()]
		if stands.Frequency != now.Frequency {
			err = a.refuseWhere(ctx, `
				select exists (select 1 from citygauge.observation_revision where city_id = $1 and indicator_id = $2)`, id,
				programme.Fault{
					Noun: programme.IndicatorNoun, Index: n, Field: "frequency",
					Message: fmt.Sprintf("indicator %s has observations that are %s, so it cannot become %s", now.Key(), stands.Frequency, now.Frequency),
					Hint:    "declare another indicator",
				})
		}
		if err == nil && now.Kind == programme.Count && stands.Kind != programme.Count {
			err = a.refuseWhere(ctx, `
				select exists (
				  select 1 from citygauge.observation
				  where city_id = $1 and indicator_id = $2 and (value < 0 or value <> trunc(value)))`, id,
				programme.Fault{
					Noun: programme.IndicatorNoun, Index: n, Field: "kind",
					Message: fmt.Sprintf("indicator %s has observations that are below 0 or not whole, so it cannot become a count", now.Key()),
					Hint:    "correct the observations first, or keep it a quantity",
				})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// refuseWhere notes a fault where a question about a series is answered with
// yes.
func (a *applying) refuseWhere(ctx context.Context, question string, id seriesID, fault programme.Fault) error {
	var yes bool
	err := a.GetContext(ctx, &yes, question, id.city, id.indicator)
	if yes {
		a.faults = append(a.faults, fault)
	}
	return err
}
