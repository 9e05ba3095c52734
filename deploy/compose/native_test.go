package compose_test

import (
	"bufio"
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/citygauge/citygauge/internal/localpg"
	"github.com/citygauge/citygauge/internal/testprom"
)

// TestNatively starts what the compose file starts, with its commands, scripts,
// passwords and configuration, but without containers: the names of its
// services become addresses of this machine. Grafana is not among them.
func TestNatively(t *testing.T) {
	services := load(t).Services
	superuser := postgres(t)
	script(t, superuser, "postgres/citygauge.sh", services["postgres"].Environment)

	database := *superuser
	given, err := url.Parse(*services["citygauge"].Environment["CITYGAUGE_DATABASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	database.User, database.Path = given.User, given.Path
	metrics := serve(t, services["citygauge"].Command, database.String())

	script(t, superuser, "readers.sh", services["readers"].Environment)
	grafana := services["grafana"].Environment
	database.User = url.UserPassword(*grafana["CITYGAUGE_GRAFANA_DB_USER"], *grafana["CITYGAUGE_GRAFANA_DB_PASSWORD"])
	out, err := exec.CommandContext(t.Context(), "psql", database.String(), "--tuples-only", "--no-align", "--command", "select count(*) from report.standing").CombinedOutput()
	if err != nil || string(out) != "0\n" {
		t.Errorf("Grafana's login reads %q from the report (%v)", out, err)
	}

	prometheus := testprom.Start(t, prometheusConfig(t, metrics), t.TempDir())
	for end := time.Now().Add(time.Minute); prometheus.Query(t, `citygauge_database_up{job="citygauge"}`, time.Time{}) != "1"; {
		if time.Now().After(end) {
			t.Fatal("Prometheus does not scrape citygauge")
		}
	}
}

// postgres is a server of the test's own, by its superuser's address.
func postgres(t *testing.T) *url.URL {
	t.Helper()
	folder := t.TempDir()
	for _, open := range []string{filepath.Dir(folder), folder} { // for the user that Postgres runs as
		if err := os.Chmod(open, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	server, err := localpg.Start(t.Context(), localpg.Options{
		Dir: filepath.Join(folder, "postgres"), Settings: map[string]string{"fsync": "off"},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	at, err := url.Parse(server.SuperuserURL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// script runs a script with what a container has in its environment.
func script(t *testing.T, server *url.URL, path string, environment types.MappingWithEquals) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "/bin/sh", path)
	password, _ := server.User.Password()
	command.Env = append(os.Environ(), "PGHOST="+server.Query().Get("host"), "PGPORT="+server.Query().Get("port"),
		"POSTGRES_USER="+server.User.Username(), "PGPASSWORD="+password)
	for name, value := range environment {
		command.Env = append(command.Env, name+"="+*value)
	}
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", path, err, out)
	}
}

var metricsAt = regexp.MustCompile(`the metrics at http://(\S+)/metrics`)

// serve runs the server's command on free ports until the test ends, and
// answers with where its metrics are.
func serve(t *testing.T, command types.ShellCommand, database string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "citygauge")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../../cmd/citygauge").CombinedOutput(); err != nil {
		t.Fatalf("build citygauge: %v\n%s", err, out)
	}
	args := slices.Clone(command)
	for n, arg := range args {
		if strings.HasPrefix(arg, "0.0.0.0:") {
			args[n] = "127.0.0.1:0"
		}
	}
	server := exec.CommandContext(context.WithoutCancel(t.Context()), program, args...)
	server.Env = append(os.Environ(), "CITYGAUGE_DATABASE_URL="+database)
	talk, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	lines := bufio.NewScanner(talk)
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if m := metricsAt.FindStringSubmatch(lines.Text()); m != nil {
			drained := make(chan struct{})
			go func() {
				defer close(drained)
				for lines.Scan() { // so that it is never kept waiting
				}
			}()
			t.Cleanup(func() {
				_ = server.Process.Signal(syscall.SIGTERM)
				<-drained
				if err := server.Wait(); err != nil {
					t.Errorf("the server ended with %v", err)
				}
			})
			return m[1]
		}
	}
	t.Fatalf("the server ended (%v) and said:\n%s", server.Wait(), said.String())
	return ""
}

// prometheusConfig is the configuration of the container, for this machine.
func prometheusConfig(t *testing.T, metrics string) string {
	t.Helper()
	config, err := os.ReadFile("prometheus.yml")
	if err != nil {
		t.Fatal(err)
	}
	rules, err := filepath.Abs("../prometheus/rules/citygauge.yml")
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer("citygauge:9797", metrics, "rules/citygauge.yml", rules, "scrape_interval: 30s", "scrape_interval: 1s").Replace(string(config))
}
