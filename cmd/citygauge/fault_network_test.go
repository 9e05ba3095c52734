package main

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// slowly is how much longer everything takes on a slow network, each way.
const slowly = 20 * time.Millisecond

func TestFaultDatabaseIsDownAtStart(t *testing.T) {
	t.Parallel()
	f := farDatabase(t)
	f.Cut()
	for _, args := range [][]string{
		{"serve", "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0"},
		{"import", "testdata/files/thefts.csv"},
		{"apply", "testdata/files/programme.yaml"},
	} {
		f.runs(t, exitEnvironment, args...).says(t, "the database cannot be reached", "make sure that it runs, and that --database-url")
	}
	f.Mend()
	f.runs(t, exitDone, "apply", "testdata/files/programme.yaml")
	serving := f.serve(t)
	f.Cut()
	serving.await(t, http.StatusServiceUnavailable)
	f.Mend()
	serving.await(t, http.StatusOK)
	f.runs(t, exitDone, "import", "testdata/files/thefts.csv")
	serving.awaitShown(t, aldermoorValue+"80")
	f.whole(t, sampleRows, sampleRows)
	serving.says(t, "following the database failed", "the metrics shown agree with the database")
}

// sampleRows is how many observations testdata/files/thefts.csv has.
const sampleRows = 10

func TestFaultSlowNetwork(t *testing.T) {
	t.Parallel()
	f := farDatabase(t)
	f.Slow(slowly)
	f.runs(t, exitDone, "apply", "testdata/files/programme.yaml")
	serving := f.serve(t)
	f.runs(t, exitDone, "import", "testdata/files/thefts.csv")
	serving.awaitShown(t, aldermoorValue+"80")
	serving.await(t, http.StatusOK)
	f.whole(t, sampleRows, sampleRows)
}

// A network that swallows everything, and breaks no connection.
func TestFaultNetworkHangs(t *testing.T) {
	t.Parallel()
	f := farDatabase(t)
	programme, file := days(t, faultDays)
	f.runs(t, exitDone, "apply", programme)
	f.Slow(slowly)
	importing := start(t, nil, "import", f.flag, file)
	f.awaitCopy(t, importing)
	f.Stall()
	importing.signal(t, os.Interrupt)
	f.ends(t, importing, exitEnvironment)
	importing.says(t, "interrupted")
	f.Cut()
	f.Mend()
	f.awaitAlone(t)
	f.nothing(t)
	f.runs(t, exitDone, "import", file)
	f.whole(t, faultRows, faultRows)
}

// The connection breaks when COMMIT was sent: Postgres has it, and nobody is
// told.
func TestFaultCommitIsNotAnswered(t *testing.T) {
	t.Parallel()
	f := farDatabase(t)
	f.runs(t, exitDone, "apply", "testdata/files/programme.yaml")
	lost := f.LoseAnswer("update citygauge.upload set report", "COMMIT\x00")
	p := f.runs(t, exitEnvironment, "import", "testdata/files/thefts.csv")
	select {
	case <-lost:
	default:
		t.Fatal("the connection was not cut at COMMIT")
	}
	p.says(t, "nobody knows whether it did", "run the command again; nothing is taken in twice")
	f.whole(t, sampleRows, sampleRows)
	f.runs(t, exitDone, "import", "testdata/files/thefts.csv").says(t, "0 new")
	f.whole(t, sampleRows, sampleRows)
}

// It breaks before COMMIT was sent, and nothing of the file is there.
func TestFaultConnectionBreaksBeforeCommit(t *testing.T) {
	t.Parallel()
	f := farDatabase(t)
	f.runs(t, exitDone, "apply", "testdata/files/programme.yaml")
	lost := f.LoseAnswer("insert into citygauge.upload ", "update citygauge.upload set report")
	f.runs(t, exitEnvironment, "import", "testdata/files/thefts.csv").says(t, "run the command again; nothing is taken in twice")
	<-lost
	f.awaitAlone(t)
	f.nothing(t)
	f.runs(t, exitDone, "import", "testdata/files/thefts.csv")
	f.whole(t, sampleRows, sampleRows)
}

// A change is seen within 30 seconds although nobody hears of it.
func TestFaultNotificationsAreLost(t *testing.T) {
	t.Parallel()
	f := farDatabase(t)
	f.runs(t, exitDone, "apply", "testdata/files/programme.yaml")
	f.runs(t, exitDone, "import", "testdata/files/thefts.csv")
	f.Deafen()
	serving := f.serve(t)
	serving.awaitShown(t, aldermoorValue+"80")
	// It listens, and has looked once since.
	await(t, "the server listens", func() bool {
		return f.count(t, `pg_stat_activity where datname = current_database() and query ilike 'listen%'`) == 1
	})
	agreed := serving.agreed(t)
	await(t, "it looks once more", func() bool { return serving.agreed(t) != agreed })
	succeed(t, "import", f.near, aldermoorHas(t, "95"))
	serving.awaitShown(t, aldermoorValue+"95")
	f.whole(t, sampleRows, sampleRows+1)
}

// agreed is when the metrics shown last agreed with the database.
func (w *watched) agreed(t *testing.T) string {
	t.Helper()
	_, text := get(t, w.client, w.metrics+"/metrics/process")
	return regexp.MustCompile(`(?m)^citygauge_snapshot_timestamp_seconds .*$`).FindString(text)
}

// A newer program has changed the schema while this one serves.
func TestFaultNewerSchema(t *testing.T) {
	t.Parallel()
	f := farDatabase(t)
	f.runs(t, exitDone, "apply", "testdata/files/programme.yaml")
	f.runs(t, exitDone, "import", "testdata/files/thefts.csv")
	serving := f.serve(t)
	if _, err := f.Exec(`insert into citygauge.schema_version (version_id, is_applied) values (99999, true)`); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"serve", "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0"},
		{"import", aldermoorHas(t, "95")},
		{"migrate"},
	} {
		f.runs(t, exitEnvironment, args...).says(t, "its schema has version 99999", "use the newer program")
	}
	// One that serves already goes on: schemas only gain.
	if _, err := f.Exec(`
		update citygauge.observation set value = 96 where value = 80;
		update citygauge.city_state set generation = generation + 1;
		notify citygauge`); err != nil {
		t.Fatal(err)
	}
	serving.awaitShown(t, aldermoorValue+"96")
	serving.await(t, http.StatusOK)
	if told := serving.talk.String(); strings.Contains(told, "level=ERROR") {
		t.Errorf("it complains:\n%s", told)
	}
}

// awaitAlone waits until Postgres has noticed that the programs are gone.
func (s sight) awaitAlone(t *testing.T) {
	t.Helper()
	await(t, "Postgres notices that they are gone", func() bool {
		return s.count(t, `pg_stat_activity where application_name = 'citygauge' and datname = current_database()`) == 0
	})
}
