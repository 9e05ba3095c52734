package demo

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func startGrafana(t *testing.T) (*Process, run) {
	t.Helper()
	process, err := Grafana(t.Context(), sampleOptions(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(process.Stop)
	var started run
	if err := json.Unmarshal(get(t, process.URL+"/run"), &started); err != nil {
		t.Fatal(err)
	}
	return process, started
}

func TestGrafanaIsProvisionedAndKeptPrivate(t *testing.T) {
	home := installFakeGrafana(t, wellBehaved)
	t.Setenv("GF_SERVER_HTTP_ADDR", "0.0.0.0")
	t.Setenv("CITYGAUGE_DATABASE_URL", "postgres://secret")
	process, started := startGrafana(t)
	folder := filepath.Dir(process.Log)

	if process.Name != "Grafana" || !strings.HasPrefix(process.URL, "http://127.0.0.1:") {
		t.Errorf("%s is at %s", process.Name, process.URL)
	}
	if want := []string{"server", "--homepath=" + home, "--config=" + filepath.Join(folder, "grafana.ini")}; !slices.Equal(started.Args, want) {
		t.Errorf("arguments %q, not %q", started.Args, want)
	}
	for _, want := range []string{
		"CITYGAUGE_GRAFANA_DB_HOST=127.0.0.1:5432",
		"CITYGAUGE_GRAFANA_DB_NAME=demo",
		"CITYGAUGE_GRAFANA_DB_USER=reader",
		"CITYGAUGE_GRAFANA_DB_PASSWORD=secret",
		"CITYGAUGE_GRAFANA_DB_SSLMODE=disable",
		"CITYGAUGE_PROMETHEUS_URL=http://127.0.0.1:9090",
		"CITYGAUGE_DASHBOARDS=" + filepath.Join(folder, "dashboards"),
		"GF_PATHS_PROVISIONING=" + filepath.Join(folder, "provisioning"),
		"GF_SERVER_HTTP_ADDR=127.0.0.1",
		"GF_AUTH_ANONYMOUS_ORG_ROLE=Viewer",
		"GF_ANALYTICS_REPORTING_ENABLED=false",
		"GF_ANALYTICS_CHECK_FOR_UPDATES=false",
		"GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES=false",
		"GF_NEWS_NEWS_FEED_ENABLED=false",
		"GF_PLUGINS_PREINSTALL_DISABLED=true",
		"GF_DATE_FORMATS_INTERVAL_DAY=D MMM",
	} {
		if !slices.Contains(started.Env, want) {
			t.Errorf("the environment lacks %s", want)
		}
	}
	for _, setting := range started.Env {
		if strings.HasPrefix(setting, "CITYGAUGE_DATABASE_URL=") || setting == "GF_SERVER_HTTP_ADDR=0.0.0.0" {
			t.Errorf("our environment reached it: %s", setting)
		}
	}
	for path, want := range map[string]string{"provisioning/datasources/citygauge.yaml": "apiVersion: 1\n", "dashboards/city.json": "{}"} {
		content, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil || string(content) != want {
			t.Errorf("%s holds %q (%v), not %q", path, content, err, want)
		}
	}
}

func TestGrafanaStartsAgainInItsFolder(t *testing.T) {
	installFakeGrafana(t, wellBehaved)
	options := sampleOptions(t.TempDir())
	for _, name := range []string{"old.json", "new.json"} {
		options.Dashboards = fstest.MapFS{name: {Data: []byte("{}")}}
		process, err := Grafana(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		process.Stop()
	}
	entries, err := os.ReadDir(filepath.Join(options.Folder, "dashboards"))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || entries[0].Name() != "new.json" {
		t.Errorf("the dashboards are %v, not new.json alone", entries)
	}
}

func TestGrafanaFromAPackageIsRunWithoutItsScript(t *testing.T) {
	home := installFakeGrafana(t, wellBehaved)
	scripts := t.TempDir()
	script := filepath.Join(scripts, "grafana-server")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nexit 5\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", scripts)
	t.Setenv("GRAFANA_HOME", home)
	_, started := startGrafana(t)
	if started.Args[0] != "server" {
		t.Errorf("%s was called with %q, which lacks server", fakeGrafana, started.Args)
	}
}

func TestNotInstalled(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Grafana(t.Context(), sampleOptions(t.TempDir())); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("without Grafana the error is %v", err)
	}
	if _, err := Prometheus(t.Context(), t.TempDir(), "127.0.0.1:1", nil); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("without Prometheus the error is %v", err)
	}
}

func TestGrafanaWithoutAHomeSaysWhatToDo(t *testing.T) {
	home := installFakeGrafana(t, wellBehaved)
	if err := os.RemoveAll(filepath.Join(home, "conf")); err != nil {
		t.Fatal(err)
	}
	_, err := grafanaHome(filepath.Join(home, "bin", fakeGrafana), []string{filepath.Join(home, "nowhere")})
	if err == nil || !strings.Contains(err.Error(), "GRAFANA_HOME") {
		t.Errorf("the error is %v", err)
	}
}
