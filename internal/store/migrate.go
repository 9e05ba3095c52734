package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing/fstest"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

const versionTable = "citygauge.schema_version"

// Migrate brings a database to the schema of this program: its roles, named by
// a prefix (without one, by that which the database has, or the default), its
// tables and its views. Several processes may do so at once; one
// does the work. An up-to-date database is left alone.
func Migrate(ctx context.Context, url, prefix string) error {
	return migrate(ctx, url, prefix, func(p *goose.Provider) error {
		_, err := p.Up(ctx)
		return err
	})
}

func migrate(ctx context.Context, url, prefix string, up func(*goose.Provider) error) error {
	var r roles
	var err error
	if prefix != "" {
		if r, err = newRoles(prefix); err != nil {
			return err
		}
	}
	db, err := connect(ctx, url, "")
	if err != nil {
		return err
	}
	defer db.Close()
	if r, err = r.agreed(ctx, db); err != nil {
		return err
	}
	if done, err := migrated(ctx, db); err != nil || done {
		return err
	}
	if err := r.create(ctx, db); err != nil {
		return err
	}
	owner, err := connect(ctx, url, r.owner())
	if err != nil {
		return err
	}
	defer owner.Close()
	if err := r.entered(ctx, owner); err != nil {
		return err
	}
	return withJob(ctx, owner, "migrate", func() error {
		provider, err := provider(owner, r)
		if err != nil {
			return err
		}
		if err := up(provider); err != nil {
			return fmt.Errorf("migrate the database: %w", err)
		}
		if _, err := owner.ExecContext(ctx, noStatistics); err != nil {
			return err
		}
		return keepDistributed(ctx, db, r)
	})
}

// noStatistics has the planner keep no statistics of what is in a city's rows.
// They would be of all cities together, and EXPLAIN shows everybody the
// estimates that are made from them. No query is planned by those columns.
const noStatistics = `do $$
declare
  c record;
begin
  for c in
    select pg_class.oid::regclass as relation, attname
    from pg_class
    join pg_attribute on attrelid = pg_class.oid
    where relnamespace = 'citygauge'::regnamespace and relkind in ('r', 'p') and relrowsecurity
          and attnum > 0 and not attisdropped and attstattarget is distinct from 0
          and atttypid in ('double precision'::regtype, 'text'::regtype, 'jsonb'::regtype, 'bytea'::regtype)
          and attname <> 'slug'
  loop
    execute format('alter table %s alter column %I set statistics 0', c.relation, c.attname);
  end loop;
end
$$`

// agreed is the roles that a database which was migrated before has, or the
// ones asked for. Asking for others than it has is an error.
func (r roles) agreed(ctx context.Context, db *sqlx.DB) (roles, error) {
	var has string
	err := db.GetContext(ctx, &has, `select prefix from citygauge.installation`)
	switch {
	case sqlState(err) == undefinedTable, sqlState(err) == undefinedSchema, sqlState(err) == insufficientPrivilege:
		// It is new, or was only begun.
		if r.prefix == "" {
			r.prefix = DefaultPrefix
		}
		return r, nil
	case err != nil:
		return r, explained(err)
	case r.prefix != "" && has != r.prefix:
		return r, fmt.Errorf("the database's roles begin with %q, not %q: name that with --role-prefix", has, r.prefix)
	}
	return roles{has}, nil
}

func provider(db *sqlx.DB, r roles) (*goose.Provider, error) {
	files, err := filled(r)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db.DB, files,
		goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
}

// filled is the migrations with the roles' names written in.
func filled(r roles) (fs.FS, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	files := fstest.MapFS{}
	for _, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files[name[len("migrations/"):]] = &fstest.MapFile{Data: []byte(r.fill(string(text)))}
	}
	return files, nil
}

// withJob does something while holding the row of a job, so that no other
// process does it at the same time.
func withJob(ctx context.Context, db *sqlx.DB, name string, do func() error) error {
	_, err := db.ExecContext(ctx, `create table if not exists citygauge.job (name text primary key, done_at timestamptz)`)
	switch sqlState(err) {
	case duplicateTable, duplicateObject, uniqueViolation: // another process was faster
	default:
		if err != nil {
			return explained(err)
		}
	}
	if _, err := db.ExecContext(ctx, `insert into citygauge.job (name) values ($1) on conflict do nothing`, name); err != nil {
		return err
	}
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, `select from citygauge.job where name = $1 for update`, name); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update citygauge.job set done_at = clock_timestamp() where name = $1`, name); err != nil {
		return err
	}
	return tx.Commit()
}

const newestApplied = `select coalesce(max(version_id), 0) from citygauge.schema_version where is_applied`

// migrated reports whether the database has exactly this program's schema; one
// that is newer is an error.
func migrated(ctx context.Context, db *sqlx.DB) (bool, error) {
	wanted, err := newestMigration()
	if err != nil {
		return false, err
	}
	var has int64
	err = db.GetContext(ctx, &has, newestApplied)
	switch {
	case sqlState(err) == undefinedTable || sqlState(err) == undefinedSchema || sqlState(err) == insufficientPrivilege:
		// Without a schema, or with one that a migration has only begun.
		return false, nil
	case err != nil:
		return false, explained(err)
	case has > wanted:
		return false, fmt.Errorf("%w: its schema has version %d, this program knows %d: use the newer program", ErrNotMigrated, has, wanted)
	}
	return has == wanted, nil
}

var errNoMigrations = errors.New("no migrations are embedded")

func newestMigration() (int64, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(names) == 0 {
		return 0, errors.Join(errNoMigrations, err)
	}
	return goose.NumericComponent(names[len(names)-1])
}

// Schema is the text of everything that makes a database: two programs with the
// same text make the same one.
func Schema() (string, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return "", err
	}
	var all strings.Builder
	for _, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return "", err
		}
		all.Write(text)
	}
	for _, statement := range append((roles{DefaultPrefix}).statements(), noLargeObjects, noStatistics, distributeSQL) {
		all.WriteString(statement)
	}
	return all.String(), nil
}
