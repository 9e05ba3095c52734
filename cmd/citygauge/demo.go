package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"github.com/citygauge/citygauge/dashboards"
	grafana "github.com/citygauge/citygauge/deploy/grafana"
	"github.com/citygauge/citygauge/deploy/prometheus"
	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/demo"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

type demoCommand struct {
	listening
	Seed uint64 `default:"1" help:"Which invented cohort."`
}

// Help is said beside the flags.
func (*demoCommand) Help() string {
	return "Where a port is taken, the next free one is. Metrics that --web-config protects are left to a Prometheus of your own: none is started."
}

// Run starts everything with the sample cohort, and leaves nothing running and
// nothing behind, but for a data directory that was named.
func (c *demoCommand) Run(ctx context.Context, g *Global, std streams) (err error) {
	if g.DatabaseURL != "" {
		return usage("the demo has a Postgres of its own: leave out --database-url (or CITYGAUGE_DATABASE_URL)")
	}
	if g.DataDir == "" {
		if g.DataDir, err = os.MkdirTemp("", "citygauge-demo-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(g.DataDir)) }()
	}
	fmt.Fprintln(std.err, "Starting a private Postgres …")
	d, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer d.close(g.log)
	fmt.Fprintln(std.err, "Taking in the sample cohort …")
	if err := c.fill(ctx, g, d); err != nil {
		return err
	}
	password, err := c.enroll(ctx, g, d)
	if err != nil {
		return err
	}
	l, err := c.listen(ctx, listenNear)
	if err != nil {
		return err
	}
	around, err := c.surround(ctx, g, d, l, std)
	defer around.stop()
	if err != nil {
		return err
	}
	fmt.Fprint(std.out, c.welcome(g, l, around, password))
	return g.serve(ctx, d, l, siteFlags{GrafanaURL: around.grafanaURL()}, reaching{Connections: 1})
}

// fill declares the sample's programme and takes its observations in, the way
// anybody's are.
func (c *demoCommand) fill(ctx context.Context, g *Global, d *database) error {
	today := g.today(sampleZone)
	p, observations := demo.Sample(today, c.Seed)
	agreed := false
	err := d.Apply(ctx, p, store.ApplyOptions{Today: g.today, By: account.Actor{Name: "demo"}, Agree: func(store.Prospect) bool {
		agreed = true
		return true
	}})
	if err != nil || !agreed {
		return errors.Join(err, ctx.Err())
	}
	file := filepath.Join(g.DataDir, "sample-observations.csv")
	if err := writeFile(file, func(f *os.File) error { return demo.WriteCSV(f, observations) }); err != nil {
		return err
	}
	in, err := openInput(file, streams{})
	if err != nil {
		return err
	}
	report, err := g.uploads(d).Import(ctx, upload.Request{Name: "sample-observations.csv", Content: in.open, Account: "demo"})
	if err != nil {
		return err
	}
	if report.Refused() {
		return fmt.Errorf("the sample was refused: %s", problemLine(report.File, report.Problems[0]))
	}
	return nil
}

func writeFile(path string, write func(*os.File) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// surroundings are the programs around the demo; nil where one is not
// installed.
type surroundings struct {
	prometheus, grafana *demo.Process
}

// surround starts Prometheus and Grafana where they are installed.
func (c *demoCommand) surround(ctx context.Context, g *Global, d *database, l listeners, std streams) (surroundings, error) {
	var s surroundings
	var err error
	fmt.Fprintln(std.err, "Starting Prometheus and Grafana, where they are installed …")
	if l.webConfig == "" { // which has no key for it
		s.prometheus, err = demo.Prometheus(ctx, filepath.Join(g.DataDir, "prometheus"), l.metrics.Addr().String(), prometheus.Rules)
	}
	if err != nil && !errors.Is(err, demo.ErrNotInstalled) {
		return s, err
	}
	password := rand.Text()
	login, err := d.FacultyLogin(ctx, password)
	if err != nil {
		return s, err
	}
	host, port := d.server.Address()
	options := demo.GrafanaOptions{
		Folder: filepath.Join(g.DataDir, "grafana"), Provisioning: grafana.Provisioning(), Dashboards: dashboards.Files(),
		Database: demo.GrafanaDatabase{
			Host: net.JoinHostPort(host, strconv.Itoa(port)), Name: login.Database, User: login.Role, Password: password, SSLMode: "disable",
		},
	}
	if s.prometheus != nil {
		options.Prometheus = s.prometheus.URL
	}
	s.grafana, err = demo.Grafana(ctx, options)
	if errors.Is(err, demo.ErrNotInstalled) {
		err = nil
	}
	return s, err
}

func (s surroundings) stop() {
	for _, p := range []*demo.Process{s.grafana, s.prometheus} {
		if p != nil {
			p.Stop()
		}
	}
}

func (s surroundings) grafanaURL() string {
	if s.grafana == nil {
		return ""
	}
	return s.grafana.URL
}
