package main

import (
	"database/sql"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/testgolden"
	"github.com/citygauge/citygauge/internal/testgrafana"
)

// Each script is a session at a terminal that shows one promise. It finds the
// files of testdata/files, a migrated database of its own in
// CITYGAUGE_DATABASE_URL, an address at which something else listens in TAKEN,
// a Grafana in GRAFANA, and beside the usual commands:
//
//	exits STATUS COMMAND…   runs a command that must end with this status
//	unmigrate               takes the schema out of the database again
//	workbook FILE CSV…      makes a workbook with a sheet for each CSV file
//
// Lines for a Citus alone, or for all else, begin with [citus] or [!citus].
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata", Setup: setUp, UpdateScripts: testgolden.Updating(), RequireExplicitExec: true, RequireUniqueNames: true,
		Condition: condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":          exits,
			"workbook":       workbook,
			"unmigrate":      does("drop schema citygauge, report cascade"),
			"unguard":        does("alter table citygauge.observation no force row level security", "update citygauge.city_state set judged_on = '2020-01-01'"),
			"await_sources":  does("insert into citygauge.source_state (city_id, source_id, due_at, up) values (1, 1, '2020-01-01', false)"),
			"gather":         does("select undistribute_table('citygauge.trajectory')", "select create_reference_table('citygauge.session')"),
			"newer":          does("insert into citygauge.schema_version (version_id, is_applied) values (99999, true)"),
			"other_formulas": does("update citygauge.assessment_revision set formulas = 99"),
		},
	})
}

// superuser is the key of the superuser's URL among a script's values.
type superuser struct{}

func setUp(e *testscript.Env) error {
	// The user that Postgres runs as must be able to enter a data directory in
	// it, where the tests are run by root.
	for _, dir := range []string{e.WorkDir, filepath.Dir(e.WorkDir)} {
		if err := os.Chmod(dir, 0o755); err != nil {
			return err
		}
	}
	if err := os.CopyFS(e.WorkDir, os.DirFS("testdata/files")); err != nil {
		return err
	}
	db := testdb.New(e.T().(testing.TB))
	e.Values[superuser{}] = db.Superuser
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	e.Defer(func() { taken.Close() })
	e.Setenv("CITYGAUGE_DATABASE_URL", db.URL)
	e.Setenv("GRAFANA", testgrafana.New(e.T().(testing.TB)).URL)
	e.Setenv("TAKEN", taken.Addr().String())
	return nil
}

func condition(name string) (bool, error) {
	if name != "citus" {
		return false, errors.New("there is no condition " + name)
	}
	return testdb.OnCitus(), nil
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		ended, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = ended.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// does is a command of scripts that changes the database behind the program's
// back.
func does(statements ...string) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) > 0 {
			ts.Fatalf("the command takes no arguments")
		}
		db, err := sql.Open("postgres", ts.Value(superuser{}).(string))
		ts.Check(err)
		defer db.Close()
		for _, statement := range statements {
			_, err = db.Exec(statement)
			ts.Check(err)
		}
	}
}
