package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/fstest"
)

const (
	fakeGrafana   = "grafana"
	fakeCitygauge = "citygauge"
)

// The ways in which the fake Grafana behaves, written in its defaults.ini.
const (
	wellBehaved = ""
	failing     = "ends before it is ready"
	unready     = "never becomes ready"
	deaf        = "does not listen to SIGTERM"
	parent      = "has a deaf child"
)

// run is what the fake Grafana was started with; it answers it at /run.
type run struct {
	Args, Env []string
	Dir       string
	Pid       int
	Child     string // the address on which its child listens
}

// playGrafana listens where Grafana would and is unhealthy at first.
func playGrafana() {
	me := run{Args: os.Args[1:], Env: os.Environ(), Pid: os.Getpid()}
	me.Dir, _ = os.Getwd()
	manner := ""
	for _, arg := range me.Args {
		if home, ok := strings.CutPrefix(arg, "--homepath="); ok {
			content, err := os.ReadFile(filepath.Join(home, "conf", "defaults.ini"))
			if err != nil {
				panic(err)
			}
			manner = string(content)
		}
	}
	address := net.JoinHostPort(os.Getenv("GF_SERVER_HTTP_ADDR"), os.Getenv("GF_SERVER_HTTP_PORT"))
	switch manner {
	case failing:
		fmt.Println("the database is locked")
		os.Exit(3)
	case deaf:
		signal.Ignore(syscall.SIGTERM)
	case parent:
		me.Child = bearChild(filepath.Join(me.Dir, "child"))
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		panic(err)
	}
	var asked atomic.Int32
	http.HandleFunc("/api/health", func(w http.ResponseWriter, _ *http.Request) {
		if manner == unready || asked.Add(1) < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	http.HandleFunc("/run", func(w http.ResponseWriter, _ *http.Request) {
		if err := json.NewEncoder(w).Encode(me); err != nil {
			panic(err)
		}
	})
	http.HandleFunc("/end", func(http.ResponseWriter, *http.Request) {
		fmt.Println("out of memory")
		os.Exit(4)
	})
	panic(http.Serve(listener, nil)) //nolint:gosec // ends with the test
}

// bearChild starts another, deaf fake Grafana with its home in a folder, and
// returns where it listens.
func bearChild(home string) string {
	if err := os.MkdirAll(filepath.Join(home, "conf"), 0o755); err != nil {
		panic(err)
	}
	if err := os.WriteFile(filepath.Join(home, "conf", "defaults.ini"), []byte(deaf), 0o600); err != nil {
		panic(err)
	}
	port, err := freePort()
	if err != nil {
		panic(err)
	}
	child := exec.Command(os.Args[0], "--homepath="+home)
	child.Env = append(os.Environ(), "GF_SERVER_HTTP_PORT="+strconv.Itoa(port))
	if err := child.Start(); err != nil {
		panic(err)
	}
	return net.JoinHostPort(loopback, strconv.Itoa(port))
}

// installFakeGrafana makes a fake Grafana the one on PATH, and returns its
// home.
func installFakeGrafana(t *testing.T, manner string) string {
	t.Helper()
	home := t.TempDir()
	if err := os.MkdirAll(filepath.Join(home, "conf"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "conf", "defaults.ini"), []byte(manner), 0o600); err != nil {
		t.Fatal(err)
	}
	callMyself(t, filepath.Join(home, "bin"), fakeGrafana)
	t.Setenv("PATH", filepath.Join(home, "bin"))
	t.Setenv("GRAFANA_HOME", "")
	return home
}

// sampleOptions provision a Grafana in a folder of its own.
func sampleOptions(folder string) GrafanaOptions {
	return GrafanaOptions{
		Folder:       folder,
		Provisioning: fstest.MapFS{"datasources/citygauge.yaml": {Data: []byte("apiVersion: 1\n")}},
		Dashboards:   fstest.MapFS{"city.json": {Data: []byte("{}")}},
		Database:     GrafanaDatabase{Host: "127.0.0.1:5432", Name: "demo", User: "reader", Password: "secret", SSLMode: "disable"},
		Prometheus:   "http://127.0.0.1:9090",
	}
}

// playCitygauge starts a Grafana, says where it is, and waits to be killed.
func playCitygauge() {
	process, err := Grafana(context.Background(), sampleOptions(os.Args[1]))
	if err != nil {
		panic(err)
	}
	fmt.Println(process.URL)
	<-process.Done()
}
