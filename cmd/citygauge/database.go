package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/citygauge/citygauge/internal/localpg"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

const databaseName = "citygauge"

// database is the open store, with the private Postgres under it where there
// is one.
type database struct {
	*store.Store
	server *localpg.Server // nil where the database is somebody else's
}

// open opens the database that the flags name. A private one is started and
// migrated if need be.
func (g *Global) open(ctx context.Context) (*database, error) {
	if g.DatabaseURL != "" {
		s, err := store.Open(ctx, g.DatabaseURL, g.today, g.log)
		if err != nil {
			return nil, err
		}
		return &database{Store: s}, nil
	}
	server, err := localpg.Start(ctx, localpg.Options{Dir: g.DataDir, BinDir: g.PostgresBin, Log: g.log})
	if err != nil {
		return nil, err
	}
	url, err := store.Bootstrap(ctx, server.SuperuserURL("postgres"), databaseName, store.DefaultPrefix)
	if err != nil {
		return nil, errors.Join(err, server.Close())
	}
	s, err := store.Open(ctx, url, g.today, g.log)
	if err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return &database{s, server}, nil
}

// close closes the store and lets go of the private Postgres.
func (d *database) close(log *slog.Logger) {
	err := d.Store.Close()
	if d.server != nil {
		err = errors.Join(err, d.server.Close())
	}
	if err != nil {
		log.Error("close the database", "error", err)
	}
}

// uploads is the service that takes files into the database.
func (g *Global) uploads(d *database) *upload.Service {
	return &upload.Service{Store: d.Store, Now: g.now, Today: g.today}
}
