package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/citygauge/citygauge/dashboards/provision"
	"github.com/citygauge/citygauge/internal/store"
)

type grafanaCommand struct {
	Plan  grafanaPlan  `cmd:"" help:"Tell what apply would change in a Grafana."`
	Apply grafanaApply `cmd:"" help:"Make a Grafana match the programme: an organisation for each city and one for faculty."`
}

// grafanaFlags say which Grafana, and how it reaches the rest.
type grafanaFlags struct {
	GrafanaURL    string `name:"grafana-url" required:"" env:"CITYGAUGE_GRAFANA_URL" placeholder:"URL" help:"Where Grafana is reached from here."`
	GrafanaUser   string `name:"grafana-user" default:"admin" env:"CITYGAUGE_GRAFANA_USER" placeholder:"NAME" help:"A server administrator of Grafana (default ${default})."`
	PasswordFile  string `name:"grafana-password-file" env:"CITYGAUGE_GRAFANA_PASSWORD_FILE" placeholder:"FILE" help:"Take their password from the first line of a file; otherwise it is asked for, or read from standard input."`
	PrometheusURL string `name:"prometheus-url" env:"CITYGAUGE_PROMETHEUS_URL" placeholder:"URL" help:"Where Grafana reaches the Prometheus that scrapes citygauge, for faculty's organisation."`
	DatabaseHost  string `name:"database-host" placeholder:"HOST:PORT" help:"Where Grafana reaches the database; by default where citygauge does."`
	SSLMode       string `name:"database-sslmode" enum:",disable,require,verify-ca,verify-full" default:"" placeholder:"MODE" help:"How Grafana secures its connections to the database: disable, require, verify-ca or verify-full; by default as citygauge does."`
	Prune         bool   `help:"Remove what citygauge made in Grafana and nobody needs any more."`
	Rotate        bool   `help:"Give every data source a new password."`
	Concurrency   int    `default:"4" placeholder:"N" help:"How many organisations are done at once (default ${default})."`
	JSON          bool   `name:"json" help:"Print the plan as JSON."`
}

type grafanaPlan struct{ grafanaFlags }

// Run tells the plan.
func (c *grafanaPlan) Run(ctx context.Context, g *Global, std streams) error {
	return c.prepared(ctx, g, std, func(p *provision.Prepared) error { return c.tell(std, p, false) })
}

type grafanaApply struct{ grafanaFlags }

// Run tells the plan, and carries it out.
func (c *grafanaApply) Run(ctx context.Context, g *Global, std streams) error {
	return c.prepared(ctx, g, std, func(p *provision.Prepared) error {
		if !c.JSON {
			if err := p.Write(std.out); err != nil {
				return err
			}
		}
		started := time.Now()
		warned := len(p.Warnings)
		warn(std, p.Warnings)
		err := p.Apply(ctx)
		warn(std, p.Warnings[warned:])
		if c.JSON {
			err = errors.Join(err, printJSON(std.out, appliedPlan{p.Plan, err == nil && !p.Empty()}))
		}
		if err != nil {
			return fmt.Errorf("%w\nWhat was done stays done: run the command again, and it goes on from there", err)
		}
		if !p.Empty() {
			fmt.Fprintf(std.err, "Applied in %s.\n", time.Since(started).Round(time.Second/10))
		}
		return nil
	})
}

// appliedPlan is what grafana plan and apply print for programs.
type appliedPlan struct {
	provision.Plan
	Applied bool `json:"applied"`
}

func (c *grafanaFlags) tell(std streams, p *provision.Prepared, applied bool) error {
	if c.JSON {
		return printJSON(std.out, appliedPlan{p.Plan, applied})
	}
	warn(std, p.Warnings)
	return p.Write(std.out)
}

func warn(std streams, warnings []string) {
	for _, w := range warnings {
		fmt.Fprintln(std.err, "warning:", w)
	}
}

// prepared does something with a plan, while nobody else provisions.
func (c *grafanaFlags) prepared(ctx context.Context, g *Global, std streams, do func(*provision.Prepared) error) error {
	if c.Concurrency < 1 {
		return usage("--concurrency %d: at least one organisation is done at once", c.Concurrency)
	}
	// The client logs whole requests, passwords too, where this is set.
	if err := os.Unsetenv("GF_LOG"); err != nil {
		return err
	}
	password, err := c.password(std)
	if err != nil {
		return err
	}
	server := provision.Server{URL: c.GrafanaURL, User: c.GrafanaUser, Password: password}
	if err := server.Check(); err != nil {
		return usage("--grafana-url: %w", err)
	}
	d, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer d.close(g.log)
	return d.Alone(ctx, "grafana", func() error {
		desired, err := c.desired(ctx, g, d)
		if err != nil {
			return err
		}
		p, err := provision.Prepare(ctx, server, desired, provision.Options{
			Prune: c.Prune, Rotate: c.Rotate, Concurrency: c.Concurrency, Passwords: d.passwords, Progress: organisationsBar(std),
		})
		if err != nil {
			return err
		}
		return do(p)
	})
}

