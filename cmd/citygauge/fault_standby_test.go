package main

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// Postgres comes back as a standby, as after a failover that went the other way,
// and is promoted.
func TestFaultDatabaseIsAStandby(t *testing.T) {
	t.Parallel()
	o := newOwnPostgres(t, enterable(t))
	o.runs(t, exitDone, "apply", "testdata/files/programme.yaml")
	serving := o.serve(t)
	o.stop(t)
	if err := os.WriteFile(filepath.Join(o.dir, "postgres", "standby.signal"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	o.start(t)
	const told = "it is a standby, which only reads, so name the primary in its URL"
	for _, args := range [][]string{
		{"serve", "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0"},
		{"import", "testdata/files/thefts.csv"},
		{"apply", "testdata/files/programme.yaml"},
		{"doctor"},
	} {
		o.runs(t, exitEnvironment, args...).says(t, told)
	}
	serving.await(t, http.StatusServiceUnavailable)
	if _, err := o.Exec("select pg_promote()"); err != nil {
		t.Fatal(err)
	}
	serving.await(t, http.StatusOK)
	o.runs(t, exitDone, "import", "testdata/files/thefts.csv")
	serving.awaitShown(t, aldermoorValue+"80")
	o.whole(t, sampleRows, sampleRows)
}
