package store

import (
	"context"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// Versions are the versions of the schema, the oldest first.
func Versions() (versions []int64, err error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return nil, err
		}
		versions = append(versions, version)
	}
	return versions, nil
}

// MigrateTo brings a new database to a version of the schema.
func MigrateTo(ctx context.Context, url, prefix string, version int64) error {
	return migrate(ctx, url, prefix, func(p *goose.Provider) error {
		_, err := p.UpTo(ctx, version)
		return err
	})
}

// MigrateBeforeNewest brings a new database to the schema that one with all
// migrations but the newest has.
func MigrateBeforeNewest(ctx context.Context, url, prefix string) error {
	versions, err := Versions()
	if err != nil {
		return err
	}
	return MigrateTo(ctx, url, prefix, versions[len(versions)-2])
}

// DistributeAt spreads a database over the workers of a Citus as the program did
// that knew no newer version of the schema.
func DistributeAt(ctx context.Context, url, prefix string, version int64) (bool, error) {
	return distributeAt(ctx, url, prefix, func(ctx context.Context, url, prefix string) error {
		return MigrateTo(ctx, url, prefix, version)
	})
}

// ReferenceTables and DistributedTables are those of a Citus.
var (
	ReferenceTables   = referenceTables
	DistributedTables = distributedTables
)

// MigrateBy changes a database by statements, as a migration does.
func MigrateBy(ctx context.Context, url string, statements []string) error {
	db, err := connect(ctx, url, "")
	if err != nil {
		return err
	}
	defer db.Close()
	r, err := roles{}.agreed(ctx, db)
	if err != nil {
		return err
	}
	owner, err := connect(ctx, url, r.owner())
	if err != nil {
		return err
	}
	defer owner.Close()
	for _, statement := range statements {
		if _, err := owner.ExecContext(ctx, r.fill(statement)); err != nil {
			return err
		}
	}
	return keepDistributed(ctx, db, r)
}
