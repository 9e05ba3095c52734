package store

import (
	"context"

	"github.com/pressly/goose/v3"
)

// MigrateBeforeNewest brings a new database to the schema that one with all
// migrations but the newest has.
func MigrateBeforeNewest(ctx context.Context, url, prefix string) error {
	return migrate(ctx, url, prefix, func(p *goose.Provider) error {
		all := p.ListSources()
		_, err := p.UpTo(ctx, all[len(all)-2].Version)
		return err
	})
}
