package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/citygauge/citygauge/internal/explain"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/store"
)

type explainCommand struct {
	City      string `arg:"" help:"The city."`
	Indicator string `arg:"" help:"Its indicator."`
	Cohort    string `placeholder:"COHORT" help:"The cohort; not needed where the indicator has one target."`
	JSON      bool   `name:"json" help:"Print it as JSON."`
	knowing
}

// knowing is the flag of commands that judge as was known at some time.
type knowing struct {
	AsOf string `name:"as-of" placeholder:"TIME" help:"By what was known then: a date, whose whole day counts, or an RFC 3339 time. Judged as on that day, unless --today says another."`
}

// then is the time of the flag, zero where it was not given, and the day to
// judge by.
func (k knowing) then(g *Global) (time.Time, func(programme.City) programme.Date, error) {
	asOf, err := instant(k.AsOf)
	if err != nil {
		return asOf, nil, usageError{err}
	}
	if asOf.IsZero() || !g.Today.IsZero() {
		return asOf, g.today, nil
	}
	if day, err := programme.ParseDate(k.AsOf); err == nil {
		return asOf, func(programme.City) programme.Date { return day }, nil
	}
	return asOf, func(c programme.City) programme.Date { return dateIn(asOf, c) }, nil
}

// sayIfChanged tells where what was shown then was judged by other formulas.
func (k knowing) sayIfChanged(ctx context.Context, d *database, asOf time.Time, std streams) error {
	if asOf.IsZero() {
		return nil
	}
	then, err := d.FormulasThen(ctx, asOf)
	if err == nil && then != 0 && then != progress.FormulasVersion {
		fmt.Fprintf(std.err, "The formulas were version %d then and are version %d now: what was shown may have been different.\n", then, progress.FormulasVersion)
	}
	return err
}

// Run prints every number that led to the status, step by step.
func (c *explainCommand) Run(ctx context.Context, g *Global, std streams) error {
	asOf, today, err := c.then(g)
	if err != nil {
		return err
	}
	d, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer d.close(g.log)
	var explanations []explain.Explanation
	filter := store.Filter{Cities: []string{c.City}, Indicators: []string{c.Indicator}, AsOf: asOf}
	err = d.EachTarget(ctx, filter, func(j store.Judgeable) error {
		if c.Cohort == "" || c.Cohort == j.Cohort.ID {
			e := explain.Steps(j.Indicator, j.Cohort, j.Declared, j.Target, j.Series, today(j.City))
			e.TargetVersion = j.Version
			if j.AtStart != nil {
				e.AtStart = progress.Assess(j.Indicator, *j.AtStart, j.Series, e.Day).Status
			}
			explanations = append(explanations, e)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case len(explanations) == 0:
		target := programme.TargetKey{City: c.City, Indicator: c.Indicator, Cohort: c.Cohort}.String()
		return usage("there is no such target: %s: correct the names, or declare it with citygauge apply", strings.TrimSuffix(target, "/"))
	case len(explanations) > 1:
		return usage("%s has targets in %d cohorts: choose one with --cohort", c.Indicator, len(explanations))
	}
	if err := c.sayIfChanged(ctx, d, asOf, std); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(std.out, explanations[0])
	}
	return explanations[0].Write(std.out)
}
