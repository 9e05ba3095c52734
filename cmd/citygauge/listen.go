package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"

	toolkit "github.com/prometheus/exporter-toolkit/web"
	"go.yaml.in/yaml/v3"
)

// listening are the flags of commands that serve.
type listening struct {
	Listen        string `default:"127.0.0.1:8080" placeholder:"ADDRESS" help:"Where the site listens (default ${default})."`
	MetricsListen string `name:"metrics-listen" default:"127.0.0.1:9797" placeholder:"ADDRESS" help:"Where the metrics are served (default ${default})."`
	WebConfig     string `name:"web-config" type:"existingfile" placeholder:"FILE" help:"TLS and authentication of the metrics, as Prometheus's exporters have it."`
}

// listeners are the addresses that a server has taken.
type listeners struct {
	site, metrics net.Listener
	webConfig     string // of the metrics; empty for none
	tls           bool   // of the metrics
}

// listen takes both addresses. A taken one is an error that names its flag, as
// is a web configuration that cannot be used.
func (l *listening) listen(ctx context.Context, listen func(ctx context.Context, address string) (net.Listener, error)) (listeners, error) {
	tls, err := readWebConfig(l.WebConfig)
	if err != nil {
		return listeners{}, usage("--web-config %s: %w", l.WebConfig, err)
	}
	site, err := listen(ctx, l.Listen)
	if err != nil {
		return listeners{}, usage("the site cannot listen: %w: choose another address with --listen", err)
	}
	metrics, err := listen(ctx, l.MetricsListen)
	if err != nil {
		return listeners{}, usage("the metrics cannot listen: %w: choose another address with --metrics-listen", errors.Join(err, site.Close()))
	}
	return listeners{site, metrics, l.WebConfig, tls}, nil
}

// readWebConfig reports whether a web configuration asks for TLS.
func readWebConfig(path string) (tls bool, err error) {
	if path == "" {
		return false, nil
	}
	if err := toolkit.Validate(path); err != nil {
		return false, err
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	var c toolkit.Config
	err = yaml.Unmarshal(content, &c)
	return c.TLSConfig.IsEnabled(), err
}

func (l listeners) siteURL() string { return "http://" + reachable(l.site) }

func (l listeners) metricsURL() string {
	if l.tls {
		return "https://" + reachable(l.metrics)
	}
	return "http://" + reachable(l.metrics)
}

// reachable is the host and port by which a listener is reached from this
// machine: one on every interface has no address of its own.
func reachable(l net.Listener) string {
	if at, ok := l.Addr().(*net.TCPAddr); ok && at.IP.IsUnspecified() {
		return net.JoinHostPort("localhost", strconv.Itoa(at.Port))
	}
	return l.Addr().String()
}

// listenAt listens at an address.
func listenAt(ctx context.Context, address string) (net.Listener, error) {
	return new(net.ListenConfig).Listen(ctx, "tcp", address)
}

// ports is how many ports after a taken one are tried.
const ports = 100

// listenNear listens at an address or, where its port is taken, at one of the
// next.
func listenNear(ctx context.Context, address string) (net.Listener, error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	first, err := strconv.Atoi(text)
	if err != nil {
		return nil, fmt.Errorf("port %q is no number", text)
	}
	for port := first; ; port++ {
		l, err := listenAt(ctx, net.JoinHostPort(host, strconv.Itoa(port)))
		if err == nil || !errors.Is(err, syscall.EADDRINUSE) || port == first+ports {
			return l, err
		}
	}
}
