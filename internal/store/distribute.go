package store

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Where each table is on Citus. Every other one stays on the coordinator: the
// queues, the locks, and what concerns the installation or several cities at
// once, such as uploads.
var (
	// referenceTables are small, and whole on every node: they are joined with
	// what a city has. Policies read city_login.
	referenceTables = []string{"city_login", "cohort", "city", "city_cohort"}
	// distributedTables are spread by city, all rows of a city on one node.
	distributedTables = []string{
		"indicator", "indicator_revision", "target", "target_revision", "trajectory", "intervention",
		"observation", "observation_revision", "assessment", "assessment_revision",
	}
)

//go:embed citus/distribute.sql
var distributeSQL string

// Distribute migrates an installation, empty or filled, as [Migrate] does, then
// spreads it over the workers of the Citus cluster whose coordinator has its
// database, in one transaction, and reports whether there was anything to
// spread.
func Distribute(ctx context.Context, url, prefix string) (bool, error) {
	return distributeAt(ctx, url, prefix, Migrate)
}

func distributeAt(ctx context.Context, url, prefix string, migrate func(ctx context.Context, url, prefix string) error) (bool, error) {
	db, err := connect(ctx, url, "")
	if err != nil {
		return false, err
	}
	defer db.Close()
	if err := fitForCitus(ctx, db); err != nil {
		return false, err
	}
	if err := migrate(ctx, url, prefix); err != nil {
		return false, err
	}
	r, err := roles{}.agreed(ctx, db)
	if err != nil {
		return false, err
	}
	// The extension and the workers may be younger than the roles.
	if err := r.create(ctx, db); err != nil {
		return false, err
	}
	for _, statement := range r.everywhere() {
		if err := onWorkers(ctx, db, r.fill(statement)); err != nil {
			return false, err
		}
	}
	owner, err := connect(ctx, url, r.owner())
	if err != nil {
		return false, err
	}
	defer owner.Close()
	if err := r.entered(ctx, owner); err != nil {
		return false, err
	}
	// The workers have no schema yet that was made before they came.
	if _, err := owner.ExecContext(ctx, `create schema if not exists citygauge; create schema if not exists report`); err != nil {
		return false, fmt.Errorf("spread the database over the workers: %w", err)
	}
	var done bool
	err = withJob(ctx, owner, "migrate", func() (err error) {
		done, err = distribute(ctx, db, r)
		return err
	})
	if err != nil {
		return false, err
	}
	return done, r.letLoginsIn(ctx, db)
}

// onWorkers runs a statement on every worker, each by itself.
func onWorkers(ctx context.Context, db *sqlx.DB, statement string) error {
	statement = `do $alone$ begin set local citus.enable_ddl_propagation = off; execute ` + pq.QuoteLiteral(statement) + `; end $alone$`
	var failed []string
	if err := db.SelectContext(ctx, &failed, `
		select nodename || ':' || nodeport || ': ' || result from run_command_on_workers($1) where not success`, statement); err != nil {
		return explained(err)
	}
	if len(failed) > 0 {
		return fmt.Errorf("set up the roles on the workers: %s: on each of them, the login that citygauge migrates as must be there, with createrole, and own the database", failed[0])
	}
	return nil
}

// letLoginsIn lets the logins of cities that there are enter the workers, where
// row-level security holds for them as it does here, and keeps them below their
// connection limits.
func (r roles) letLoginsIn(ctx context.Context, db *sqlx.DB) error {
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var logins []string
	if _, err := tx.ExecContext(ctx, `set local role `+pq.QuoteIdentifier(r.owner())); err != nil {
		return err
	}
	if err := tx.SelectContext(ctx, &logins, `select distinct role_name from citygauge.city_login where to_regrole(quote_ident(role_name)) is not null`); err != nil {
		return err
	}
	if err := tx.Rollback(); err != nil {
		return err
	}
	for _, login := range logins {
		name := pq.QuoteIdentifier(login)
		if _, err := db.ExecContext(ctx, onePoolConnection(name)); err != nil {
			return fmt.Errorf("set up the login %s: %w", login, err)
		}
		for _, statement := range []string{
			onePoolConnection(name), `do $$ begin execute format('grant connect on database %I to %I', current_database(), ` + pq.QuoteLiteral(login) + `); end $$`,
		} {
			if err := onWorkers(ctx, db, statement); err != nil {
				return err
			}
		}
	}
	return nil
}

