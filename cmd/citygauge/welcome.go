package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
)

// sampleZone is the place whose date the sample is made for: none, so UTC.
var sampleZone programme.City

// welcome says where to look.
func (c *demoCommand) welcome(g *Global, l listeners, s surroundings, password string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "\nThe demo is running, with an invented cohort of 40 cities. No number in it is real.\n\n")
	fmt.Fprintf(&text, "  Cities      %s/\n", l.siteURL())
	if s.grafana != nil {
		fmt.Fprintf(&text, "  Dashboards  %s/d/citygauge-city\n", s.grafana.URL)
	} else {
		fmt.Fprintf(&text, "  Dashboards  start with Grafana: put grafana (9.4 or newer) on PATH\n")
	}
	fmt.Fprintf(&text, "  Metrics     %s/metrics\n", l.metricsURL())
	switch {
	case s.prometheus != nil:
		fmt.Fprintf(&text, "  Prometheus  %s/\n", s.prometheus.URL)
	case l.webConfig != "":
		fmt.Fprintf(&text, "  Prometheus  not started: it has no key to the metrics, which --web-config protects\n")
	default:
		fmt.Fprintf(&text, "  Prometheus  starts too once it is installed: apt install prometheus\n")
	}
	text.WriteString(signInHelp(password))
	fmt.Fprintf(&text, "\nTo import a file of your own meanwhile, in another terminal:\n\n")
	fmt.Fprintf(&text, "  %s import --data-dir %s FILE\n\nCtrl-C stops everything.\n", os.Args[0], g.DataDir)
	return text.String()
}
