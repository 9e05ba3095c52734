// Package testprom gives tests the real Prometheus and its promtool. Tests
// alone import it.
package testprom

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// Program is the path of prometheus or promtool. A test that has none of them
// fails: what it promises was not seen.
func Program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("this test runs the real %s: install Debian's package prometheus (apt-get install prometheus): %v", name, err)
	}
	return path
}

// Server is a Prometheus.
type Server struct {
	URL string // without a slash at the end
}

var listening = regexp.MustCompile(`msg="Listening on".* address=(\S+)`)

// Start runs a Prometheus with a configuration, its data in a folder, and
// further flags, on a free port of this machine until the test ends.
func Start(t testing.TB, config, data string, flags ...string) *Server {
	t.Helper()
	file := filepath.Join(t.TempDir(), "prometheus.yml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	flags = append([]string{"--config.file=" + file, "--storage.tsdb.path=" + data, "--web.listen-address=127.0.0.1:0"}, flags...)
	// Not t.Context(), which would end it before the cleanup.
	command := exec.CommandContext(context.WithoutCancel(t.Context()), Program(t, "prometheus"), flags...)
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
	return &Server{URL: "http://" + found}
}