// distribute converts what is not converted yet. db is in the login's own role:
// logins are its, tables the owner's.
func distribute(ctx context.Context, db *sqlx.DB, r roles) (bool, error) {
	if todo, err := toDistribute(ctx, db); err != nil || len(todo) == 0 {
		return false, err
	}
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	for _, statement := range []string{
		// Reference tables have no foreign keys with tables of the coordinator's,
		// and are changed before those that are joined with them.
		`set local citus.enable_local_reference_table_foreign_keys = off`,
		`set local citus.multi_shard_modify_mode = 'sequential'`,
		`set local role ` + pq.QuoteIdentifier(r.owner()),
		strings.NewReplacer("{{reference}}", literals(referenceTables), "{{distributed}}", literals(distributedTables)).Replace(distributeSQL),
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return false, fmt.Errorf("spread the database over the workers: %w", err)
		}
	}
	return true, tx.Commit()
}

// toDistribute are the tables that are to be spread, or that have policies which
// Citus cannot follow.
func toDistribute(ctx context.Context, db *sqlx.DB) (tables []string, err error) {
	err = db.SelectContext(ctx, &tables, `
		select wanted from unnest($1::text[]) wanted
		where not exists (select from pg_dist_partition where logicalrelid = ('citygauge.' || wanted)::regclass)
		union
		select tablename from pg_policies
		where schemaname = 'citygauge' and policyname = 'own_cities' and qual like '%SELECT%' and tablename <> 'upload'
		order by 1`,
		pq.Array(slices.Concat(referenceTables, distributedTables)))
	return tables, err
}

// keepDistributed spreads what a migration added, where the rest is spread.
func keepDistributed(ctx context.Context, db *sqlx.DB, r roles) error {
	version, err := versionOfCitus(ctx, db)
	if err != nil || version == "" {
		return err
	}
	if spread, err := isDistributed(ctx, db); err != nil || !spread {
		return err
	}
	_, err = distribute(ctx, db, r)
	return err
}

// versionOfCitus is empty where a database is not Citus's.
func versionOfCitus(ctx context.Context, db *sqlx.DB) (version string, err error) {
	err = db.GetContext(ctx, &version, `select coalesce((select extversion from pg_extension where extname = 'citus'), '')`)
	return version, err
}

func isDistributed(ctx context.Context, db *sqlx.DB) (spread bool, err error) {
	err = db.GetContext(ctx, &spread, `select exists (select from pg_dist_partition where logicalrelid = to_regclass('citygauge.observation'))`)
	return spread, err
}

// onePoolConnection keeps a login's queries to one connection to each worker of
// a Citus, which else opens several and passes the login's limit there.
func onePoolConnection(login string) string {
	return `alter role ` + login + ` set citus.max_adaptive_executor_pool_size = 1`
}

func literals(names []string) string {
	quoted := make([]string, len(names))
	for n, name := range names {
		quoted[n] = pq.QuoteLiteral(name)
	}
	return strings.Join(quoted, ", ")
}

// CitusVersion is the major version of Citus that installations are spread by.
const CitusVersion = "13"

func fitsCitus(version string) bool { return strings.HasPrefix(version, CitusVersion+".") }

// fitForCitus makes sure that a database is the coordinator's of a cluster with
// workers.
func fitForCitus(ctx context.Context, db *sqlx.DB) error {
	version, err := versionOfCitus(ctx, db)
	if err != nil {
		return explained(err)
	}
	switch {
	case version == "":
		return errors.New("the database has no extension citus: as a superuser, run create extension citus in it on the coordinator and on every worker, and add the workers with citus_add_node")
	case !fitsCitus(version):
		return fmt.Errorf("the database has Citus %s: citygauge needs Citus %s", version, CitusVersion)
	}
	var group, coordinators, workers int
	if err := db.QueryRowContext(ctx, `
		select (select groupid from pg_dist_local_group),
		       count(*) filter (where groupid = 0), count(*) filter (where groupid <> 0 and shouldhaveshards)
		from pg_dist_node
		where isactive and noderole = 'primary'`).Scan(&group, &coordinators, &workers); err != nil {
		return explained(err)
	}
	switch {
	case group != 0:
		return errors.New("the database is that of a worker: name the coordinator's")
	case coordinators == 0:
		return errors.New("the workers do not know the coordinator: as a superuser, run select citus_set_coordinator_host('its address') in the database")
	case workers == 0:
		return errors.New("the cluster has no workers: as a superuser, run select citus_add_node('a worker''s address', 5432) in the database for each")
	}
	return nil
}
