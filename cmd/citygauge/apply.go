package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/declare"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
)

type applyCommand struct {
	Paths  []string `arg:"" name:"path" help:"programme.yaml, or a folder of CSV files."`
	DryRun bool     `name:"dry-run" help:"Print the plan and change nothing."`
	Prune  bool     `help:"Remove what is no longer named, but no indicator or city that ever had observations."`
	JSON   bool     `name:"json" help:"Print the plan and the problems as JSON."`
}

// application is what apply --json prints.
type application struct {
	Applied  bool           `json:"applied"`
	Plan     declare.Plan   `json:"plan"`
	Problems declare.Report `json:"problems"`
}

// Run applies the programme, unless something is wrong, then prints the plan:
// whoever reads it slowly must not keep the database waiting.
func (c *applyCommand) Run(ctx context.Context, g *Global, std streams) error {
	declaration, err := declare.Read(c.Paths...)
	if err != nil {
		return usageError{err}
	}
	problems := declaration.With(collector.Check(declaration.Programme))
	a := application{Plan: declare.Plan{Changes: []declare.Change{}}, Problems: append(declare.Report{}, problems...)}
	if a.Problems.Refused() {
		return c.tell(std, a)
	}
	d, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer d.close(g.log)
	err = d.Apply(ctx, declaration.Programme, store.ApplyOptions{
		Today: g.today, Prune: c.Prune, By: account.Actor{Name: operator()},
		Agree: func(p store.Prospect) bool {
			a.Plan = planned(p, declaration.Programme)
			a.Problems = append(a.Problems, declaration.Problems(p.Faults)...)
			a.Applied = !c.DryRun && !a.Problems.Refused()
			return a.Applied
		},
	})
	if err != nil {
		return err
	}
	return c.tell(std, a)
}

// planned is the plan that leads from what stands to what would stand.
func planned(p store.Prospect, declared programme.Programme) declare.Plan {
	removed := map[string]bool{}
	for _, c := range declare.Difference(p.Stands, p.Would).Changes {
		if c.Action == declare.Keep { // no longer there
			removed[string(c.Noun)+" "+c.Key] = true
		}
	}
	plan := declare.Difference(p.Stands, declared).Prune(func(c declare.Change) bool { return removed[string(c.Noun)+" "+c.Key] })
	for _, m := range p.Moved {
		plan = plan.Remeasured(m.Target.String(), m.Old.String(), m.New.String())
	}
	return plan
}

// tell tells what was planned, what is wrong and what has happened.
func (c *applyCommand) tell(std streams, a application) error {
	var err error
	if c.JSON {
		err = printJSON(std.out, a)
	} else {
		err = c.tellPeople(std, a)
	}
	if a.Problems.Refused() {
		return errors.Join(errRefused, err)
	}
	return err
}

func (c *applyCommand) tellPeople(std streams, a application) error {
	if _, err := fmt.Fprint(std.out, a.Problems); err != nil {
		return err
	}
	if a.Problems.Refused() {
		fmt.Fprintln(std.err, "Nothing was applied. Correct the errors and run the command again.")
		return nil
	}
	if err := a.Plan.Write(std.out); err != nil {
		return err
	}
	switch {
	case a.Plan.Empty():
		fmt.Fprintln(std.err, "The database matches the programme already.")
	case c.DryRun:
		fmt.Fprintln(std.err, "This was a dry run: nothing was applied.")
	default:
		fmt.Fprintln(std.err, "Applied.")
	}
	return nil
}
