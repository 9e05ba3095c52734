package dashboards

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/testnet"
	"github.com/citygauge/citygauge/internal/testprom"
)

const watchedCohort = "now"

// watched is an installation as of today, whose server is scraped. Its city has
// an indicator that goes the wrong way and is late once its observations came,
// one of which nothing came, and a source.
type watched struct {
	installation
	*testprom.Server
	network      *testnet.Proxy // between the server and its database
	site, token  string
	end          func() // ends the server
	day          programme.Date
	source       programme.Source
	observations string
}

func watch(t *testing.T) *watched {
	t.Helper()
	day := programme.DateIn(time.Now(), time.UTC)
	w := &watched{installation: install(t, day), day: day, source: sampleSource}
	w.source.Indicator, w.source.Schedule = "waits", "" // so that the server leaves it to the test
	w.apply(t, w.programme(), day)
	host, port := testdb.Server(t).Address()
	w.network = testnet.New(t, net.JoinHostPort(host, strconv.Itoa(port)))
	program, environment := w.program(t)
	run := func(args ...string) string {
		command := exec.CommandContext(t.Context(), program, args...)
		command.Env = environment
		out, err := command.Output()
		if err != nil {
			t.Fatalf("%v: %v", args, err)
		}
		return strings.TrimSpace(string(out))
	}
	run("account", "add", "admin@example.org", "--role=admin", "--generate")
	w.token = run("token", "add", "admin@example.org", "--title=test")
	metrics := w.serve(t, program, environment)
	w.Server = testprom.Start(t, fmt.Sprintf(`{global: {scrape_interval: 1s}, scrape_configs: [
		{job_name: citygauge, static_configs: [{targets: [%q]}]},
		{job_name: citygauge-process, metrics_path: /metrics/process, static_configs: [{targets: [%q]}]},
	]}`, metrics, metrics), t.TempDir())
	w.Await(t, `up{job="citygauge"}`, "1")
	w.Await(t, `up{job="citygauge-process"}`, "1")
	return w
}

// programme is a year that began 300 days ago. The indicator waits was observed
// until two months before the last whole one; of the next two values the first
// was due ten days ago, and the second is not due yet.
func (w *watched) programme() programme.Programme {
	p := sampleProgramme()
	cohort := programme.Cohort{ID: watchedCohort, Starts: w.day.AddDays(-300), Ends: w.day.AddDays(65)}
	late := programme.PeriodOf(programme.Monthly, w.day).Plus(-2)
	before := programme.PeriodOf(programme.Monthly, cohort.Starts).Plus(-1)
	p.Cohorts, p.Cities, p.Sources, p.Interventions = []programme.Cohort{cohort}, p.Cities[:1], []programme.Source{w.source}, nil
	p.Cities[0].Cohorts = []string{cohort.ID}
	waits := programme.Indicator{
		City: sampleCity, ID: "waits", Title: "Waiting times", Unit: "days", Kind: programme.Quantity, Direction: programme.Decrease,
		Measure: programme.Latest, Frequency: programme.Monthly, Lens: programme.Outcome, DueDays: w.day.Sub(late.Last()) - 10,
	}
	missing := waits
	missing.ID, missing.DueDays = "missing", 1
	p.Indicators, p.Targets = []programme.Indicator{waits, missing}, nil
	for _, i := range p.Indicators {
		p.Targets = append(p.Targets, programme.Target{
			City: sampleCity, Indicator: i.ID, Cohort: cohort.ID, Goal: programme.Goal{Value: 90, Form: programme.Absolute},
			Baseline: programme.Baseline{Value: 100, Period: programme.Range{From: before, To: before}},
		})
	}
	var csv strings.Builder
	csv.WriteString("indicator,period,value\n")
	for n, m := 0, before.Next(); m.Compare(late) < 0; n, m = n+1, m.Next() {
		fmt.Fprintf(&csv, "waits,%s,%d\n", m, 101+n)
	}
	w.observations = csv.String()
	return p
}

// program is the program, and the environment in which it finds the database.
func (w *watched) program(t *testing.T) (path string, environment []string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "citygauge")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, "../cmd/citygauge").CombinedOutput(); err != nil {
		t.Fatalf("build citygauge: %v\n%s", err, out)
	}
	at, err := url.Parse(w.db.URL)
	if err != nil {
		t.Fatal(err)
	}
	at.Host, at.RawQuery = w.network.Address(), "sslmode=disable"
	return path, append(os.Environ(), "CITYGAUGE_DATABASE_URL="+at.String())
}

var (
	siteAt    = regexp.MustCompile(`The site is at (http://\S+)/,`)
	metricsAt = regexp.MustCompile(`the metrics at http://(\S+)/metrics`)
)

// serve starts the server, and answers with where its metrics are.
func (w *watched) serve(t *testing.T, program string, environment []string) (metrics string) {
	t.Helper()
	server := exec.CommandContext(context.WithoutCancel(t.Context()), program, "serve", "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0")
	server.Env = environment
	talk, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	lines, said := bufio.NewScanner(talk), bytes.Buffer{}
	for metrics == "" && lines.Scan() {
		fmt.Fprintln(&said, lines.Text())
		if at := metricsAt.FindStringSubmatch(lines.Text()); at != nil {
			metrics, w.site = at[1], siteAt.FindStringSubmatch(lines.Text())[1]
		}
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		for lines.Scan() { // so that it is never kept waiting
		}
	}()
	ended := false
	w.end = func() {
		if !ended {
			ended = true
			_ = server.Process.Signal(syscall.SIGTERM)
			<-drained
			_ = server.Wait() // without a database it may end in many ways
		}
	}
	t.Cleanup(w.end)
	if metrics == "" {
		t.Fatalf("the server ended and said:\n%s", said.String())
	}
	return metrics
}

// post sends a file of the city, and wants an answer.
func (w *watched) post(t *testing.T, csv string, want int) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.site+"/api/v1/uploads?city="+sampleCity, strings.NewReader(csv))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+w.token)
	request.Header.Set("Content-Type", "text/csv")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != want {
		t.Fatalf("the answer is %s, want %d", response.Status, want)
	}
}
