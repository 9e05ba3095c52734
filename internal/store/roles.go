package store

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// DefaultPrefix begins the names of an installation's roles. Roles belong to
// the whole server, so two installations on one need two prefixes.
const DefaultPrefix = "citygauge"

var validPrefix = regexp.MustCompile(`^[a-z][a-z0-9_]{0,15}$`)

// roles are the names of an installation's group roles.
type roles struct {
	prefix string
}

func newRoles(prefix string) (roles, error) {
	if !validPrefix.MatchString(prefix) {
		return roles{}, fmt.Errorf("role prefix %q: write 1 to 16 lower-case letters, digits and _, beginning with a letter", prefix)
	}
	return roles{prefix}, nil
}

// owner has the tables; migrations alone use it.
func (r roles) owner() string { return r.prefix + "_owner" }

// app acts for named cities.
func (r roles) app() string { return r.prefix + "_app" }

// system collects, serves metrics and does daily work.
func (r roles) system() string { return r.prefix + "_system" }

// faculty reads the report of every city.
func (r roles) faculty() string { return r.prefix + "_faculty" }

// city is the login of one city.
func (r roles) city(slug string) string { return r.prefix + "_city_" + slug }

// fill writes the roles' names into a migration.
func (r roles) fill(sql string) string {
	return strings.NewReplacer(
		"{{prefix}}", r.prefix,
		"{{owner}}", pq.QuoteIdentifier(r.owner()),
		"{{app}}", pq.QuoteIdentifier(r.app()),
		"{{system}}", pq.QuoteIdentifier(r.system()),
		"{{faculty}}", pq.QuoteIdentifier(r.faculty()),
	).Replace(sql)
}

// attempts is how often a statement is tried that other processes run at the
// same time.
const attempts = 20

// create makes the group roles where they are missing, lets the current user
// enter those of the server, and closes the database to everybody else. It may
// run at the same time in several processes.
func (r roles) create(ctx context.Context, db *sqlx.DB) error {
	for _, statement := range r.statements() {
		if err := together(ctx, db, r.fill(statement)); err != nil {
			if sqlState(err) == insufficientPrivilege {
				return fmt.Errorf("create the database roles of prefix %q: %w: run citygauge migrate as a role with createrole that owns the database (and, from Postgres 16 on, has the admin option on roles that exist already), or as a superuser; where the roles are called otherwise, name that with --role-prefix", r.prefix, err)
			}
			return fmt.Errorf("create the database roles of prefix %q: %w", r.prefix, explained(err))
		}
	}
	var open bool
	if err := db.GetContext(ctx, &open, `
		select has_database_privilege('public', current_database(), 'connect') or has_database_privilege('public', current_database(), 'temporary')`); err != nil {
		return err
	}
	if open {
		return errors.New("close the database to other logins: run as its owner: revoke connect, temporary on database … from public")
	}
	return nil
}

// entered makes sure that connections which were to begin in the owner's role
// did: a pooler may drop what they ask for at their start, and every table would
// then belong to somebody else.
func (r roles) entered(ctx context.Context, owner *sqlx.DB) error {
	var role string
	if err := owner.GetContext(ctx, &role, `select current_user`); err != nil {
		return explained(err)
	}
	if role != r.owner() {
		return fmt.Errorf("migrate the database: the connection acts as %s, not as %s: connect to Postgres itself, not to a pooler", role, r.owner())
	}
	return nil
}

// together runs a statement that several processes may run at once. Postgres
// then fails all but one of them, in one way or another.
func together(ctx context.Context, db *sqlx.DB, statement string) (err error) {
	for range attempts {
		_, err = db.ExecContext(ctx, statement)
		switch sqlState(err) {
		case internalError, duplicateObject, duplicateSchema, uniqueViolation:
			continue
		}
		return err
	}
	return err
}

func (r roles) statements() []string { return append(r.everywhere(), schemas) }

// everywhere are those that hold for every server of a Citus.
func (r roles) everywhere() []string {
	var list []string
	for _, role := range []string{r.owner(), r.app(), r.system(), r.faculty()} {
		list = append(list, fmt.Sprintf(`do $$
begin
  if not exists (select from pg_roles where rolname = %s) then
    create role %s nologin noinherit;
  end if;
end
$$`, pq.QuoteLiteral(role), pq.QuoteIdentifier(role)))
	}
	return append(list, membership, enclosing, loginOnNodes)
}

// loginOnNodes lets the group roles log in where the database is a part of a
// Citus cluster: its nodes speak to each other as the role that a statement is
// run by. They have no password, so that nobody else can.
const loginOnNodes = `do $$
declare
  r regrole;
begin
  if exists (select from pg_extension where extname = 'citus') then
    for r in select oid from pg_roles where oid = any (array['{{owner}}', '{{app}}', '{{system}}', '{{faculty}}']::regrole[]) and not rolcanlogin loop
      execute format('alter role %s login', r);
    end loop;
  end if;
end
$$`

// membership lets the current user enter the roles of the server that it may
// not enter yet: where somebody else has granted them, it need not be able to.
const membership = `do $$
declare
  entering constant text := case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end;
  r regrole;
begin
  foreach r in array array['{{owner}}', '{{app}}', '{{system}}']::regrole[] loop
    if not pg_has_role(current_user, r, entering) then
      execute format('grant %s to %I', r, current_user);
    end if;
  end loop;
end
$$`

// enclosing closes a database to all logins but the installation's.
const enclosing = `do $$
begin
  execute format('revoke connect, temporary on database %I from public', current_database());
  execute format('grant connect on database %I to %I, {{faculty}}', current_database(), session_user);
  execute format('grant temporary on database %I to {{app}}, {{system}}', current_database());
  if exists (select from pg_extension where extname = 'citus') then -- whose nodes enter each other's as these
    execute format('grant connect on database %I to {{owner}}, {{app}}, {{system}}', current_database());
    execute format('grant create on database %I to {{owner}}', current_database()); -- of its schemas, there
  end if;
end
$$`

// schemas are made on this server alone: of a role that does not inherit, Citus
// takes none for other nodes. It makes them there with the first thing in them.
const schemas = `do $$
begin
  set local citus.enable_ddl_propagation = off;
  create schema if not exists citygauge authorization {{owner}};
  create schema if not exists report authorization {{owner}};
end
$$`

// Enclose closes a database to all logins but the installation's, as migrating
// it does: for a copy of an installation's database, which does not keep who
// may enter it.
func Enclose(ctx context.Context, url, prefix string) error {
	r, err := newRoles(prefix)
	if err != nil {
		return err
	}
	db, err := connect(ctx, url, "")
	if err != nil {
		return err
	}
	defer db.Close()
	return together(ctx, db, r.fill(enclosing))
}
