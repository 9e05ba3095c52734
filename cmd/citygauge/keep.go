package main

import (
	"context"
	"errors"
	"time"

	"github.com/citygauge/citygauge/internal/localpg"
)

// How often a private Postgres is asked whether it still answers, how long it
// may take to, and the longest pause between attempts to start it again.
const (
	keepEvery   = time.Second
	keepPatient = 10 * time.Second
	keepLongest = time.Minute
)

// errMoved ends a server whose Postgres came back elsewhere.
var errMoved = errors.New("the private Postgres was killed and came back at another address, since its own was taken: start citygauge again")

// privatePostgres is what Start is told, the first time and again.
func (g *Global) privatePostgres() localpg.Options {
	return localpg.Options{Dir: g.DataDir, BinDir: g.PostgresBin, Log: g.log}
}

// keep starts a private Postgres again whenever it was killed, until ctx ends.
// Somebody else's database is theirs to keep.
func (g *Global) keep(ctx context.Context, d *database) error {
	if d.server == nil {
		return nil
	}
	for pause := keepEvery; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
		err := d.answers(ctx)
		if err == nil || ctx.Err() != nil {
			pause = keepEvery
			continue
		}
		g.log.Warn("the private Postgres does not answer: starting it again", "error", err)
		switch err := g.revive(ctx, d.server); {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // being asked to end is no failure
		case errors.Is(err, errMoved):
			return err
		case err != nil:
			pause = min(2*pause, keepLongest)
			g.log.Error("the private Postgres cannot be started again", "error", err, "retry_in", pause)
		default:
			pause = keepEvery
			g.log.Info("the private Postgres answers again")
		}
	}
}

func (d *database) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, keepPatient)
	defer cancel()
	return d.Ping(ctx)
}

// revive makes sure that a private Postgres runs, where it did.
func (g *Global) revive(ctx context.Context, was *localpg.Server) error {
	is, err := localpg.Start(ctx, g.privatePostgres())
	if err != nil {
		return err
	}
	_, before := was.Address()
	_, now := is.Address()
	if now != before || is.Socket() != was.Socket() {
		err = errMoved
	}
	// The hold that this process had all along is enough.
	return errors.Join(err, is.Close())
}
