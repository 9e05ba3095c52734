package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/declare"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

type sourceCommand struct {
	List sourceListCommand `cmd:"" help:"List the sources, how they stand, and why they fail."`
	Test sourceTestCommand `cmd:"" help:"Pull a source and show what would change; nothing is taken in."`
}

type sourceTestCommand struct {
	reaching
	Source    string   `arg:"" name:"source" help:"City/source."`
	Programme []string `placeholder:"PATH" help:"The programme that declares it; by default the one that was applied. With it, what would change is not shown, and no database is needed."`
}

// Run pulls the source, and shows its first rows and what would change.
func (c *sourceTestCommand) Run(ctx context.Context, g *Global, std streams) error {
	p, d, err := c.programme(ctx, g, std)
	if err != nil {
		return err
	}
	if d != nil {
		defer d.close(g.log)
	}
	keys, err := namedSources(p, []string{c.Source})
	if err != nil {
		return err
	}
	if len(keys) > 1 {
		return usage("%s has several sources: name one, such as %s", c.Source, keys[0])
	}
	client := c.client()
	defer client.Close()
	trial, err := collector.Try(ctx, client, p, keys[0], g.today(p.Index().Cities[keys[0].City]))
	if f, ok := errors.AsType[*collector.Failure](err); ok {
		_, err := fmt.Fprintf(std.out, "%s: failed: %s [%s]\n  What to do: %s.\n", keys[0], f, f.Reason, f.Reason.Do())
		return errors.Join(errRefused, err)
	}
	if err != nil {
		return err
	}
	if err := c.tell(std.out, trial); err != nil {
		return errors.Join(err, trial.Close())
	}
	if d != nil {
		err = rehearse(ctx, g, d, p, keys[0], trial, std)
	}
	return errors.Join(err, trial.Close())
}

func (c *sourceTestCommand) programme(ctx context.Context, g *Global, std streams) (programme.Programme, *database, error) {
	if len(c.Programme) == 0 {
		d, err := g.open(ctx)
		if err != nil {
			return programme.Programme{}, nil, err
		}
		p, err := d.Programme(ctx)
		if err != nil {
			d.close(g.log)
		}
		return p, d, err
	}
	declaration, err := declare.Read(c.Programme...)
	if err != nil {
		return programme.Programme{}, nil, usageError{err}
	}
	if problems := declaration.With(collector.Check(declaration.Programme)); problems.Refused() {
		_, err := fmt.Fprint(std.out, problems)
		return programme.Programme{}, nil, errors.Join(errRefused, err)
	}
	return declaration.Programme, nil, nil
}

// firstRows is how many rows are shown of what a source delivers.
const firstRows = 20

func (c *sourceTestCommand) tell(out io.Writer, t *collector.Trial) error {
	if len(t.Rows) == 0 {
		for _, f := range t.Files {
			if _, err := fmt.Fprintf(out, "%s\n", f.Name); err != nil {
				return err
			}
		}
		return nil
	}
	if _, err := fmt.Fprintf(out, "%s, %s", number(t.Records, "record"), number(int64(len(t.Rows)), "observation")); err != nil {
		return err
	}
	if t.Undated > 0 {
		fmt.Fprintf(out, ", %s without a date", number(t.Undated, "record"))
	}
	fmt.Fprintln(out)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, r := range t.Rows[:min(firstRows, len(t.Rows))] {
		line := fmt.Sprintf("  %s\t%s\t%s\t%s", r.Indicator, r.Period, r.Value, cmp.Or(string(r.Status), "final"))
		if r.Note != "" {
			line += "  " + r.Note
		}
		fmt.Fprintln(table, line)
	}
	if more := len(t.Rows) - firstRows; more > 0 {
		fmt.Fprintf(table, "  … and %d more\n", more)
	}
	return table.Flush()
}

// rehearse shows what taking the files in would change.
func rehearse(ctx context.Context, g *Global, d *database, p programme.Programme, key programme.SourceKey, t *collector.Trial, std streams) error {
	uploads := &upload.Service{Store: rehearsal{d}, Now: g.now, Today: g.today}
	refused := false
	for _, f := range t.Files {
		report, err := uploads.Preview(ctx, upload.Request{
			Name: f.Name, Content: f.Open, Account: "source:" + key.Source, Scope: upload.Scope{key.City}, Decimal: t.Decimal,
			Indicator: indicatorOf(p, key),
		})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(std.out, problemLines(report)+taken(report)); err != nil {
			return err
		}
		refused = refused || report.Refused()
	}
	fmt.Fprintln(std.err, "This was a test: nothing was taken in.")
	if refused {
		return errRefused
	}
	return nil
}

func indicatorOf(p programme.Programme, key programme.SourceKey) string {
	for _, s := range p.Sources {
		if s.Key() == key {
			return s.Indicator
		}
	}
	return ""
}
