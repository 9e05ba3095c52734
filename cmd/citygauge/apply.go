package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/citygauge/citygauge/internal/declare"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
)

type applyCommand struct {
	Paths  []string `arg:"" name:"path" help:"programme.yaml, or a folder of CSV files."`
	DryRun bool     `name:"dry-run" help:"Print the plan and change nothing."`
	Prune  bool     `help:"Remove what is no longer named and never had observations."`
	JSON   bool     `name:"json" help:"Print the plan and the problems as JSON."`
}

// applied is what apply --json prints.
type applied struct {
	Applied  bool           `json:"applied"`
	Plan     declare.Plan   `json:"plan"`
	Problems declare.Report `json:"problems"`
}

// Run prints the plan and applies it, unless something is wrong.
func (c *applyCommand) Run(ctx context.Context, g *Global, std streams) error {
	declaration, err := declare.Read(c.Paths...)
	if err != nil {
		return usageError{err}
	}
	outcome := applied{Plan: declare.Plan{Changes: []declare.Change{}}, Problems: declaration.Report}
	if declaration.Report.Refused() {
		return c.print(std, outcome)
	}
	d, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer d.close(g.log)
	err = d.Apply(ctx, declaration.Programme, store.ApplyOptions{
		Now: g.now(), Today: g.today, Prune: c.Prune,
		Agree: func(p store.Prospect) bool {
			outcome.Plan = planned(p, declaration.Programme)
			outcome.Problems = append(outcome.Problems, declaration.Problems(p.Faults)...)
			outcome.Applied = !c.DryRun && !outcome.Problems.Refused()
			return outcome.Applied
		},
	})
	if err != nil {
		return err
	}
	return c.print(std, outcome)
}

// planned is the plan that leads from what stands to what would stand.
func planned(p store.Prospect, declared programme.Programme) declare.Plan {
	removed := map[string]bool{}
	for _, c := range declare.Difference(p.Stands, p.Would).Changes {
		if c.Action == declare.Keep { // no longer there
			removed[string(c.Noun)+" "+c.Key] = true
		}
	}
	return declare.Difference(p.Stands, declared).Prune(func(c declare.Change) bool { return removed[string(c.Noun)+" "+c.Key] })
}

func (c *applyCommand) print(std streams, outcome applied) error {
	if c.JSON {
		if outcome.Problems == nil {
			outcome.Problems = declare.Report{}
		}
		if err := json.NewEncoder(std.out).Encode(outcome); err != nil {
			return err
		}
	} else if err := c.write(std, outcome); err != nil {
		return err
	}
	if outcome.Problems.Refused() {
		return errRefused
	}
	return nil
}

func (c *applyCommand) write(std streams, outcome applied) error {
	if _, err := fmt.Fprint(std.out, outcome.Problems); err != nil {
		return err
	}
	if outcome.Problems.Refused() {
		fmt.Fprintln(std.err, "Nothing was applied. Correct the errors and run the command again.")
		return nil
	}
	if err := outcome.Plan.Write(std.out); err != nil {
		return err
	}
	switch {
	case c.DryRun:
		fmt.Fprintln(std.err, "This was a dry run: nothing was applied.")
	case outcome.Plan.Empty():
		fmt.Fprintln(std.err, "The database matches the programme already.")
	default:
		fmt.Fprintln(std.err, "Applied.")
	}
	return nil
}
