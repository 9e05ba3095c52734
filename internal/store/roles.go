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
				return fmt.Errorf("create the database roles of prefix %q: %w: run citygauge migrate as a role with createrole that owns the database (and, from Postgres 16 on, has the admin option on roles that exist already), or as a superuser", r.prefix, err)
			}
			return fmt.Errorf("create the database roles of prefix %q: %w", r.prefix, err)
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

func (r roles) statements() []string {
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
	return append(list, `do $$
begin
  execute format('grant {{owner}}, {{app}}, {{system}} to %I', current_user);
end
$$`, enclosing, `create schema if not exists citygauge authorization {{owner}}`, `create schema if not exists report authorization {{owner}}`)
}

// enclosing closes a database to all logins but the installation's.
const enclosing = `do $$
begin
  execute format('revoke connect, temporary on database %I from public', current_database());
  execute format('grant connect on database %I to %I, {{faculty}}', current_database(), session_user);
  execute format('grant temporary on database %I to {{app}}, {{system}}', current_database());
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
