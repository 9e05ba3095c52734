package main

import (
	"context"
	"fmt"
	"net/netip"
	"os"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/source"
	"github.com/citygauge/citygauge/internal/upload"
)

// reaching are the flags that say how sources are reached.
type reaching struct {
	AllowNetwork []network `name:"allow-network" placeholder:"NETWORK" help:"A private network that sources may be in, such as 10.20.0.0/16; by default none."`
	SourceFiles  string    `name:"source-files" type:"existingdir" placeholder:"DIR" help:"The folder under which sources may be files; by default none may."`
	Connections  int       `name:"connections-per-host" default:"4" placeholder:"N" help:"Connections at a time to one host of sources (default ${default})."`
	PerSecond    float64   `name:"requests-per-second" default:"10" placeholder:"N" help:"Requests a second to one host of sources, 0 for no limit (default ${default})."`
}

// Validate refuses limits that are none.
func (r reaching) Validate() error {
	if r.Connections < 1 {
		return fmt.Errorf("--connections-per-host %d: at least one is needed", r.Connections)
	}
	if r.PerSecond < 0 {
		return fmt.Errorf("--requests-per-second %v: write a number of requests, or 0 for no limit", r.PerSecond)
	}
	return nil
}

// network is a network on the command line.
type network struct{ netip.Prefix }

// UnmarshalText reads 10.20.0.0/16, or an address for it alone.
func (n *network) UnmarshalText(text []byte) error {
	if address, err := netip.ParseAddr(string(text)); err == nil {
		n.Prefix = netip.PrefixFrom(address, address.BitLen())
		return nil
	}
	prefix, err := netip.ParsePrefix(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a network: write it as 10.20.0.0/16", text)
	}
	n.Prefix = prefix.Masked()
	return nil
}

// client is how sources are reached.
func (r reaching) client() *collector.Client {
	o := collector.ClientOptions{Files: r.SourceFiles, Connections: r.Connections, PerSecond: r.PerSecond, UserAgent: "citygauge/" + version()}
	if o.PerSecond == 0 {
		o.PerSecond = -1
	}
	for _, n := range r.AllowNetwork {
		o.AllowNetworks = append(o.AllowNetworks, n.Prefix)
	}
	return collector.NewClient(o)
}

// serverName is what runs are recorded under.
func serverName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s:%d", host, os.Getpid())
}

// collectDue pulls sources when they are due.
func (g *Global) collectDue(ctx context.Context, d *database, taking *upload.Service, reach reaching) error {
	client := reach.client()
	defer client.Close()
	return collector.New(d, taking, client, collector.Options{
		Server: serverName(), Now: g.now, Today: g.today, Log: g.log,
		Observe: func(r source.Run) {
			if r.Outcome == source.Failed {
				g.log.Warn("a source failed", "source", r.Key.String(), "reason", r.Reason, "message", r.Message)
			} else {
				g.log.Info("a source was pulled", "source", r.Key.String(), "outcome", string(r.Outcome), "records", r.Records)
			}
		},
	}).Run(ctx)
}
