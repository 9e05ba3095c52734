package main

import (
	"context"
	"errors"

	"github.com/citygauge/citygauge/internal/export"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
)

type exportOpenMetricsCommand struct {
	choosing
	between
}

// Run writes history up to yesterday.
func (c *exportOpenMetricsCommand) Run(ctx context.Context, g *Global, std streams) (err error) {
	if err := c.check(); err != nil {
		return err
	}
	d, err := c.open(ctx, g)
	if err != nil {
		return err
	}
	defer d.close(g.log)
	p, err := d.Programme(ctx)
	if err != nil {
		return err
	}
	spans := map[string]export.Span{}
	for _, city := range p.Cities {
		if spans[city.ID], err = c.span(city, g.today(city)); err != nil {
			return err
		}
	}
	history, err := export.NewHistory()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, history.Close()) }()
	filter := store.Filter{Cities: c.City, Indicators: c.Indicator, From: c.From.Date, To: c.To.Date}
	if err := d.EachObservation(ctx, filter, func(r store.Recorded) error {
		return history.Observation(r.Observation, spans[r.City])
	}); err != nil {
		return err
	}
	if err := d.EachTarget(ctx, filter, func(j store.Judgeable) error {
		return history.Target(j.Indicator, j.Cohort, j.Target, j.Series, spans[j.City.ID])
	}); err != nil {
		return err
	}
	_, err = history.WriteTo(std.out)
	return err
}

func (c *exportOpenMetricsCommand) span(city programme.City, today programme.Date) (export.Span, error) {
	zone, err := city.Zone()
	if err != nil {
		return export.Span{}, err
	}
	last := today.AddDays(-1)
	if !c.To.IsZero() {
		last = min(last, c.To.Date)
	}
	return export.Span{From: c.From.Date, To: last, Zone: zone}, nil
}
