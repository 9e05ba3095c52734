package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"

	"github.com/citygauge/citygauge/internal/programme"
)

// sampleZone is the place whose date the sample is made for: none, so UTC.
var sampleZone programme.City

// ports is how many ports after a taken one are tried.
const ports = 100

// listenNear listens at an address or, where its port is taken, at one of the
// next.
func listenNear(network, address string) (net.Listener, error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	first, err := strconv.Atoi(text)
	if err != nil {
		return nil, fmt.Errorf("port %q is no number", text)
	}
	for port := first; ; port++ {
		l, err := net.Listen(network, net.JoinHostPort(host, strconv.Itoa(port)))
		if err == nil || !errors.Is(err, syscall.EADDRINUSE) || port == first+ports {
			return l, err
		}
	}
}

// welcome says where to look.
func (c *demoCommand) welcome(g *Global, l listeners, s surroundings) string {
	var text strings.Builder
	fmt.Fprintf(&text, "\nThe demo is running, with an invented cohort of 40 cities. No number in it is real.\n\n")
	fmt.Fprintf(&text, "  Cities      %s/\n", l.siteURL())
	if s.grafana != nil {
		fmt.Fprintf(&text, "  Dashboards  %s/d/citygauge-city\n", s.grafana.URL)
	} else {
		fmt.Fprintf(&text, "  Dashboards  start with Grafana: put grafana (9.4 or newer) on PATH\n")
	}
	fmt.Fprintf(&text, "  Metrics     %s/metrics\n", l.metricsURL())
	if s.prometheus != nil {
		fmt.Fprintf(&text, "  Prometheus  %s/\n", s.prometheus.URL)
	} else {
		fmt.Fprintf(&text, "  Prometheus  starts too once it is installed: apt install prometheus\n")
	}
	fmt.Fprintf(&text, "\nNobody has to sign in. To import a file of your own meanwhile, in another terminal:\n\n")
	fmt.Fprintf(&text, "  citygauge import --data-dir %s FILE\n\nCtrl-C stops everything.\n", g.DataDir)
	return text.String()
}
