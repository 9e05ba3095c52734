package exposition

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A real Prometheus must find the cities, take the compressed members, and give
// back what was put in.
func TestPrometheusScrapes(t *testing.T) {
	server := httptest.NewServer(newLoadedView(t, sample()...).Handler())
	defer server.Close()
	prometheus := startPrometheus(t, fmt.Sprintf(`
global: {scrape_interval: 1s}
scrape_configs:
- job_name: all
  static_configs: [{targets: [%q]}]
- job_name: cities
  http_sd_configs: [{url: %q}]
`, strings.TrimPrefix(server.URL, "http://"), server.URL+"/sd"))
	for _, c := range []struct{ name, query, want string }{
		{"an indicator", `citygauge_indicator_measure{job="all",city="riverton",indicator="robberies",cohort="2025"}`, "754.264462809917"},
		{"the process, in the second member", `citygauge_uploads_total{job="all",outcome="applied"}`, "1"},
		{"a discovered city", `citygauge_indicator_pace_ratio{job="cities",instance="riverton",city="riverton",cohort="2024"}`, "1.34"},
		{"every city is up", `count(up{job="cities"} == 1)`, "3"},
		{"the status in words", `citygauge_indicator_status{job="all",indicator="robberies",cohort="2025",status="too-close"}`, "1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			got := ""
			for tick := time.NewTicker(100 * time.Millisecond); got != c.want; {
				select {
				case <-tick.C:
					got = query(t, prometheus, c.query)
				case <-ctx.Done():
					t.Fatalf("%s is %q after a minute, want %q", c.query, got, c.want)
				}
			}
		})
	}
}

var listening = regexp.MustCompile(`msg="Listening on".* address=(\S+)`)

// startPrometheus runs a Prometheus until the test ends, and returns its URL.
func startPrometheus(t *testing.T, config string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "prometheus.yml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	// Not t.Context(), which would end it before the cleanup.
	command := exec.CommandContext(context.WithoutCancel(t.Context()), program(t, "prometheus"),
		"--config.file="+file, "--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address=127.0.0.1:0")
	log, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	address := make(chan string, 1)
	drained := make(chan struct{})
	var said strings.Builder
	go func() {
		defer close(drained)
		defer close(address)
		for lines := bufio.NewScanner(log); lines.Scan(); {
			fmt.Fprintln(&said, lines.Text())
			if found := listening.FindStringSubmatch(lines.Text()); found != nil && len(address) == 0 {
				address <- found[1]
			}
		}
	}()
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		<-drained
		if err := command.Wait(); err != nil || t.Failed() {
			t.Errorf("prometheus ended with %v and said:\n%s", err, said.String())
		}
	})
	found, ok := <-address
	if !ok {
		t.Fatal("prometheus ended before it listened")
	}
	return "http://" + found
}

// query is the value of an instant query's only result, or nothing where there
// is not exactly one.
func query(t *testing.T, prometheus, expression string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, prometheus+"/api/v1/query?query="+url.QueryEscape(expression), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer http.DefaultClient.CloseIdleConnections()
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusServiceUnavailable {
		return "" // it listens before it is ready
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var result struct {
		Data struct {
			Result []struct {
				Value [2]any
			}
		}
	}
	if err := json.Unmarshal(body, &result); err != nil {
		t.Fatalf("%s: %v: %s", expression, err, body)
	}
	if len(result.Data.Result) != 1 {
		return ""
	}
	return fmt.Sprint(result.Data.Result[0].Value[1])
}
