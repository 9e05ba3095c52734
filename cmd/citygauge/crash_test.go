package main

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/localpg"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/upload"
)

// A long file: so many cities with so many indicators, each with a value for
// so many days.
const (
	longCities, longIndicators, longDays = 20, 5, 3000
	longRows                             = longCities * longIndicators * longDays
)

func TestKilledImportLeavesNothing(t *testing.T) {
	db := testdb.New(t)
	url := "--database-url=" + db.URL
	programme, file := long(t)
	succeed(t, "apply", url, programme)
	sight := look(t, db.Superuser)
	importing := start(t, nil, "import", url, file)
	sight.awaitCopy(t, importing)
	importing.kill(t)
	await(t, "Postgres notices it", func() bool {
		return sight.count(t, `pg_stat_activity where datname = current_database() and application_name = 'citygauge'`) == 0
	})

	sight.nothing(t)
	status, out, talk := finish(t, "export", "observations", url)
	if status != exitDone || strings.Count(out, "\n") != 1 {
		t.Errorf("exit status %d, want an export without rows:\n%.300s%s", status, out, talk)
	}
	status, out, talk = finish(t, "import", "--json", url, file)
	var report upload.Report
	if err := json.Unmarshal([]byte(out[:max(0, strings.Index(out, `,"changes"`))]+"}"), &report); err != nil || status != exitDone {
		t.Fatalf("exit status %d, %v:\n%.300s%s", status, err, out, talk)
	}
	if want := (upload.Counts{Rows: longRows, New: longRows}); report.Counts != want {
		t.Errorf("counts %+v, want %+v", report.Counts, want)
	}
	if n := sight.count(t, "citygauge.observation_revision"); n != longRows {
		t.Errorf("%d revisions, want %d", n, longRows)
	}
}

func TestInterruptedImportLeavesNothing(t *testing.T) {
	db := testdb.New(t)
	url := "--database-url=" + db.URL
	programme, file := long(t)
	succeed(t, "apply", url, programme)
	sight := look(t, db.Superuser)
	importing := start(t, nil, "import", url, file)
	sight.awaitCopy(t, importing)
	importing.signal(t, os.Interrupt)
	if status := importing.awaitEnd(t); status != exitEnvironment || !strings.Contains(importing.talk.String(), "citygauge: interrupted: ") {
		t.Errorf("exit status %d:\n%s", status, &importing.talk)
	}
	sight.nothing(t)
}

func TestImportOutlivesItsPostgres(t *testing.T) {
	dir := filepath.Join(enterable(t), "data")
	data := "--data-dir=" + dir
	programme, file := long(t)
	if status, _, talk := finish(t, "apply", data, programme); status != exitDone {
		t.Fatalf("exit status %d:\n%s", status, talk)
	}
	sight := lookInto(t, dir)
	importing := start(t, nil, "import", data, file)
	sight.awaitCopy(t, importing)
	killed, _ := postmaster(t, dir)
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if status := importing.awaitEnd(t); status != exitEnvironment {
		t.Errorf("exit status %d, want %d", status, exitEnvironment)
	}
	if talk := importing.talk.String(); !strings.Contains(talk, "the database") || !strings.Contains(talk, "run the command again") {
		t.Errorf("it does not say what happened and what to do:\n%s", talk)
	}

	// The next command starts it again.
	status, out, talk := finish(t, "export", "observations", data)
	if status != exitDone || strings.Count(out, "\n") != 1 {
		t.Errorf("exit status %d, want an export without rows:\n%.300s%s", status, out, talk)
	}
	lookInto(t, dir).nothing(t)
}

func TestServerOfKilledServeIsAdopted(t *testing.T) {
	dir := filepath.Join(enterable(t), "data")
	data := "--data-dir=" + dir
	serving := start(t, nil, "serve", data, "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0")
	serving.awaitWords(t, `The site is at`)
	before, address := postmaster(t, dir)
	serving.kill(t)
	if refuses(address) {
		t.Fatal("Postgres did not outlive serve: there is nothing to adopt")
	}
	status, _, talk := finish(t, "apply", data, "--log-level=INFO", "testdata/files/programme.yaml")
	if status != exitDone || strings.Contains(talk, "starting the private Postgres") || !strings.Contains(talk, "stopped the private Postgres") {
		t.Errorf("exit status %d; the server that ran was to be used and stopped:\n%s", status, talk)
	}
	if now, _ := postmaster(t, dir); now != 0 || !refuses(address) {
		t.Errorf("Postgres, which was process %d, is still running as %d, or answering at %s", before, now, address)
	}
}

