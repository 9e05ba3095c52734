package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Examination is what an installation's database says of itself.
type Examination struct {
	Server      string // the version of Postgres, in words
	Number      int    // and as a number: 150004 is 15.4
	Encoding    string
	Unsafe      []string // settings that lose data when a machine fails
	Clock       time.Time
	Size        int64 // of the database, in bytes
	Connections int   // in use by everybody
	Most        int   // that the server takes

	Schema, Wanted int64 // versions; Schema is 0 where there is none

	// All of these are known of this program's schema alone.
	Installation string // its id
	Login        string
	Superuser    bool     // the login is one
	Missing      []string // roles that are not there, or that the login cannot enter
	Powerful     []string // roles that row-level security does not hold for
	Open         bool     // other logins may enter the database
	Unguarded    []string // tables with policies that are not in force
	Cities       int      // how many there are
	Unjudged     int      // cities whose targets were not judged for a day
	Previews     int      // that should be cleared away
	Failing      int      // sources whose last run failed
	Waiting      int      // sources that are due for an hour, and nobody pulls

	Citus
}

// Examine looks at the database of a URL, whatever schema it has. Its error is
// [ErrUnreachable].
func Examine(ctx context.Context, url string) (Examination, error) {
	var e Examination
	db, err := connect(ctx, url, "")
	if err != nil {
		return e, err
	}
	defer db.Close()
	if err := e.server(ctx, db); err != nil {
		return e, explained(err)
	}
	if err := e.Citus.node(ctx, db); err != nil {
		return e, explained(err)
	}
	if e.Wanted, err = newestMigration(); err != nil {
		return e, err
	}
	err = db.GetContext(ctx, &e.Schema, newestApplied)
	switch sqlState(err) {
	case undefinedTable, undefinedSchema, insufficientPrivilege: // a new database, or one that a migration has only begun
		return e, nil
	}
	if err != nil || e.Schema != e.Wanted {
		return e, explained(err)
	}
	var prefix string
	if err := db.QueryRowContext(ctx, `select prefix, id from citygauge.installation`).Scan(&prefix, &e.Installation); err != nil {
		return e, explained(err)
	}
	r, err := newRoles(prefix)
	if err != nil {
		return e, err
	}
	if err := e.access(ctx, db, r); err != nil || len(e.Missing) > 0 {
		return e, explained(err)
	}
	if err := e.Citus.cluster(ctx, db); err != nil {
		return e, explained(err)
	}
	s := &Store{db: db, roles: r}
	err = s.System(ctx, func(tx *Tx) error {
		if err := e.guards(ctx, tx, all(r)); err != nil {
			return err
		}
		return e.work(ctx, tx)
	})
	return e, err
}

func (e *Examination) server(ctx context.Context, db *sqlx.DB) error {
	err := db.QueryRowContext(ctx, `
		select current_setting('server_version'), current_setting('server_version_num')::int, current_setting('server_encoding'),
		       array(select name || ' = ' || setting from pg_settings
		             where name in ('fsync', 'full_page_writes', 'autovacuum') and setting = 'off' order by name),
		       pg_database_size(current_database()), (select count(*) from pg_stat_activity where backend_type = 'client backend'),
		       current_setting('max_connections')::int`).
		Scan(&e.Server, &e.Number, &e.Encoding, pq.Array(&e.Unsafe), &e.Size, &e.Connections, &e.Most)
	if err != nil {
		return err
	}
	// By itself, and last: from its answer on, clocks are compared.
	return db.GetContext(ctx, &e.Clock, `select clock_timestamp()`)
}

func (e *Examination) access(ctx context.Context, db *sqlx.DB, r roles) error {
	entered := []string{r.app(), r.system()} // the owner's only to migrate, by another login perhaps
	err := db.QueryRowContext(ctx, `
		select session_user, (select rolsuper from pg_roles where rolname = session_user),
		       array(select wanted from unnest($1::text[]) wanted
		             left join pg_roles on rolname = wanted
		             where rolname is null or (wanted = any($2) and not pg_has_role(session_user, rolname, 'member'))
		             order by wanted),
		       has_database_privilege('public', current_database(), 'connect') or has_database_privilege('public', current_database(), 'temporary')`,
		pq.Array(all(r)), pq.Array(entered)).Scan(&e.Login, &e.Superuser, pq.Array(&e.Missing), &e.Open)
	if err != nil {
		return fmt.Errorf("look at the roles: %w", err)
	}
	return nil
}

// guards is what keeps cities apart.
func (e *Examination) guards(ctx context.Context, tx *Tx, roles []string) error {
	var logins []string
	if err := tx.SelectContext(ctx, &logins, `select role_name from citygauge.city_login`); err != nil {
		return err
	}
	return tx.QueryRowContext(ctx, `
		select array(select rolname from pg_roles where (rolsuper or rolbypassrls) and rolname = any($1) order by rolname),
		       array(select distinct c.oid::regclass::text from pg_policy p
		             join pg_class c on c.oid = p.polrelid
		             where c.relnamespace = 'citygauge'::regnamespace and not (c.relrowsecurity and c.relforcerowsecurity)
		             order by 1)`, pq.Array(append(logins, roles...))).Scan(pq.Array(&e.Powerful), pq.Array(&e.Unguarded))
}

func all(r roles) []string { return []string{r.owner(), r.app(), r.system(), r.faculty()} }

// work is how far the daily work has come. A day begins up to half a day earlier
// or later elsewhere.
func (e *Examination) work(ctx context.Context, tx *Tx) error {
	return tx.QueryRowContext(ctx, `
		select count(*), count(*) filter (where judged_on < (now() at time zone 'utc')::date - 2),
		       (select count(*) from citygauge.upload where state = 'previewed' and received_at < now() - interval '3 days'),
		       (select count(*) from citygauge.source_state where not up),
		       (select count(*) from citygauge.source_state where due_at < now() - interval '1 hour' and (leased_until is null or leased_until < now()))
		from citygauge.city_state`).Scan(&e.Cities, &e.Unjudged, &e.Previews, &e.Failing, &e.Waiting)
}
