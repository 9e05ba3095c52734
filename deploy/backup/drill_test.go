// Package backup_test is the restore drill: what the scripts and the README of
// this folder say is done to a real Postgres. It has nothing but tests.
package backup_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"github.com/citygauge/citygauge/internal/localpg"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
)

const (
	prefix   = "cgdrill"
	database = "gauge"
	sample   = "../../cmd/citygauge/testdata/files/"
	password = "made-up-for-this-test"
)

func TestRestoreDrill(t *testing.T) {
	source, at := installation(t, dir(t), nil)
	folder := filepath.Join(t.TempDir(), "monday")
	script(t, source, "backup.sh", folder, database, prefix)
	before := everything(t, source)

	target := server(t, dir(t), nil)
	script(t, target, "restore.sh", folder)
	if diff := cmp.Diff(before, everything(t, target)); diff != "" {
		t.Errorf("(-backed up +restored):\n%s", diff)
	}
	at = elsewhere(t, at, target)
	citygauge(t, at, "migrate") // this version has nothing to add
	if diff := cmp.Diff(before, everything(t, target)); diff != "" {
		t.Errorf("migrate changed it (-restored +migrated):\n%s", diff)
	}
	works(t, target, at)

	info, err := os.Stat(filepath.Join(folder, "roles.sql"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v: others can read the passwords' hashes", info.Mode(), err)
	}

	// Neither a backup nor a database is written over.
	if said, err := run(t, source, "./backup.sh", folder, database, prefix); err == nil || !strings.Contains(said, "name a new folder") {
		t.Errorf("into a folder with a backup: %v\n%s", err, said)
	}
	if inside, err := os.ReadDir(folder); err != nil || len(inside) != 2 {
		t.Errorf("the backup now holds %v (%v)", inside, err)
	}
	if said, err := run(t, source, "./restore.sh", folder); err == nil || !strings.Contains(said, "rename or drop it first") {
		t.Errorf("over a database: %v\n%s", err, said)
	}

	// Half a backup never has the name of a whole one.
	folder = filepath.Join(t.TempDir(), "tuesday")
	said, err := run(t, source, "./backup.sh", folder, database, "another")
	if err == nil || !strings.Contains(said, "no role another_owner") {
		t.Errorf("under another prefix: %v, want an error that names the role:\n%s", err, said)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("there is a backup all the same: %v", err)
	}
}

// The login of an installation may be called anything. It is restored with it,
// and stays as it is where there is one of its name.
func TestRestoreOfALoginOfAnotherName(t *testing.T) {
	source := server(t, dir(t), nil)
	super := open(t, source.SuperuserURL("postgres"))
	super.MustExec(`create role "gauge-server" login createrole password '` + password + `'`)
	super.MustExec(`create database ` + database + ` owner "gauge-server"`)
	at := withLogin(t, source.SuperuserURL(database), "gauge-server")
	citygauge(t, at, "migrate", "--role-prefix="+prefix)
	citygauge(t, at, "apply", sample+"programme.yaml")
	citygauge(t, at, "import", sample+"thefts.csv")
	folder := filepath.Join(t.TempDir(), "monday")
	script(t, source, "backup.sh", folder, database, prefix)
	before := everything(t, source)

	target := server(t, dir(t), nil)
	script(t, target, "restore.sh", folder)
	if diff := cmp.Diff(before, everything(t, target)); diff != "" {
		t.Errorf("(-backed up +restored):\n%s", diff)
	}
	if out := citygauge(t, elsewhere(t, at, target), "import", sample+"thefts.csv", "--json"); !strings.Contains(out, `"unchanged":10`) {
		t.Errorf("the same file again: %s", out)
	}

	other := server(t, dir(t), nil)
	open(t, other.SuperuserURL("postgres")).MustExec(`create role "gauge-server" login password 'of-another-program'`)
	script(t, other, "restore.sh", folder)
	var roles []bool
	if err := open(t, other.SuperuserURL("postgres")).Select(&roles, `select rolcreaterole from pg_roles where rolname = 'gauge-server'`); err != nil || len(roles) != 1 || roles[0] {
		t.Errorf("the login that was there may make roles: %v (%v)", roles, err)
	}
}

// works makes sure that a restored installation does what it did: commands, and
// the login of a city that sees its own city and no other.
func works(t *testing.T, s *localpg.Server, at string) {
	t.Helper()
	if out := citygauge(t, at, "import", sample+"thefts.csv", "--json"); !strings.Contains(out, `"unchanged":10`) {
		t.Errorf("the same file again: %s", out)
	}
	if out := citygauge(t, at, "account", "list"); !strings.Contains(out, "ada@example.org") {
		t.Errorf("the accounts are %s", out)
	}
	city := open(t, withLogin(t, s.SuperuserURL(database), prefix+"_city_aldermoor"))
	var cities []string
	if err := city.Select(&cities, `select distinct city from report.observation`); err != nil || len(cities) != 1 || cities[0] != "aldermoor" {
		t.Errorf("Aldermoor's login sees %v (%v)", cities, err)
	}
}

// installation is a server with an installation in use, and the URL by which it
// is used.
func installation(t *testing.T, dir string, settings map[string]string) (s *localpg.Server, at string) {
	t.Helper()
	s = server(t, dir, settings)
	at, err := store.Bootstrap(t.Context(), s.SuperuserURL("postgres"), database, prefix)
	if err != nil {
		t.Fatal(err)
	}
	citygauge(t, at, "apply", sample+"programme.yaml")
	citygauge(t, at, "import", sample+"thefts.csv")
	citygauge(t, at, "account", "add", "ada@example.org", "--role=admin", "--generate")
	opened, err := store.Open(t.Context(), at, func(programme.City) programme.Date { return 0 }, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	if _, err := opened.CityLogin(t.Context(), "aldermoor", password); err != nil {
		t.Fatal(err)
	}
	return s, at
}

// everything is what an installation is: every row of every table, and who may
// do what.
func everything(t *testing.T, s *localpg.Server) map[string][]string {
	t.Helper()
	db := open(t, s.SuperuserURL(database))
	var tables []string
	if err := db.Select(&tables, `select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'citygauge' order by 1`); err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, table := range tables {
		var rows string
		if err := db.Get(&rows, `select count(*) || ' rows, ' || coalesce(md5(string_agg(t::text, e'\n' order by t::text)), '') from `+table+` t`); err != nil {
			t.Fatal(err)
		}
		all["tables"] = append(all["tables"], table+" "+rows)
	}
	for what, query := range map[string]string{
		"roles":     `select (rolname, rolcanlogin, rolsuper, rolcreaterole, rolinherit, rolbypassrls, rolconnlimit, rolpassword)::text from pg_authid where rolname like 'cgdrill%' order by 1`,
		"members":   `select roleid::regrole || ' ' || member::regrole from pg_auth_members where roleid::regrole::text like 'cgdrill%' order by 1`,
		"policies":  `select p::text from pg_policies p order by 1`,
		"relations": `select (oid::regclass, relowner::regrole, relacl, relrowsecurity, relforcerowsecurity)::text from pg_class where relnamespace in ('citygauge'::regnamespace, 'report'::regnamespace) order by 1`,
		"database":  `select (datname, datdba::regrole, datacl)::text from pg_database where datname = current_database()`,
		"functions": `select (oid::regprocedure, proowner::regrole, proacl, prosrc)::text from pg_proc where pronamespace = 'citygauge'::regnamespace order by 1`,
	} {
		var lines []string
		if err := db.Select(&lines, query); err != nil {
			t.Fatal(err)
		}
		if len(lines) == 0 {
			t.Fatalf("no %s to compare", what)
		}
		all[what] = lines
	}
	return all
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

// script runs one of the scripts at a server, as its superuser.
func script(t *testing.T, s *localpg.Server, name string, args ...string) {
	t.Helper()
	if said, err := run(t, s, "./"+name, args...); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, said)
	}
}

func run(t *testing.T, s *localpg.Server, name string, args ...string) (string, error) {
	t.Helper()
	host, port := s.Address()
	program := exec.CommandContext(t.Context(), name, args...)
	program.Env = append(os.Environ(), "PGHOST="+host, "PGPORT="+strconv.Itoa(port), "PGUSER=postgres", "PGPASSWORD="+secret(t, s))
	said, err := program.CombinedOutput()
	return string(said), err
}
