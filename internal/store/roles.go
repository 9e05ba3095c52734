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

// create makes the group roles where they are missing, lets the current user
// enter those of the server, and closes the database to everybody else. It may
// run at the same time in several processes.
func (r roles) create(ctx context.Context, db *sqlx.DB) error {
	for _, statement := range r.statements() {
		if _, err := db.ExecContext(ctx, r.fill(statement)); err != nil {
			if sqlState(err) == insufficientPrivilege {
				return fmt.Errorf("create the database roles of prefix %q: %w: run citygauge migrate as a role with createrole that owns the database, or as a superuser", r.prefix, err)
			}
			return fmt.Errorf("create the database roles of prefix %q: %w", r.prefix, err)
		}
	}
	var open bool
	if err := db.GetContext(ctx, &open, `select has_database_privilege('public', current_database(), 'connect')`); err != nil {
		return err
	}
	if open {
		return errors.New("close the database to other logins: run as its owner: revoke connect, temporary on database … from public")
	}
	return nil
}

func (r roles) statements() []string {
	var list []string
	for _, role := range []string{r.owner(), r.app(), r.system(), r.faculty()} {
		list = append(list, fmt.Sprintf(`do $$
begin
  if not exists (select from pg_roles where rolname = %s) then
    create role %s nologin nosuperuser nobypassrls noinherit;
  end if;
exception when duplicate_object or unique_violation then null; -- another process was faster
end
$$`, pq.QuoteLiteral(role), pq.QuoteIdentifier(role)))
	}
	// Several processes may grant at once; Postgres then reports an internal
	// error ("tuple concurrently updated") to all but one.
	list = append(list, `do $$
begin
  perform pg_advisory_xact_lock(hashtext('{{prefix}}'));
  execute format('grant {{owner}}, {{app}}, {{system}} to %I', current_user);
  if has_database_privilege('public', current_database(), 'connect') or not has_database_privilege('`+r.app()+`', current_database(), 'temporary') then
    execute format('revoke connect, temporary on database %I from public', current_database());
    execute format('grant connect on database %I to %I, {{faculty}}', current_database(), session_user);
    execute format('grant temporary on database %I to {{app}}, {{system}}', current_database());
  end if;
  create schema if not exists citygauge authorization {{owner}};
  create schema if not exists report authorization {{owner}};
end
$$`)
	return list
}
