package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	toolkit "github.com/prometheus/exporter-toolkit/web"
	"golang.org/x/sync/errgroup"

	"github.com/citygauge/citygauge/internal/exposition"
	"github.com/citygauge/citygauge/internal/upload"
)

const (
	// dailyCheck is how often is looked for cities where a new day began.
	dailyCheck = time.Minute
	// sourcesCheck is how often is looked how sources stand.
	sourcesCheck = 15 * time.Second
	// slowestUpload is how long a request may take to arrive: the largest file
	// over a slow line.
	slowestUpload = 10 * time.Minute
	// farewell is how long requests may take to end when the server does.
	farewell = 10 * time.Second
)

// serve runs the site, the metrics and the daily work until ctx ends, then ends
// all of them in order.
func (g *Global) serve(ctx context.Context, d *database, l listeners, f siteFlags, reach reaching) error {
	process := prometheus.NewRegistry()
	uploads, requests := exposition.NewUploads(), exposition.NewRequests()
	process.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), uploads, requests)
	sources, shared := exposition.NewSources(d.SourceStates, g.log), prometheus.NewRegistry()
	shared.MustRegister(sources)
	view := exposition.New(d.Store, process, exposition.Options{
		Log: g.log, Beside: shared, BesideCity: sources.OfCity, Installation: d.Installation(), Build: exposition.Build{Version: version(), Revision: revision(), GoVersion: runtime.Version()},
	})
	taking := g.uploads(d)
	taking.Observe = observe(uploads)
	site, err := g.site(ctx, d, l, f, taking)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return g.keep(ctx, d) })
	group.Go(func() error { return view.Run(ctx) })
	group.Go(func() error { return g.daily(ctx, d) })
	group.Go(func() error { return sources.Run(ctx, sourcesCheck) })
	group.Go(func() error { return g.collectDue(ctx, d, taking, reach) })
	group.Go(func() error { return serveHTTP(ctx, l.site, requests.Around(site), "", g.log) })
	group.Go(func() error { return serveHTTP(ctx, l.metrics, view.Handler(), l.webConfig, g.log) })
	return group.Wait()
}

// observe counts an upload by how it ended.
func observe(uploads *exposition.Uploads) func(upload.Report, error, time.Duration) {
	return func(r upload.Report, err error, took time.Duration) {
		outcome := exposition.Applied
		switch {
		case err != nil:
			outcome = exposition.Failed
		case r.Refused():
			outcome = exposition.Rejected
		}
		c := r.Counts
		uploads.Observe(outcome, exposition.Rows{
			New: int(c.New), Changed: int(c.Changed), Unchanged: int(c.Unchanged), Withdrawn: int(c.Withdrawn), Skipped: int(c.Skipped), Rejected: int(c.Rejected),
		}, took)
	}
}

// daily judges every city when a new day begins there. What goes wrong is
// logged and tried again.
func (g *Global) daily(ctx context.Context, d *database) error {
	tick := time.NewTicker(dailyCheck)
	defer tick.Stop()
	for {
		switch n, err := d.Daily(ctx); {
		case err != nil && ctx.Err() == nil:
			g.log.Error("daily work", "error", err)
		case n > 0:
			g.log.Info("judged for a new day", "cities", n)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// serveHTTP serves until ctx ends, then lets requests under way end.
func serveHTTP(ctx context.Context, listener net.Listener, handler http.Handler, config string, log *slog.Logger) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: slowestUpload, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() { ended <- toolkit.Serve(listener, server, &toolkit.FlagConfig{WebConfigFile: &config}, log) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	err := server.Shutdown(last)
	if ended := <-ended; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}
