package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/citygauge/citygauge/dashboards"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
)

// listening are the flags of commands that serve.
type listening struct {
	Listen        string `default:"127.0.0.1:8080" placeholder:"ADDRESS" help:"Where the site listens (default ${default})."`
	MetricsListen string `name:"metrics-listen" default:"127.0.0.1:9797" placeholder:"ADDRESS" help:"Where the metrics are served (default ${default})."`
	WebConfig     string `name:"web-config" type:"existingfile" placeholder:"FILE" help:"TLS and authentication of the metrics, as Prometheus's exporters have it."`
	GrafanaURL    string `name:"grafana-url" placeholder:"URL" help:"Where people reach Grafana; pages then link to its dashboards."`
}

type serveCommand struct {
	listening
	RolePrefix string `name:"role-prefix" default:"citygauge" help:"Begins the names of the installation's database roles, where the database is new."`
}

// Run serves until the process is asked to end.
func (c *serveCommand) Run(ctx context.Context, g *Global, std streams) error {
	if g.DatabaseURL != "" {
		if err := store.Migrate(ctx, g.DatabaseURL, c.RolePrefix); err != nil {
			return err
		}
	}
	d, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer d.close(g.log)
	listeners, err := c.listen(ctx, net.Listen)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.err, "The site is at %s/, the metrics at %s/metrics.\n", listeners.siteURL(), listeners.metricsURL())
	return g.serve(ctx, d, listeners, c.WebConfig, c.GrafanaURL)
}

// listeners are the addresses that a server has taken.
type listeners struct {
	site, metrics net.Listener
}

// listen takes both addresses. A taken one is an error that names its flag.
func (l *listening) listen(ctx context.Context, listen func(network, address string) (net.Listener, error)) (listeners, error) {
	site, err := listen("tcp", l.Listen)
	if err != nil {
		return listeners{}, usage("the site cannot listen: %w: choose another address with --listen", err)
	}
	metrics, err := listen("tcp", l.MetricsListen)
	if err != nil {
		return listeners{}, usage("the metrics cannot listen: %w: choose another address with --metrics-listen", errors.Join(err, site.Close()))
	}
	return listeners{site, metrics}, nil
}

func (l listeners) siteURL() string    { return "http://" + l.site.Addr().String() }
func (l listeners) metricsURL() string { return "http://" + l.metrics.Addr().String() }

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
