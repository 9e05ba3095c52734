// Package postgres_test holds that an installation works with the roles that
// roles.sql makes, and with no more rights. It has nothing but tests.
package postgres_test

import (
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // the driver

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/declare"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(m)) }

const (
	prefix   = "cgroles"
	database = "cgroles_gauge"
	password = "made-up-for-this-test"
)

// begin runs the script twice, gives the logins passwords, and returns the URLs
// by which they log in.
func begin(t *testing.T) (server, migrate string, superuser *sqlx.DB) {
	t.Helper()
	admin := open(t, testdb.Server(t).SuperuserURL("postgres"))
	remove(t, admin)
	t.Cleanup(func() { remove(t, admin) })
	for range 2 {
		script(t)
	}
	for _, login := range []string{prefix, prefix + "_migrate"} {
		if _, err := admin.Exec("alter role " + login + " password '" + password + "'"); err != nil {
			t.Fatal(err)
		}
	}
	return as(t, prefix), as(t, prefix+"_migrate"), admin
}

func script(t *testing.T) {
	t.Helper()
	psql := exec.CommandContext(t.Context(), "psql", "--no-psqlrc", "--quiet", "--set=prefix="+prefix, "--set=database="+database,
		"--file=roles.sql", testdb.Server(t).SuperuserURL("postgres"))
	if said, err := psql.CombinedOutput(); err != nil || len(said) > 0 {
		t.Fatalf("psql: %v\n%s", err, said)
	}
}

// remove takes away what the script made, also on an earlier run that was
// killed.
func remove(t *testing.T, admin *sqlx.DB) {
	t.Helper()
	if _, err := admin.Exec("drop database if exists " + database + " with (force)"); err != nil {
		t.Fatal(err)
	}
	var roles []string
	if err := admin.Select(&roles, `select rolname from pg_roles where rolname like $1`, prefix+"%"); err != nil {
		t.Fatal(err)
	}
	for _, r := range roles {
		if _, err := admin.Exec("drop role " + r); err != nil {
			t.Fatal(err)
		}
	}
}

func as(t *testing.T, login string) string {
	t.Helper()
	u, err := url.Parse(testdb.Server(t).SuperuserURL(database))
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(login, password)
	return u.String()
}

func open(t *testing.T, at string) *sqlx.DB {
	t.Helper()
	db, err := sqlx.Open("postgres", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func today(programme.City) programme.Date { return programme.NewDate(2025, time.October, 10) }

func TestRolesSuffice(t *testing.T) {
	server, migrate, admin := begin(t)

	var powers int
	if err := admin.Get(&powers, `
		select count(*) from pg_roles
		where rolname like $1 and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)`, prefix+"%"); err != nil || powers > 0 {
		t.Fatalf("%d roles have powers over the whole server (%v)", powers, err)
	}
	if err := store.Migrate(t.Context(), migrate, prefix); err != nil {
		t.Fatalf("migrate: %v", err)
	}
	if err := store.Migrate(t.Context(), server, ""); err != nil {
		t.Fatalf("migrate what has the schema, as serve does at its start: %v", err)
	}

	// The server's login does all that the server does.
	s, err := store.Open(t.Context(), server, today, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	declared, err := declare.Read("../../cmd/citygauge/testdata/files/programme.yaml")
	if err != nil || declared.Report.Refused() {
		t.Fatal(err, declared.Report)
	}
	by := account.Actor{Name: "the test"}
	if err := s.Apply(t.Context(), declared.Programme, store.ApplyOptions{Today: today, By: by, Agree: func(store.Prospect) bool { return true }}); err != nil {
		t.Errorf("apply: %v", err)
	}
	if _, err := s.Daily(t.Context()); err != nil {
		t.Errorf("daily work: %v", err)
	}
	accounts := account.NewService(s, account.Options{Now: time.Now})
	if _, err := accounts.Add(t.Context(), by, account.Account{Name: "ada@example.org", Role: account.Admin}, account.Generate()); err != nil {
		t.Errorf("add an account: %v", err)
	}

	e, err := store.Examine(t.Context(), server)
	if err != nil || len(e.Missing) > 0 || e.Cities != len(declared.Programme.Cities) {
		t.Errorf("the doctor misses the roles %v, and sees the cities %v (%v)", e.Missing, e.Cities, err)
	}

	// And no more.
	login := open(t, server)
	for _, forbidden := range []string{
		`set role cgroles_owner`,
		`alter table citygauge.observation no force row level security`,
		`create table citygauge.extra ()`,
		`create schema extra`,
		`delete from citygauge.audit`,
		`select from citygauge.account`, // outside of a transaction in one of its roles
		`create role extra`,
		`drop policy own_cities on citygauge.observation`,
		`select lo_create(0)`,
	} {
		if _, err := login.Exec(forbidden); err == nil || !strings.Contains(err.Error(), "permission denied") && !strings.Contains(err.Error(), "must be owner") {
			t.Errorf("%s: %v, want it to be forbidden", forbidden, err)
		}
	}
}

// An older schema is brought up to date by the other login alone, and the error
// says so.
func TestServerCannotMigrate(t *testing.T) {
	server, _, _ := begin(t)
	if err := store.Migrate(t.Context(), server, prefix); err == nil || !strings.Contains(err.Error(), "run citygauge migrate as") {
		t.Errorf("the error is %v, want one that says what to do", err)
	}
}