// desired is what a Grafana should have.
func (c *grafanaFlags) desired(ctx context.Context, g *Global, d *database) (provision.Desired, error) {
	at, err := c.database(d)
	if err != nil {
		return provision.Desired{}, err
	}
	p, err := d.Programme(ctx)
	if err != nil {
		return provision.Desired{}, err
	}
	accounts, err := g.accounts(d).All(ctx)
	if err != nil {
		return provision.Desired{}, err
	}
	readers, err := d.Readers(ctx)
	if err != nil {
		return provision.Desired{}, err
	}
	logins := map[string]provision.Login{}
	for city, l := range readers.Cities {
		logins[city] = provision.Login(l)
	}
	at.Connections = readers.Most
	return provision.Desired{
		Names: provision.Names(readers.Prefix), Cities: p.Cities, Accounts: accounts,
		Faculty: provision.Login(readers.Faculty), Logins: logins, Database: at, Prometheus: c.PrometheusURL,
	}, nil
}

// passwords gives a city's login, or faculty's, a password.
func (d *database) passwords(ctx context.Context, city, password string) (provision.Login, error) {
	var l store.Login
	var err error
	if city == "" {
		l, err = d.FacultyLogin(ctx, password)
	} else {
		l, err = d.CityLogin(ctx, city, password)
	}
	return provision.Login(l), err
}

// database is where Grafana reaches Postgres: where we do, unless it is told
// otherwise.
func (c *grafanaFlags) database(d *database) (provision.Database, error) {
	var at provision.Database
	if d.server != nil {
		host, port := d.server.Address()
		at = provision.Database{Host: net.JoinHostPort(host, strconv.Itoa(port)), SSLMode: "disable"}
	} else {
		at.Host, at.SSLMode = d.Address()
		if at.Host == "" && c.DatabaseHost == "" {
			return at, usage("citygauge reaches the database through a socket: say with --database-host where Grafana does")
		}
	}
	if c.DatabaseHost != "" {
		at.Host = c.DatabaseHost
	}
	if c.SSLMode != "" {
		at.SSLMode = c.SSLMode
	}
	if c.PrometheusURL != "" {
		if u, err := url.Parse(c.PrometheusURL); err != nil || u.Host == "" {
			return at, usage("--prometheus-url: write a URL such as http://127.0.0.1:9090")
		}
	}
	return at, nil
}

// password is that of Grafana's server administrator.
func (c *grafanaFlags) password(std streams) (string, error) {
	in := std.in
	switch file, ok := in.(*os.File); {
	case c.PasswordFile != "":
		file, err := os.Open(c.PasswordFile)
		if err != nil {
			return "", usageError{err}
		}
		defer file.Close()
		in = file
	case ok && term.IsTerminal(int(file.Fd())):
		fmt.Fprintf(std.err, "Grafana's password of %s: ", c.GrafanaUser)
		typed, err := term.ReadPassword(int(file.Fd()))
		fmt.Fprintln(std.err)
		if err != nil {
			return "", err
		}
		in = bytes.NewReader(typed)
	}
	password, err := firstLine(in)
	if _, missing := errors.AsType[usageError](err); missing {
		return "", usage("Grafana's password of %s is missing: write it to standard input, or to a file named with --grafana-password-file", c.GrafanaUser)
	}
	return password, err
}

// organisationsBar shows how many organisations are done, on a terminal.
func organisationsBar(std streams) func(done, of int) {
	if talk, ok := std.err.(*os.File); !ok || !term.IsTerminal(int(talk.Fd())) {
		return nil
	}
	var bar *progressbar.ProgressBar
	return func(done, of int) {
		if bar == nil {
			bar = progressbar.NewOptions(of, progressbar.OptionSetWriter(std.err), progressbar.OptionSetDescription("organisations"), progressbar.OptionClearOnFinish())
		}
		_ = bar.Set(done)
	}
}
