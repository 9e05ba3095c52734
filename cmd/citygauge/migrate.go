package main

import (
	"context"
	"fmt"

	"github.com/citygauge/citygauge/internal/store"
)

type migrateCommand struct {
	Citus      bool   `help:"Then spread the tables over the workers of the Citus cluster that the database is the coordinator of, once and for all; a second time, nothing is left to do."`
	RolePrefix string `name:"role-prefix" placeholder:"PREFIX" help:"Begins the names of a new installation's database roles (default citygauge); two installations on one server need two."`
}

// Run migrates the database. A private one is migrated by being opened.
func (c *migrateCommand) Run(ctx context.Context, g *Global, std streams) error {
	switch {
	case c.Citus && g.DatabaseURL == "":
		return usage("a private Postgres is no Citus: name the coordinator's database with --database-url (or CITYGAUGE_DATABASE_URL)")
	case c.Citus:
		return g.distribute(ctx, c.RolePrefix, std)
	case g.DatabaseURL == "":
		d, err := g.open(ctx)
		if err != nil {
			return err
		}
		d.close(g.log)
	default:
		if err := g.migrate(ctx, c.RolePrefix); err != nil {
			return err
		}
	}
	fmt.Fprintln(std.err, migratedNow)
	return nil
}

const migratedNow = "The database has this version's schema."

// distribute migrates the database, and spreads it over the workers of its
// cluster.
func (g *Global) distribute(ctx context.Context, rolePrefix string, std streams) error {
	if err := g.checkURL(); err != nil {
		return err
	}
	done, err := store.Distribute(ctx, g.DatabaseURL, rolePrefix)
	if err != nil {
		return hinted(err)
	}
	fmt.Fprintln(std.err, migratedNow)
	if done {
		fmt.Fprintln(std.err, "Its tables are spread over the workers. Start the servers anew.")
	} else {
		fmt.Fprintln(std.err, "Its tables are spread over the workers already: there was nothing to do.")
	}
	return nil
}
