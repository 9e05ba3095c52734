package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/citygauge/citygauge/internal/localpg"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

const databaseName = "citygauge"

// database is the open store, with the private Postgres under it where there
// is one.
type database struct {
	*store.Store
	server *localpg.Server // nil where the database is somebody else's
	url    string
}

// open opens the database that the flags name. A private one is started and
// migrated if need be.
func (g *Global) open(ctx context.Context) (*database, error) {
	if g.DatabaseURL != "" {
		if err := g.checkURL(); err != nil {
			return nil, err
		}
		s, err := store.Open(ctx, g.DatabaseURL, g.today, g.log)
		if err != nil {
			return nil, hinted(err)
		}
		return &database{Store: s, url: g.DatabaseURL}, nil
	}
	server, err := localpg.Start(ctx, g.privatePostgres())
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
	return &database{s, server, url}, nil
}

// migrate brings the database of the URL to this program's schema; the roles
// of a new one are named by a prefix.
func (g *Global) migrate(ctx context.Context, rolePrefix string) error {
	if err := g.checkURL(); err != nil {
		return err
	}
	return hinted(store.Migrate(ctx, g.DatabaseURL, rolePrefix))
}

// readURL takes the database's URL from the file that is named, if one is.
func (g *Global) readURL() error {
	if g.DataDir != "" && (g.DatabaseURL != "" || g.URLFile != "") {
		return errors.New("two databases are named, one by its URL (--database-url or CITYGAUGE_DATABASE_URL, or a file of it) " +
			"and a private one (--data-dir or CITYGAUGE_DATA_DIR): leave one of them out")
	}
	if g.URLFile == "" {
		return nil
	}
	if g.DatabaseURL != "" {
		return errors.New("the database is named twice, by --database-url (or CITYGAUGE_DATABASE_URL) and by --database-url-file (or CITYGAUGE_DATABASE_URL_FILE): leave one of them out")
	}
	text, err := os.ReadFile(g.URLFile)
	if err != nil {
		return fmt.Errorf("--database-url-file (or CITYGAUGE_DATABASE_URL_FILE): %w", err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	if g.DatabaseURL = strings.TrimSpace(line); g.DatabaseURL == "" {
		return fmt.Errorf("--database-url-file (or CITYGAUGE_DATABASE_URL_FILE): the first line of %s is empty: write postgres://USER:PASSWORD@HOST:PORT/NAME there", g.URLFile)
	}
	return nil
}

// checkURL refuses a database URL that is none, without a word of what was given:
// a password that is written wrongly is among it. Checked while flags are read,
// it would be quoted together with its environment variable.
func (g *Global) checkURL() error {
	if !strings.Contains(g.DatabaseURL, "://") { // in the form key=value
		return nil
	}
	if _, err := url.Parse(g.DatabaseURL); err != nil {
		return usage("the URL of the database (--database-url or CITYGAUGE_DATABASE_URL) cannot be read: write postgres://USER:PASSWORD@HOST:PORT/NAME, " +
			"with every / ? # @ : %% of the password as %%2F %%3F %%23 %%40 %%3A %%25")
	}
	return nil
}

// hinted says what to do where the database of the URL does not answer.
func hinted(err error) error {
	if errors.Is(err, store.ErrBadURL) {
		return usageError{err}
	}
	if do := toReach(err); do != "" {
		return fmt.Errorf("%w: %s", err, do)
	}
	return err
}

// toReach is what to do about an error of reaching the database of the URL,
// unless it says so itself.
func toReach(err error) string {
	if !errors.Is(err, store.ErrUnreachable) || errors.Is(err, store.ErrTurnedAway) {
		return ""
	}
	return "make sure that it runs, and that --database-url (or CITYGAUGE_DATABASE_URL) is right"
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

// knows makes sure that a programme has the cities and the indicators that
// flags name: one that is misspelt would be taken for one without data.
func knows(p programme.Programme, cities, indicators []string) error {
	for _, name := range cities {
		if !slices.ContainsFunc(p.Cities, func(c programme.City) bool { return c.ID == name }) {
			return noCity(name)
		}
	}
	for _, name := range indicators {
		if !slices.ContainsFunc(p.Indicators, func(i programme.Indicator) bool { return i.ID == name }) {
			return usage("--indicator %s: no city has such an indicator: correct the name, or declare it with citygauge apply", name)
		}
	}
	return nil
}

func noCity(name string) error {
	return usage("--city %s: %w: correct the name, or declare it with citygauge apply", name, upload.ErrNoCity)
}
