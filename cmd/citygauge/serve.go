package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/citygauge/citygauge/dashboards"
	"github.com/citygauge/citygauge/internal/programme"
)

type serveCommand struct {
	listening
	reaching
	siteFlags
	RolePrefix string `name:"role-prefix" placeholder:"PREFIX" help:"Begins the names of the installation's database roles, where the database is new (default citygauge)."`
}

// Validate makes sure of the flags before anything is started.
func (c *serveCommand) Validate() error {
	return errors.Join(c.siteFlags.check(), c.reaching.Validate())
}

// Run serves until the process is asked to end.
func (c *serveCommand) Run(ctx context.Context, g *Global, std streams) error {
	if g.DatabaseURL != "" {
		if err := g.migrate(ctx, c.RolePrefix); err != nil {
			return err
		}
	}
	d, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer d.close(g.log)
	if err := g.firstAccount(ctx, d, std.err); err != nil {
		return err
	}
	l, err := c.listen(ctx, listenAt)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.err, "The site is at %s/, the metrics at %s/metrics.\n", l.siteURL(), l.metricsURL())
	return g.serve(ctx, d, l, c.siteFlags, c.reaching)
}

// dashboardLink leads to a city's dashboard in a Grafana; nil where there is
// none.
func dashboardLink(grafana string) func(string, programme.Cohort) string {
	if grafana == "" {
		return nil
	}
	return func(city string, cohort programme.Cohort) string {
		return strings.TrimSuffix(grafana, "/") + dashboards.CityPath(city, cohort)
	}
}
