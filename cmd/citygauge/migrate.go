package main

import (
	"context"
	"fmt"
)

type migrateCommand struct {
	RolePrefix string `name:"role-prefix" placeholder:"PREFIX" help:"Begins the names of a new installation's database roles (default citygauge); two installations on one server need two."`
}

// Run migrates the database. A private one is migrated by being opened.
func (c *migrateCommand) Run(ctx context.Context, g *Global, std streams) error {
	if g.DatabaseURL == "" {
		d, err := g.open(ctx)
		if err != nil {
			return err
		}
		d.close(g.log)
	} else if err := g.migrate(ctx, c.RolePrefix); err != nil {
		return err
	}
	fmt.Fprintln(std.err, "The database has this version's schema.")
	return nil
}
