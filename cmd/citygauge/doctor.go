package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/citygauge/citygauge/internal/store"
)

type doctorCommand struct {
	Metrics    string `default:"http://127.0.0.1:9797" placeholder:"URL" help:"Where a server shows its metrics (default ${default})."`
	Prometheus string `placeholder:"URL" help:"A Prometheus, to be asked whether it scrapes."`
	JSON       bool   `name:"json" help:"Answer with one JSON object."`
}

// Help is said beside the flags.
func (*doctorCommand) Help() string {
	return "Exit status 0: nothing is wrong, though something may need attention. 1: something is wrong. 3: the database cannot be looked at. " +
		"Nothing is changed, but a private Postgres is started if need be."
}

// state is how it stands with what was looked at.
type state string

const (
	well      state = "ok"
	attention state = "attention" // it works, and should be looked after
	wrong     state = "wrong"
	unknown   state = "unknown" // it could not be looked at
)

// finding is what was found out about one thing, and what to do about it.
type finding struct {
	Check   string `json:"check"`
	State   state  `json:"state"`
	Message string `json:"message"`
	Do      string `json:"do,omitempty"`
}

// findings grow while an installation is looked at.
type findings []finding

func (f *findings) ok(check, format string, args ...any) {
	*f = append(*f, finding{check, well, fmt.Sprintf(format, args...), ""})
}

// say adds a finding that asks for something to be done.
func (f *findings) say(check string, s state, do, format string, args ...any) {
	*f = append(*f, finding{check, s, fmt.Sprintf(format, args...), do})
}

// Run looks at everything.
func (c *doctorCommand) Run(ctx context.Context, g *Global, std streams) error {
	var f findings
	e, err := g.examineDatabase(ctx, &f)
	if ctx.Err() != nil {
		return err
	}
	g.examineFolder(&f)
	c.examineServer(ctx, g.now, e.Installation, &f)
	c.examinePrometheus(ctx, &f)
	if err := f.write(std.out, c.JSON); err != nil {
		return err
	}
	switch {
	case err != nil:
		return errors.New("the database cannot be looked at: see above")
	case f.worst() == wrong:
		return errRefused
	}
	return nil
}

// worst is the gravest state that was found.
func (f findings) worst() state {
	worst := well
	for _, one := range f {
		switch {
		case one.State == wrong:
			return wrong
		case one.State != well:
			worst = attention
		}
	}
	return worst
}

func (f findings) write(out io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(struct {
			State    state    `json:"state"`
			Findings findings `json:"findings"`
		}{f.worst(), f})
	}
	var text strings.Builder
	for _, one := range f {
		fmt.Fprintf(&text, "%-10s %-12s %s\n", one.State, one.Check, one.Message)
		if one.Do != "" {
			fmt.Fprintf(&text, "%-10s %-12s What to do: %s.\n", "", "", one.Do)
		}
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// examineDatabase opens a private Postgres, or looks at somebody else's as it
// is.
func (g *Global) examineDatabase(ctx context.Context, f *findings) (e store.Examination, err error) {
	url := g.DatabaseURL
	if url == "" {
		d, err := g.open(ctx)
		if err != nil {
			f.say("database", wrong, "read the log, postgres.log in the data directory; --data-dir names another one", "the private Postgres does not start: %v", err)
			return e, err
		}
		defer d.close(g.log)
		url = d.url
	} else if err := g.checkURL(); err != nil {
		return e, err
	}
	e, err = store.Examine(ctx, url)
	if err != nil {
		f.say("database", wrong, toReach(err), "%v", err)
		return e, err
	}
	judgeServer(e, g.now(), f)
	if judgeSchema(e, f) {
		judgeAccess(e, f)
		judgeCluster(e, f)
		judgeWork(e, f)
		judgeSources(e, f)
	}
	return e, nil
}