func TestServeStartsItsKilledPostgresAgain(t *testing.T) {
	dir := filepath.Join(enterable(t), "data")
	data := "--data-dir=" + dir
	serving := start(t, nil, "serve", data, "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0")
	metrics := serving.awaitWords(t, `the metrics at (.*)/metrics\.`)[1]
	client := newClient(t, nil)
	ready := func() bool {
		status, _ := get(t, client, metrics+"/-/ready")
		return status == http.StatusOK
	}
	await(t, "the server is ready", ready)
	if status, _, talk := finish(t, "apply", data, "testdata/files/programme.yaml"); status != exitDone {
		t.Fatalf("exit status %d:\n%s", status, talk)
	}
	for _, value := range []string{"95", "90"} {
		killed, _ := postmaster(t, dir)
		if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		await(t, "another Postgres runs", func() bool {
			pid, _ := postmaster(t, dir)
			return pid != 0 && pid != killed
		})
		await(t, "the server is ready again", ready)
		if status, _, talk := finish(t, "import", data, aldermoorHas(t, value)); status != exitDone {
			t.Fatalf("exit status %d:\n%s", status, talk)
		}
		await(t, "what was imported is shown", func() bool {
			_, text := get(t, client, metrics+"/metrics")
			return strings.Contains(text, "\n"+aldermoorValue+value+"\n")
		})
	}
	serving.signal(t, os.Interrupt)
	if status := serving.awaitEnd(t); status != exitDone {
		t.Errorf("exit status %d:\n%s", status, &serving.talk)
	}
	if pid, _ := postmaster(t, dir); pid != 0 {
		t.Errorf("Postgres still runs as %d", pid)
	}
	for _, told := range []string{"does not answer: starting it again", "answers again"} {
		if strings.Count(serving.talk.String(), told) != 2 {
			t.Errorf("the log does not say twice %q:\n%s", told, &serving.talk)
		}
	}
}

// long writes a programme and its long file of observations.
func long(t *testing.T) (programme, file string) { return days(t, longDays) }

// days writes a long file of so many days.
func days(t *testing.T, longDays int) (programme, file string) {
	t.Helper()
	var text strings.Builder
	text.WriteString("cohorts:\n  - {id: 2025, starts: 2025-01-01, ends: 2025-12-31}\ncities:\n")
	for c := range longCities {
		fmt.Fprintf(&text, "  - {id: city-%02d, name: City %d, country: US, population: 100000}\n", c, c)
	}
	text.WriteString("indicators:\n")
	for i := range longIndicators {
		fmt.Fprintf(&text, "  - {city: \"*\", id: indicator-%d, title: Indicator %d, unit: things, frequency: daily, direction: decrease}\n", i, i)
	}
	dir := t.TempDir()
	programme, file = filepath.Join(dir, "programme.yaml"), filepath.Join(dir, "long.csv")
	if err := os.WriteFile(programme, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	w.WriteString("city,indicator,period,value\n")
	first := time.Date(2015, time.January, 1, 0, 0, 0, 0, time.UTC)
	for n := range longCities * longIndicators * longDays {
		series, day := n/longDays, n%longDays
		fmt.Fprintf(w, "city-%02d,indicator-%d,%s,%d\n", series/longIndicators, series%longIndicators, first.AddDate(0, 0, day).Format(time.DateOnly), n%977)
	}
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return programme, file
}

// sight is a look at a database that sees everything.
type sight struct{ *sql.DB }

func look(t *testing.T, superuser string) sight {
	t.Helper()
	db, err := sql.Open("postgres", superuser)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return sight{db}
}

// lookInto looks into a data directory, whose Postgres runs until the test ends
// or it is killed.
func lookInto(t *testing.T, dir string) sight {
	t.Helper()
	server, err := localpg.Start(t.Context(), localpg.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return look(t, server.SuperuserURL(databaseName))
}

func (s sight) count(t *testing.T, from string) (n int) {
	t.Helper()
	if err := s.QueryRow("select count(*) from " + from).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// awaitCopy waits until an import is copying its rows.
func (s sight) awaitCopy(t *testing.T, importing *process) {
	t.Helper()
	await(t, "the rows are being copied", func() bool {
		if importing.hasEnded() {
			t.Fatalf("the import was over too early:\n%s%s", &importing.out, &importing.talk)
		}
		return s.count(t, `pg_stat_progress_copy where datname = current_database() and tuples_processed > 1000`) > 0
	})
}

// nothing makes sure that nothing of any import is there.
func (s sight) nothing(t *testing.T) {
	t.Helper()
	for _, table := range []string{"observation", "observation_revision", "upload", "upload_file"} {
		if n := s.count(t, "citygauge."+table); n != 0 {
			t.Errorf("%s has %d rows", table, n)
		}
	}
}

// postmaster is the process of the Postgres in a data directory, and where it
// listens; 0 if none runs.
func postmaster(t *testing.T, dir string) (pid int, address string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "postgres", "postmaster.pid"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, ""
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	if len(lines) < 6 { // it is being written
		return 0, ""
	}
	if pid, err = strconv.Atoi(lines[0]); err != nil {
		t.Fatal(err)
	}
	return pid, net.JoinHostPort(lines[5], lines[3])
}
