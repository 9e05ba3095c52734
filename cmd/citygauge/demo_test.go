package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The whole demo, as a person starts it who has a Prometheus and no Grafana.
func TestDemo(t *testing.T) {
	temporary := enterable(t)
	path := withPrometheusAlone(t)
	began := time.Now()
	demo := start(t, []string{"PATH=" + path, "TMPDIR=" + temporary}, "demo", "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0")
	welcome := demo.awaitWords(t, `(?s)The demo is running.*Cities +(\S+)/\n.*Grafana.*Metrics +(\S+)/metrics\n.*Prometheus +(\S+)/\n.*with the password (\S+)\n.*--data-dir (\S+) FILE.*Ctrl-C stops everything\.\n`)
	t.Logf("started within %v", time.Since(began).Round(time.Millisecond))
	site, metrics, prometheus, password, data := welcome[1], welcome[2], welcome[3], welcome[4], welcome[5]
	_, postgres := postmaster(t, data)

	client := newClient(t, nil)
	const cohort = 40
	await(t, "the metrics have the sample cohort", func() bool {
		_, text := get(t, client, metrics+"/metrics")
		return strings.Count(text, "\ncitygauge_city_info{") >= cohort
	})
	for name, want := range map[string]string{
		"aide@demo.example": "/cities/aldermoor", "mayor@demo.example": "/cities/aldermoor", "faculty@demo.example": "/compare", "admin@demo.example": "/cities",
	} {
		if _, led := signedIn(t, site, name, password); led != want {
			t.Errorf("%s is led to %s, want %s", name, led, want)
		}
	}
	admin, _ := signedIn(t, site, "admin@demo.example", password)
	if _, page := get(t, admin, site+"/cities"); strings.Count(page, `<h2><a href="/cities/`) != cohort {
		t.Errorf("the site does not show every city:\n%.1000s", page)
	}
	await(t, "Prometheus answers a query with the sample cohort", func() bool {
		return answer(t, client, prometheus, `count(citygauge_city_info)`) == "40"
	})
	await(t, "Prometheus has applied the rules", func() bool {
		return answer(t, client, prometheus, `sum(cohort_status:citygauge_indicator_status:sum) > 0`) != ""
	})
	if status, out, talk := finish(t, "doctor", "--data-dir="+data, "--metrics="+metrics, "--prometheus="+prometheus); status != exitDone || !strings.Contains(out, "it scraped citygauge") {
		t.Errorf("doctor: exit status %d\n%s%s", status, out, talk)
	}
	// A file can be imported meanwhile, as the welcome says.
	file := filepath.Join(t.TempDir(), "unknown.csv")
	if err := os.WriteFile(file, []byte("city,indicator,period,value\nnowhere,nothing,2025,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, out, talk := finish(t, "import", "--data-dir="+data, file); status != exitRefused || !strings.Contains(out, "[unknown-city]") {
		t.Errorf("import into the demo: exit status %d\n%s%s", status, out, talk)
	}

	demo.signal(t, os.Interrupt)
	if status := demo.awaitEnd(t); status != exitDone {
		t.Errorf("exit status %d:\n%s", status, &demo.talk)
	}
	for _, at := range []string{site, metrics, prometheus, "http://" + postgres} {
		if !refuses(strings.TrimPrefix(at, "http://")) {
			t.Errorf("something is still running at %s", at)
		}
	}
	if err := syscall.Kill(-demo.cmd.Process.Pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("its group of processes is still there: %v", err)
	}
	left, err := os.ReadDir(temporary)
	if err != nil || len(left) > 0 {
		t.Errorf("it left %v behind (%v)", left, err)
	}
}

func TestDemoWithWebConfig(t *testing.T) {
	config, trust := protected(t, "someone", "sesame")
	demo := start(t, []string{"PATH=" + withPrometheusAlone(t), "TMPDIR=" + enterable(t)},
		"demo", "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0", "--web-config="+config)
	welcome := demo.awaitWords(t, `Metrics +(https://\S+/metrics)\n +Prometheus +not started: .*\n(?s:.*)Ctrl-C stops everything\.\n`)
	await(t, "the metrics ask who one is", func() bool {
		status, _ := get(t, newClient(t, trust), welcome[1])
		return status == http.StatusUnauthorized
	})
	demo.signal(t, os.Interrupt)
	if status := demo.awaitEnd(t); status != exitDone {
		t.Errorf("exit status %d:\n%s", status, &demo.talk)
	}
}

// withPrometheusAlone is a PATH on which there is a Prometheus, and whatever
// else is on the present one, but no Grafana.
func withPrometheusAlone(t *testing.T) string {
	t.Helper()
	prometheus, err := exec.LookPath("prometheus")
	if err != nil {
		t.Fatalf("a real Prometheus is needed: %v", err)
	}
	alone := t.TempDir()
	if err := os.Symlink(prometheus, filepath.Join(alone, "prometheus")); err != nil {
		t.Fatal(err)
	}
	path := []string{alone}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if found, err := filepath.Glob(filepath.Join(dir, "grafana*")); err == nil && len(found) == 0 {
			path = append(path, dir)
		}
	}
	return strings.Join(path, string(filepath.ListSeparator))
}

// answer is the single value with which Prometheus answers a query, or nothing.
func answer(t *testing.T, client *http.Client, prometheus, query string) string {
	t.Helper()
	var found struct {
		Data struct {
			Result []struct {
				Value [2]any `json:"value"` // when, and what
			} `json:"result"`
		} `json:"data"`
	}
	status, text := get(t, client, prometheus+"/api/v1/query?query="+url.QueryEscape(query))
	if err := json.Unmarshal([]byte(text), &found); err != nil || status != http.StatusOK {
		t.Fatalf("status %d, %v:\n%s", status, err, text)
	}
	if len(found.Data.Result) != 1 {
		return ""
	}
	value, _ := found.Data.Result[0].Value[1].(string)
	return value
}
