package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
)

type sourceListCommand struct {
	JSON bool `name:"json" help:"Print a JSON object for each source."`
}

// listed is a source as source list --json prints it.
type listed struct {
	City      string     `json:"city"`
	Source    string     `json:"source"`
	Kind      string     `json:"kind"`
	Schedule  string     `json:"schedule,omitempty"`
	Up        *bool      `json:"up"` // null before the first run
	Succeeded *time.Time `json:"last_success"`
	Failing   *failing   `json:"failing,omitempty"`
}

// failing is why a source fails.
type failing struct {
	Since   time.Time  `json:"since"`
	Runs    int        `json:"runs"`
	Reason  string     `json:"reason"`
	Message string     `json:"message"`
	Do      string     `json:"do,omitempty"`
	Next    *time.Time `json:"next_try,omitempty"` // null: it is pulled by hand
}

// Run lists the sources.
func (c *sourceListCommand) Run(ctx context.Context, g *Global, std streams) error {
	d, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer d.close(g.log)
	p, err := d.Programme(ctx)
	if err != nil {
		return err
	}
	if len(p.Sources) == 0 && !c.JSON {
		fmt.Fprintln(std.err, "There are no sources.")
		return nil
	}
	all, err := standingsOf(ctx, d, p.Sources)
	if err != nil {
		return err
	}
	if !c.JSON {
		_, err := io.WriteString(std.out, listing(all))
		return err
	}
	for _, one := range all {
		if err := printJSON(std.out, one); err != nil {
			return err
		}
	}
	return nil
}

// standingsOf is how sources stand.
func standingsOf(ctx context.Context, d *database, sources []programme.Source) ([]listed, error) {
	states, err := d.SourceStates(ctx)
	if err != nil {
		return nil, err
	}
	troubles, err := d.SourceTroubles(ctx)
	if err != nil {
		return nil, err
	}
	known, why := map[programme.SourceKey]source.State{}, map[programme.SourceKey]*failing{}
	for _, s := range states {
		known[s.Key] = s
	}
	for _, t := range troubles {
		why[t.Key] = &failing{t.Since.UTC(), t.Failures, t.Reason, t.Message, collector.Reason(t.Reason).Do(), moment(t.Due)}
	}
	all := make([]listed, len(sources))
	for n, s := range sources {
		state := known[s.Key()]
		all[n] = listed{s.City, s.ID, s.Kind, s.Schedule, state.Up, moment(state.Succeeded), why[s.Key()]}
	}
	return all, nil
}

// moment is a time in UTC; nil for none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// listing is a line for each source, and below it why it fails.
func listing(all []listed) string {
	var rows, text strings.Builder
	table := tabwriter.NewWriter(&rows, 0, 0, 2, ' ', 0)
	for _, l := range all {
		fmt.Fprintf(table, "%s/%s\t%s\t%s\t%s\n", l.City, l.Source, l.Kind, cmp.Or(l.Schedule, "by hand"), l.stands())
	}
	table.Flush() //nolint:errcheck // a builder takes everything
	for n, row := range strings.SplitAfter(strings.TrimSuffix(rows.String(), "\n"), "\n") {
		text.WriteString(strings.TrimSuffix(row, "\n") + "\n")
		if f := all[n].Failing; f != nil {
			fmt.Fprintf(&text, "  Why: %s [%s]\n", f.Message, f.Reason)
			if f.Do != "" {
				fmt.Fprintf(&text, "  What to do: %s.\n", f.Do)
			}
			if f.Next != nil {
				fmt.Fprintf(&text, "  It is tried again at %s.\n", f.Next.Format(time.RFC3339))
			}
		}
	}
	return text.String()
}

func (l listed) stands() string {
	last := "never"
	if l.Succeeded != nil {
		last = l.Succeeded.Format(time.RFC3339)
	}
	switch {
	case l.Up == nil:
		return "not pulled yet"
	case *l.Up:
		return "well, " + last
	case l.Failing != nil:
		return fmt.Sprintf("failing since %s (%s), last well %s", l.Failing.Since.Format(time.RFC3339), number(int64(l.Failing.Runs), "run"), last)
	}
	return "failing, last well " + last
}
