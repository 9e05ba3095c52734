package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/citygauge/citygauge/internal/export"
	"github.com/citygauge/citygauge/internal/store"
)

type exportCommand struct {
	Observations exportObservationsCommand `cmd:"" help:"Write observations as they stand, or stood."`
	Assessments  exportAssessmentsCommand  `cmd:"" help:"Write the judgement of each target for every period end and today."`
	OpenMetrics  exportOpenMetricsCommand  `cmd:"" name:"openmetrics" help:"Write history for Prometheus to take in."`
}

// choosing are the flags that choose what is exported.
type choosing struct {
	City      []string `placeholder:"CITY" help:"Only these cities."`
	Indicator []string `placeholder:"INDICATOR" help:"Only these indicators."`
}

// open opens the database and makes sure that what was chosen is in it.
func (c *choosing) open(ctx context.Context, g *Global) (*database, error) {
	d, err := g.open(ctx)
	if err != nil || len(c.City)+len(c.Indicator) == 0 {
		return d, err
	}
	p, err := d.Programme(ctx)
	if err == nil {
		err = knows(p, c.City, c.Indicator)
	}
	if err != nil {
		d.close(g.log)
		return nil, err
	}
	return d, nil
}

// between are the flags that choose days.
type between struct {
	From date `placeholder:"DATE" help:"Only periods that end on this day or later."`
	To   date `placeholder:"DATE" help:"Only periods that end on this day or earlier."`
}

func (b between) check() error {
	if !b.To.IsZero() && b.From.Date > b.To.Date {
		return usage("--from %s is after --to %s: exchange them", b.From, b.To)
	}
	return nil
}

// tabular is the flag of what is a table.
type tabular struct {
	Format export.Format `enum:"csv,json" default:"csv" placeholder:"csv|json" help:"How it is written (default ${default})."`
}

type exportObservationsCommand struct {
	choosing
	tabular
	between
	AsOf string `name:"as-of" placeholder:"TIME" help:"As was known then: a date, whose whole day counts, or an RFC 3339 time."`
}

// Run writes observations.
func (c *exportObservationsCommand) Run(ctx context.Context, g *Global, std streams) error {
	asOf, err := instant(c.AsOf)
	if err != nil {
		return usageError{err}
	}
	if err := c.check(); err != nil {
		return err
	}
	d, err := c.open(ctx, g)
	if err != nil {
		return err
	}
	defer d.close(g.log)
	table, err := export.NewTable(std.out, c.Format, export.ObservationColumns)
	if err != nil {
		return err
	}
	filter := store.Filter{Cities: c.City, Indicators: c.Indicator, From: c.From.Date, To: c.To.Date, AsOf: asOf}
	return errors.Join(d.EachObservation(ctx, filter, func(r store.Recorded) error {
		return export.Observation(table, r.Observation, r.Revision, r.RecordedAt)
	}), table.Close())
}

type exportAssessmentsCommand struct {
	choosing
	tabular
	knowing
}

// Run writes assessments, judged anew.
func (c *exportAssessmentsCommand) Run(ctx context.Context, g *Global, std streams) error {
	asOf, today, err := c.then(g)
	if err != nil {
		return err
	}
	d, err := c.open(ctx, g)
	if err != nil {
		return err
	}
	defer d.close(g.log)
	if err := c.sayIfChanged(ctx, d, asOf, std); err != nil {
		return err
	}
	table, err := export.NewTable(std.out, c.Format, export.AssessmentColumns)
	if err != nil {
		return err
	}
	return errors.Join(d.EachTarget(ctx, store.Filter{Cities: c.City, Indicators: c.Indicator, AsOf: asOf}, func(j store.Judgeable) error {
		return export.Assessments(table, j.Indicator, j.Cohort, j.Target, j.Series, today(j.City))
	}), table.Close())
}

// instant reads a time, or a date as the end of its day in UTC; nothing is now.
func instant(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("--as-of %q is no time: write a date such as 2025-03-15, or 2025-03-15T12:00:00Z", text)
	}
	return t.AddDate(0, 0, 1).Add(-time.Microsecond), nil
}
