package demo

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"
)

// The test binary plays two other programs, told by the name under which it is
// called: a Grafana, and a citygauge that is killed.
func TestMain(m *testing.M) {
	switch filepath.Base(os.Args[0]) {
	case fakeGrafana:
		playGrafana()
	case fakeCitygauge:
		playCitygauge()
	default:
		if _, err := exec.LookPath("prometheus"); err != nil {
			fmt.Fprintln(os.Stderr, "these tests run a real Prometheus: install it (Debian: apt install prometheus)")
			os.Exit(1)
		}
		goleak.VerifyTestMain(m)
	}
}

// callMyself makes the test binary callable by another name in a folder.
func callMyself(t *testing.T, folder, name string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, name)
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	return path
}
