package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/lib/pq"
)

// Readers are the database logins of an installation, made or not.
type Readers struct {
	// Prefix begins the names of everything that belongs to the installation.
	Prefix  string
	Faculty Login
	Cities  map[string]Login // by slug
	// Most is how many connections the server takes in all.
	Most int
}

// fingerprint of a password says nothing about it where it was made up, which
// no list of words has.
func fingerprint(password string) string {
	sum := sha256.Sum256([]byte(password))
	return hex.EncodeToString(sum[:])
}

// Readers are the logins of all cities and of faculty, as they stand.
func (s *Store) Readers(ctx context.Context) (Readers, error) {
	r := Readers{Prefix: s.roles.prefix, Cities: map[string]Login{}}
	err := s.System(ctx, func(tx *Tx) error {
		if err := tx.QueryRowContext(ctx, `select current_database(), current_setting('max_connections')::int`).Scan(&r.Faculty.Database, &r.Most); err != nil {
			return err
		}
		var slugs []string
		if err := tx.SelectContext(ctx, &slugs, `select slug from citygauge.city`); err != nil {
			return err
		}
		fingerprints, err := tx.fingerprints(ctx, s.roles.faculty())
		if err != nil {
			return err
		}
		as := func(role string, connections int) Login {
			return Login{Role: role, Database: r.Faculty.Database, Connections: connections, Fingerprint: fingerprints[role]}
		}
		r.Faculty = as(s.roles.faculty(), anyNumber)
		for _, slug := range slugs {
			r.Cities[slug] = as(s.roles.city(slug), cityConnections)
		}
		return nil
	})
	return r, err
}

// fingerprints are those of the roles that can log in as they were made: a
// database that was copied to another server has left its roles behind, and a
// role may give itself settings by which its queries fail. A city's must be
// granted that city, too.
func (t *Tx) fingerprints(ctx context.Context, faculty string) (map[string]string, error) {
	var found []struct {
		Role        string `db:"role_name"`
		Fingerprint string `db:"fingerprint"`
	}
	if err := t.SelectContext(ctx, &found, `
		select role_name, fingerprint
		from citygauge.login_password
		left join (citygauge.city_login join citygauge.city using (city_id)) using (role_name)
		where role_name = $1 or slug is not null`, faculty); err != nil {
		return nil, err
	}
	byRole := make(map[string]string, len(found))
	for _, f := range found {
		byRole[f.Role] = f.Fingerprint
	}
	// By itself: Citus joins no tables with the catalog's.
	var barred []string
	err := t.SelectContext(ctx, &barred, `
		select role
		from unnest($1::text[]) role
		where role not in (
		  select rolname
		  from pg_roles
		  where rolcanlogin
		    and array(select s from unnest(rolconfig) s where s not like 'citus.%' order by s) = $2::text[]
		    and not exists (select from pg_db_role_setting where setrole = pg_roles.oid and setdatabase = (select oid from pg_database where datname = current_database())))`,
		pq.Array(slices.Collect(maps.Keys(byRole))),
		pq.Array([]string{"idle_in_transaction_session_timeout=" + idleInTransaction, "statement_timeout=" + longestStatement}))
	for _, role := range barred {
		delete(byRole, role)
	}
	return byRole, err
}

// Address is the host and port of the database and libpq's sslmode, as the
// store reaches it; a socket has no such host.
func (s *Store) Address() (host, sslMode string) {
	config, err := pq.NewConfig(s.url)
	if err != nil { // it would not be open
		return "", ""
	}
	switch config.SSLMode {
	case pq.SSLModeAllow, pq.SSLModePrefer: // with it or without, which few others know
		sslMode = string(pq.SSLModeRequire)
	default:
		sslMode = string(config.SSLMode)
	}
	if strings.HasPrefix(config.Host, "/") {
		return "", sslMode
	}
	return net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))), sslMode
}

// Alone does something while no other process does the job of that name.
func (s *Store) Alone(ctx context.Context, job string, do func() error) error {
	var done error
	err := s.System(ctx, func(tx *Tx) error {
		if err := tx.lockJob(ctx, job); err != nil {
			return err
		}
		done = do()
		return done
	})
	if done != nil { // as it is: a connection that failed it is not the database's
		return done
	}
	return err
}
