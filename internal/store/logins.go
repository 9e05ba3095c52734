package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/lib/pq"
)

// ErrNoCity is the error of a city that does not exist.
var ErrNoCity = errors.New("there is no such city")

// cityConnections is how many connections a city's login may have at once.
const cityConnections = 10

// What ends what somebody leaves behind in a connection that others use next,
// such as a transaction that failed.
const (
	idleInTransaction = "1s"
	longestStatement  = "60s"
)

// anyNumber of connections is what Postgres writes as no limit.
const anyNumber = -1

// readable are the tables under the report's views.
const readable = `citygauge.city, citygauge.cohort, citygauge.city_cohort, citygauge.indicator, citygauge.target, citygauge.target_revision,
	citygauge.trajectory, citygauge.intervention, citygauge.observation, citygauge.observation_revision, citygauge.assessment,
	citygauge.assessment_revision`

// readableUploads is what it may know of uploads: neither who sent them nor
// their files.
const readableUploads = `(upload_id, received_at, file_name, bytes, city_ids, state, report) on citygauge.upload`

// readableSources, readableStates and readableRuns are what it may know of
// sources: neither how they are declared nor which server pulls them.
const (
	readableSources = `(city_id, source_id, slug, kind, schedule) on citygauge.source`
	readableStates  = `(city_id, source_id, up, succeeded_at, records) on citygauge.source_state`
	readableRuns    = `(city_id, run_id, source_id, started_at, ended_at, outcome, reason, message, records, upload_id) on citygauge.source_run`
)

// Login is how a dashboard enters the database.
type Login struct {
	Role, Database string
	// Connections is how many it may have at once; negative is any number.
	Connections int
	// Fingerprint tells its password from another one. It is empty where the
	// role cannot log in yet.
	Fingerprint string
}

// CityLogin makes, or gives a new password to, the database role that sees one
// city and nothing else. The role that the store logs in as needs createrole.
func (s *Store) CityLogin(ctx context.Context, city, password string) (Login, error) {
	role := s.roles.city(city)
	var id []int32
	err := s.System(ctx, func(tx *Tx) error {
		if err := tx.SelectContext(ctx, &id, `select city_id from citygauge.city where slug = $1`, city); err != nil {
			return err
		}
		if len(id) == 0 {
			return fmt.Errorf("%w: %q", ErrNoCity, city)
		}
		// A city of this name that is gone may have had the role before.
		if _, err := tx.ExecContext(ctx, `delete from citygauge.city_login where role_name = $1 and city_id <> $2`, role, id[0]); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			insert into citygauge.city_login (role_name, city_id) values ($1, $2) on conflict do nothing`, role, id[0])
		return err
	})
	if err != nil {
		return Login{}, err
	}
	return s.login(ctx, role, password, cityConnections)
}

// FacultyLogin gives a password to the database role that reads the report of
// every city.
func (s *Store) FacultyLogin(ctx context.Context, password string) (Login, error) {
	return s.login(ctx, s.roles.faculty(), password, anyNumber)
}

// login lets a role log in and read the report. Granting is the owner's,
// creating the server's own.
func (s *Store) login(ctx context.Context, role, password string, connections int) (Login, error) {
	name := pq.QuoteIdentifier(role)
	verifier, err := scramVerifier(password)
	if err != nil {
		return Login{}, err
	}
	made := Login{Role: role, Connections: connections, Fingerprint: fingerprint(password)}
	// First: another node of a Citus grants nothing to a role that is only being
	// made.
	err = together(ctx, s.db, fmt.Sprintf(`do $$
begin
  if not exists (select from pg_roles where rolname = %s) then
    create role %s;
  end if;
end
$$`, pq.QuoteLiteral(role), name))
	if err == nil {
		err = s.furnishLogin(ctx, &made, name, verifier)
	}
	if sqlState(err) == insufficientPrivilege {
		err = fmt.Errorf("%w: the role that citygauge logs in as needs createrole and, from Postgres 16 on, the admin option on this role", err)
	}
	if err != nil {
		return Login{}, fmt.Errorf("make the database login %s: %w", role, explained(err))
	}
	return made, nil
}

// furnishLogin gives a role that is there its password and rights.
func (s *Store) furnishLogin(ctx context.Context, made *Login, name, verifier string) error {
	return s.within(ctx, "", func(tx *Tx) error {
		if err := tx.GetContext(ctx, &made.Database, `select current_database()`); err != nil {
			return err
		}
		for _, statement := range []string{
			fmt.Sprintf(`alter role %s login noinherit connection limit %d password %s`,
				name, made.Connections, pq.QuoteLiteral(verifier)),
			// Any role may give itself settings: one such as a timeout would
			// leave the dashboards empty.
			fmt.Sprintf(`alter role %s reset all`, name),
			fmt.Sprintf(`alter role %s in database %s reset all`, name, pq.QuoteIdentifier(made.Database)),
			fmt.Sprintf(`alter role %s set idle_in_transaction_session_timeout = '%s'`, name, idleInTransaction),
			fmt.Sprintf(`alter role %s set statement_timeout = '%s'`, name, longestStatement),
			s.citusOnly(onePoolConnection(name)),
			fmt.Sprintf(`grant connect on database %s to %s`, pq.QuoteIdentifier(made.Database), name),
			`set local role ` + pq.QuoteIdentifier(s.roles.owner()),
			`grant usage on schema report to ` + name,
			`grant select on all tables in schema report to ` + name,
			`grant select on ` + readable + ` to ` + name,
			`grant select ` + readableUploads + ` to ` + name,
			`grant select ` + readableSources + ` to ` + name,
			`grant select ` + readableStates + ` to ` + name,
			`grant select ` + readableRuns + ` to ` + name,
		} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `
			insert into citygauge.login_password (role_name, fingerprint) values ($1, $2)
			on conflict (role_name) do update set fingerprint = excluded.fingerprint`, made.Role, made.Fingerprint)
		return err
	})
}

// citusOnly is a statement where the database is a Citus, and nothing elsewhere.
func (s *Store) citusOnly(statement string) string {
	if s.citus {
		return statement
	}
	return ""
}
