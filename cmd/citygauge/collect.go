package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
)

type collectCommand struct {
	reaching
	Sources     []string `arg:"" optional:"" name:"source" help:"City/source, or a city for all of its sources; all of every city, if none is named."`
	AcceptFewer bool     `name:"accept-fewer" help:"After a look at why: accept far fewer records than the last time, or as many as sources give at once, and withdraw what is gone."`
	JSON        bool     `name:"json" help:"Print a JSON object for each run."`
}

// Run pulls the sources and prints how each run ended.
func (c *collectCommand) Run(ctx context.Context, g *Global, std streams) error {
	d, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer d.close(g.log)
	p, err := d.Programme(ctx)
	if err != nil {
		return err
	}
	keys, err := namedSources(p, c.Sources)
	if err != nil {
		return err
	}
	client := c.client()
	defer client.Close()
	told := &telling{out: std.out, json: c.JSON, bar: sourcesBar(std.err, len(keys))}
	held, err := collector.New(d, g.uploads(d), client, collector.Options{
		Server: serverName(), Now: g.now, Today: g.today, Log: g.log, AcceptFewer: c.AcceptFewer, Observe: told.run, Progress: told.progress,
	}).Collect(ctx, keys)
	if err != nil {
		return err
	}
	for _, k := range held {
		fmt.Fprintf(std.err, "%s is being collected by another server.\n", k)
	}
	if told.err != nil {
		return told.err
	}
	if told.failed || len(held) > 0 {
		return errRefused
	}
	return nil
}

// namedSources are the sources that the arguments name, all of them if there are
// none.
func namedSources(p programme.Programme, names []string) ([]programme.SourceKey, error) {
	if len(p.Sources) == 0 {
		return nil, usage("the programme declares no sources: write them under a city's sources, and apply it")
	}
	if len(names) == 0 {
		names = []string{""}
	}
	var keys []programme.SourceKey
	taken := map[programme.SourceKey]bool{}
	for _, name := range names {
		city, id, one := strings.Cut(name, "/")
		found := false
		for _, s := range p.Sources {
			if name != "" && s.City != city || one && s.ID != id {
				continue
			}
			found = true
			if !taken[s.Key()] {
				taken[s.Key()] = true
				keys = append(keys, s.Key())
			}
		}
		if !found {
			return nil, usage("no source is called %s: citygauge source list names them", name)
		}
	}
	return keys, nil
}

// telling prints runs as they end.
type telling struct {
	mu     sync.Mutex
	out    io.Writer
	json   bool
	bar    *progressbar.ProgressBar
	failed bool
	err    error
}

func sourcesBar(talk io.Writer, sources int) *progressbar.ProgressBar {
	terminal, ok := talk.(*os.File)
	if !ok || !term.IsTerminal(int(terminal.Fd())) {
		return nil
	}
	return progressbar.NewOptions(sources, progressbar.OptionSetWriter(terminal), progressbar.OptionSetDescription("sources"), progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
}

func (t *telling) progress(key programme.SourceKey, records int64) {
	if t.bar != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.bar.Describe(fmt.Sprintf("%s: %d records", key, records))
	}
}

// collected is a run as collect --json prints it.
type collected struct {
	City    string         `json:"city"`
	Source  string         `json:"source"`
	Outcome source.Outcome `json:"outcome"`
	Reason  string         `json:"reason,omitempty"`
	Message string         `json:"message"`
	Records int64          `json:"records"`
	Upload  int64          `json:"upload,omitempty"`
	Started time.Time      `json:"started"`
	Ended   time.Time      `json:"ended"`
}

func (t *telling) run(r source.Run) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.bar != nil {
		t.bar.Add(1) //nolint:errcheck // talk has nowhere to fail to
	}
	t.failed = t.failed || r.Outcome == source.Failed
	var err error
	if t.json {
		err = printJSON(t.out, collected{r.Key.City, r.Key.Source, r.Outcome, r.Reason, r.Message, r.Records, r.Upload, r.Started.UTC(), r.Ended.UTC()})
	} else {
		_, err = io.WriteString(t.out, runLine(r)+"\n")
	}
	if t.err == nil {
		t.err = err
	}
}

// runLine is a run in one line.
func runLine(r source.Run) string {
	switch {
	case r.Outcome == source.Failed:
		return fmt.Sprintf("%s: failed, nothing was changed: %s [%s]", r.Key, r.Message, r.Reason)
	case r.Upload != 0:
		return fmt.Sprintf("%s: %s: %s (upload %d)", r.Key, number(r.Records, "record"), r.Message, r.Upload)
	}
	return fmt.Sprintf("%s: %s: %s", r.Key, number(r.Records, "record"), r.Message)
}
