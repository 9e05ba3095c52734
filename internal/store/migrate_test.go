package store_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
)

// emptyDatabase is a new database of the server's login, which is no superuser.
func emptyDatabase(t *testing.T) (at string, admin *sqlx.DB) {
	t.Helper()
	db := testdb.New(t) // for its server and login
	admin, err := sqlx.Open("postgres", testdb.Server(t).SuperuserURL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { admin.Close() })
	name := db.Name + "_empty"
	if _, err := admin.Exec("create database " + pq.QuoteIdentifier(name) + " owner cgtest template template0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec("drop database " + pq.QuoteIdentifier(name) + " with (force)"); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(db.URL)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String(), admin
}

func TestMigrateBySeveralServersAtOnce(t *testing.T) {
	at, admin := emptyDatabase(t)
	prefix := "cg" + strings.ToLower(t.Name()[4:8])
	t.Cleanup(func() { dropRoles(t, admin, at, prefix) })
	const servers = 5
	var all sync.WaitGroup
	errs := make([]error, servers)
	for n := range servers {
		all.Go(func() { errs[n] = store.Migrate(t.Context(), at, prefix) })
	}
	all.Wait()
	for n, err := range errs {
		if err != nil {
			t.Errorf("server %d: %v", n, err)
		}
	}
	s, err := store.Open(t.Context(), at, onToday, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Programme(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestMigrateUnderAnotherPrefix(t *testing.T) {
	at, admin := emptyDatabase(t)
	const prefix = "cgolder"
	t.Cleanup(func() { dropRoles(t, admin, at, prefix) })
	if err := store.MigrateBeforeNewest(t.Context(), at, prefix); err != nil {
		t.Fatal(err)
	}
	if err := store.Migrate(t.Context(), at, "another"); err == nil || !strings.Contains(err.Error(), prefix) {
		t.Errorf("the error is %v, want one that names the prefix", err)
	}
	var n int
	if err := admin.Get(&n, `select count(*) from pg_roles where rolname like 'another%'`); err != nil || n != 0 {
		t.Errorf("%d roles were made (%v)", n, err)
	}
	if err := store.Migrate(t.Context(), at, ""); err != nil {
		t.Errorf("without a prefix: %v", err)
	}
	if err := store.Migrate(t.Context(), at, "another"); err == nil || !strings.Contains(err.Error(), prefix) {
		t.Errorf("with nothing left to do, the error is %v, want one that names the prefix", err)
	}
	s, err := store.Open(t.Context(), at, onToday, nil)
	if err != nil {
		t.Fatalf("after an upgrade: %v", err)
	}
	s.Close()
}

func (i *installation) superuser(t *testing.T) *sqlx.DB {
	t.Helper()
	db, err := sqlx.Open("postgres", i.db.Superuser)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// dropRoles removes an installation's roles, which outlive its database.
func dropRoles(t *testing.T, admin *sqlx.DB, at, prefix string) {
	db, err := sqlx.Open("postgres", superuserOf(t, at))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, role := range []string{"_owner", "_app", "_system", "_faculty"} {
		name := pq.QuoteIdentifier(prefix + role)
		if _, err := db.Exec("drop owned by " + name + " cascade"); err != nil {
			t.Error(err)
		}
		if _, err := admin.Exec("drop role " + name); err != nil {
			t.Error(err)
		}
	}
}

func superuserOf(t *testing.T, at string) string {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	return testdb.Server(t).SuperuserURL(strings.TrimPrefix(u.Path, "/"))
}

func TestOpenWithoutMigration(t *testing.T) {
	at, _ := emptyDatabase(t)
	_, err := store.Open(t.Context(), at, onToday, nil)
	if err == nil || !strings.Contains(err.Error(), "citygauge migrate") {
		t.Errorf("the error is %v, want one that says what to do", err)
	}
}

func TestOpenUnreachable(t *testing.T) {
	_, err := store.Open(t.Context(), "postgres://somebody:s3cret@127.0.0.1:1/nothing?sslmode=disable", onToday, nil)
	if err == nil || strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("the error is %v", err)
	}
	_, err = store.Open(t.Context(), "postgres://somebody:s3cret@127.0.0.1:port/nothing", onToday, nil)
	if err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("the error is %v", err)
	}
}

// A database that answers, and lets nobody in, is told by what to do.
func TestOpenTurnedAway(t *testing.T) {
	at, _ := emptyDatabase(t)
	whole, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	nobody, nowhere := *whole, *whole
	nobody.User = url.UserPassword("nobody", "s3cret")
	nowhere.Path = "/nowhere"
	for _, c := range []struct{ url, want string }{
		{nobody.String(), "correct the user and the password in its URL"},
		{nowhere.String(), "correct the name of the database in its URL"},
	} {
		_, err := store.Open(t.Context(), c.url, onToday, nil)
		if !errors.Is(err, store.ErrUnreachable) || !errors.Is(err, store.ErrTurnedAway) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("the error is %v, want one that says to %s", err, c.want)
		}
	}
}

// A URL without an sslmode asks for TLS, which most databases on the same
// machine do not have.
func TestOpenWithoutTLS(t *testing.T) {
	testdb.OneServer(t, "its servers encrypt connections")
	host, port := testdb.Server(t).Address()
	_, err := store.Open(t.Context(), fmt.Sprintf("postgres://somebody:s3cret@%s:%d/nothing", host, port), onToday, nil)
	if err == nil || strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), "add sslmode=disable") {
		t.Errorf("the error is %v, want one that says what to do", err)
	}
}

// Analysts read what each column means in the database itself.
func TestReportIsDescribed(t *testing.T) {
	i := install(t)
	db := i.superuser(t)
	var bare []string
	if err := db.Select(&bare, `
		select c.relname || coalesce('.' || a.attname, '')
		from pg_class c
		join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'report'
		left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
		where c.relkind = 'v' and coalesce(col_description(c.oid, a.attnum), obj_description(c.oid, 'pg_class'), '') = ''
		order by 1`); err != nil {
		t.Fatal(err)
	}
	if len(bare) > 0 {
		t.Errorf("columns without a comment: %v", bare)
	}
}
