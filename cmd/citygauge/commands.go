package main

import (
	"log/slog"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
)

// commands is the command line.
type commands struct {
	Global

	Demo    demoCommand    `cmd:"" help:"Start everything on this machine with a sample cohort."`
	Serve   serveCommand   `cmd:"" help:"Serve the site and the metrics, and do the daily work."`
	Migrate migrateCommand `cmd:"" help:"Bring a database to this version's schema."`
	Apply   applyCommand   `cmd:"" help:"Make the database match a programme."`
	Check   checkCommand   `cmd:"" help:"Tell whether files are fit to import."`
	Import  importCommand  `cmd:"" help:"Take in files of observations."`
	Export  exportCommand  `cmd:"" help:"Write observations or assessments."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// Global are the flags of every command.
type Global struct {
	DatabaseURL string     `name:"database-url" env:"CITYGAUGE_DATABASE_URL" placeholder:"URL" help:"The database. Without one, a private Postgres in the data directory."`
	DataDir     string     `name:"data-dir" env:"CITYGAUGE_DATA_DIR" placeholder:"DIR" help:"Where the private Postgres keeps its data."`
	PostgresBin string     `name:"postgres-bin" placeholder:"DIR" help:"Where initdb, pg_ctl and postgres are; found if not given."`
	Today       date       `placeholder:"DATE" help:"Judge as on this day instead of today."`
	LogLevel    slog.Level `name:"log-level" default:"INFO" help:"How much to log: DEBUG, INFO, WARN or ERROR."`

	log *slog.Logger
}

// date is a day on the command line; none is the zero value.
type date struct{ programme.Date }

// now is the clock of the program.
func (g *Global) now() time.Time { return time.Now() }

// today is the date in a city, or the one on the command line. A zone that the
// programme's check did not refuse is known.
func (g *Global) today(c programme.City) programme.Date {
	if !g.Today.IsZero() {
		return g.Today.Date
	}
	zone, err := c.Zone()
	if err != nil {
		zone = time.UTC
	}
	return programme.DateIn(g.now(), zone)
}
