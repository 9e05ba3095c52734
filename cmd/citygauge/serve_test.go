package main

import (
	"context"
	"crypto/tls"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/testdb"
)

// server is citygauge serve in this process.
type server struct {
	*program
	client        *http.Client
	site, metrics string // URLs
	interrupt     context.CancelFunc
}

// serve starts one, on free ports. It ends with the test at the latest.
func serve(t *testing.T, trust *tls.Config, args ...string) *server {
	t.Helper()
	ctx, interrupt := context.WithCancel(context.Background())
	s := &server{program: newProgram(), client: newClient(t, trust), interrupt: interrupt}
	args = append([]string{"serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"}, args...)
	go func() { s.end(run(ctx, args, streams{strings.NewReader(""), &s.out, &s.talk})) }()
	t.Cleanup(func() {
		interrupt()
		s.awaitEnd(t)
	})
	urls := s.awaitWords(t, `The site is at (.*)/, the metrics at (.*)/metrics\.`)
	s.site, s.metrics = urls[1], urls[2]
	return s
}

// awaitMetric waits until the metrics have a line.
func (s *server) awaitMetric(t *testing.T, line string) {
	t.Helper()
	await(t, line, func() bool {
		_, text := get(t, s.client, s.metrics+"/metrics")
		return strings.Contains(text, "\n"+line+"\n")
	})
}

// sampleDatabase is a database in which the programme of testdata/files is
// applied and its observations are imported, as a flag.
func sampleDatabase(t *testing.T) (flag string) {
	t.Helper()
	flag = "--database-url=" + testdb.New(t).URL
	succeed(t, "apply", flag, "testdata/files/programme.yaml")
	succeed(t, "import", flag, "testdata/files/thefts.csv")
	return flag
}

// aldermoorHas writes a file that gives Aldermoor's first quarter a value.
func aldermoorHas(t *testing.T, value string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "correction.csv")
	if err := os.WriteFile(path, []byte("city,indicator,period,value\naldermoor,thefts,2025-Q1,"+value+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const aldermoorValue = `citygauge_indicator_value{city="aldermoor",indicator="thefts"} `

func TestServersShowAnImportAtOnce(t *testing.T) {
	database := sampleDatabase(t)
	first, second := serve(t, nil, database), serve(t, nil, database)
	first.awaitMetric(t, aldermoorValue+"80")
	second.awaitMetric(t, aldermoorValue+"80")

	succeed(t, "import", database, aldermoorHas(t, "95"))
	imported := time.Now()
	first.awaitMetric(t, aldermoorValue+"95")
	shown := time.Since(imported)
	t.Logf("shown %v after the import had ended", shown.Round(time.Millisecond))
	if shown > 5*time.Second { // a second on a machine that is not busy
		t.Errorf("shown only after %v", shown)
	}
	second.awaitMetric(t, aldermoorValue+"95")

	// One of them ends in order, and the other goes on.
	first.interrupt()
	if status := first.awaitEnd(t); status != exitDone {
		t.Errorf("exit status %d:\n%s", status, &first.talk)
	}
	for _, url := range []string{first.site, first.metrics} {
		if !refuses(strings.TrimPrefix(url, "http://")) {
			t.Errorf("%s still answers", url)
		}
	}
	succeed(t, "import", database, aldermoorHas(t, "90"))
	second.awaitMetric(t, aldermoorValue+"90")
}
