package main

import (
	"log/slog"
	"time"

	"github.com/alecthomas/kong"

	"github.com/citygauge/citygauge/internal/programme"
)

// commands is the command line.
type commands struct {
	Global

	Demo     demoCommand     `cmd:"" help:"Start everything on this machine with a sample cohort."`
	Serve    serveCommand    `cmd:"" help:"Serve the site and the metrics, and do the daily work."`
	Migrate  migrateCommand  `cmd:"" help:"Bring a database to this version's schema."`
	Apply    applyCommand    `cmd:"" help:"Make the database match a programme."`
	Check    checkCommand    `cmd:"" help:"Tell whether files are fit to import."`
	Import   importCommand   `cmd:"" help:"Take in files of observations."`
	Collect  collectCommand  `cmd:"" help:"Pull observations from sources now."`
	Source   sourceCommand   `cmd:"" help:"List sources, or try one."`
	Export   exportCommand   `cmd:"" help:"Write observations, assessments or history."`
	Explain  explainCommand  `cmd:"" help:"Tell how a target came to its status, every number of it."`
	Grafana  grafanaCommand  `cmd:"" help:"Make a Grafana match the programme."`
	Account  accountCommand  `cmd:"" help:"Say who may sign in, and what they may do."`
	Token    tokenCommand    `cmd:"" help:"Let scripts in."`
	Audit    auditCommand    `cmd:"" help:"Tell who did what."`
	Doctor   doctorCommand   `cmd:"" help:"Look for what is wrong, and say what to do."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
	Backtest backtestCommand `cmd:"" hidden:"" help:"Try the forecast on years that are over."`
}

// Global are the flags of every command.
type Global struct {
	DatabaseURL string      `name:"database-url" group:"database" env:"CITYGAUGE_DATABASE_URL" placeholder:"URL" help:"The database, as postgres://USER:PASSWORD@HOST:PORT/NAME."`
	URLFile     string      `name:"database-url-file" group:"database" env:"CITYGAUGE_DATABASE_URL_FILE" placeholder:"FILE" help:"Its URL: the first line of a file, so that the password is in no environment."`
	DataDir     string      `name:"data-dir" group:"database" env:"CITYGAUGE_DATA_DIR" placeholder:"DIR" help:"Where the private Postgres keeps its data; by default the user's data directory."`
	PostgresBin string      `name:"postgres-bin" group:"database" placeholder:"DIR" help:"Where its initdb, pg_ctl and postgres are; found if not given."`
	Today       date        `group:"general" placeholder:"DATE" help:"Judge as on this day, such as 2025-03-15, instead of today."`
	LogLevel    *slog.Level `name:"log-level" group:"general" placeholder:"LEVEL" help:"How much to log: DEBUG, INFO (serve's default), WARN (all others') or ERROR."`

	log *slog.Logger
}

// groups are the headings of the global flags in the help.
var groups = kong.ExplicitGroups([]kong.Group{
	{Key: "database", Title: "Database (without a URL, a private Postgres that is started when needed):"},
	{Key: "general", Title: "Every command:"},
})

// date is a day on the command line; none is the zero value.
type date struct{ programme.Date }

// now is the clock of the program.
func (g *Global) now() time.Time { return time.Now() }

// today is the date in a city, or the one on the command line.
func (g *Global) today(c programme.City) programme.Date {
	if !g.Today.IsZero() {
		return g.Today.Date
	}
	return dateIn(g.now(), c)
}

// dateIn is the date that the clock shows in a city. A zone that the
// programme's check did not refuse is known.
func dateIn(t time.Time, c programme.City) programme.Date {
	zone, err := c.Zone()
	if err != nil {
		zone = time.UTC
	}
	return programme.DateIn(t, zone)
}
