package localpg

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// holderDir names the data directory for a test binary that plays another citygauge.
const holderDir = "LOCALPG_TEST_HOLD"

// quick is for clusters that need not survive a power failure.
var quick = map[string]string{"fsync": "off", "shared_buffers": "16MB"}

func TestMain(m *testing.M) {
	if dir, ok := os.LookupEnv(holderDir); ok {
		os.Exit(hold(dir))
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if dir, err := template(); err == nil {
			_ = os.RemoveAll(filepath.Dir(dir))
		}
		os.Exit(code)
	}))
}

// template returns a data directory that was used once: copying it is much faster than initdb.
var template = sync.OnceValues(func() (string, error) {
	parent, err := os.MkdirTemp("", "localpg-test-")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(parent, 0o755); err != nil {
		return "", err
	}
	dir := filepath.Join(parent, "data")
	s, err := Start(context.Background(), Options{Dir: dir, Settings: quick})
	if err != nil {
		return "", err
	}
	if err := s.Close(); err != nil {
		return "", err
	}
	return dir, os.Remove(filepath.Join(dir, addressFile)) // each copy gets its own
})

// hold starts a server, says so, and keeps it until stdin ends. It takes no notice of Ctrl-C.
func hold(dir string) int {
	signal.Ignore(syscall.SIGINT)
	s, err := Start(context.Background(), Options{Dir: dir, Settings: quick})
	if err != nil {
		fmt.Println("error:", err)
		return 3
	}
	fmt.Println(s.SuperuserURL("postgres"))
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := s.Close(); err != nil {
		fmt.Println("error:", err)
		return 1
	}
	return 0
}

// holder is another process that uses a data directory.
type holder struct {
	cmd   *exec.Cmd
	out   *bufio.Reader
	stdin io.Closer
}

// startHolder starts one, which ends with the test if it has not ended before.
func startHolder(t *testing.T, dir string, change ...func(*exec.Cmd)) *holder {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	// The race detector would wait for a second before it lets the process end.
	cmd.Env = append(os.Environ(), holderDir+"="+dir, "GORACE=atexit_sleep_ms=0")
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	for _, f := range change {
		f(cmd)
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	h := &holder{cmd: cmd, out: bufio.NewReader(stdout), stdin: stdin}
	t.Cleanup(func() { h.kill() })
	return h
}

// ready waits until the holder has its server, and returns the server's URL.
func (h *holder) ready(t *testing.T) string {
	t.Helper()
	line, err := h.out.ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "postgres://") {
		t.Fatalf("the other process said %q (%v)", line, err)
	}
	return strings.TrimSpace(line)
}

// leave lets the holder close its server and end.
func (h *holder) leave(t *testing.T) {
	t.Helper()
	h.stdin.Close()
	said, _ := io.ReadAll(h.out)
	if err := h.cmd.Wait(); err != nil {
		t.Fatalf("the other process ended with %v, saying %q", err, said)
	}
}

// kill is kill -9.
func (h *holder) kill() {
	if h.cmd.ProcessState == nil {
		_ = h.cmd.Process.Kill()
		_ = h.cmd.Wait()
	}
}

// newDir returns a place for a data directory that Postgres's user can enter. A server that is left there when the test
// ends is a failure, and is stopped.
func newDir(t *testing.T) string {
	t.Helper()
	parent := t.TempDir()
	for _, dir := range []string{parent, filepath.Dir(parent)} {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(parent, "data")
	t.Cleanup(func() {
		// A server that was interrupted while it started takes its time to go.
		pid := 0
		if !soon(func() bool { pid = postmasterPID(t, dir); return pid == 0 }) {
			t.Errorf("server %d was left running", pid)
			_ = syscall.Kill(pid, syscall.SIGQUIT)
			soon(func() bool { return postmasterPID(t, dir) == 0 })
		}
	})
	return dir
}

// newCluster returns a data directory whose cluster has been created.
func newCluster(t *testing.T) string {
	t.Helper()
	from, err := template()
	if err != nil {
		t.Fatal(err)
	}
	dir := newDir(t)
	if said, err := exec.Command("cp", "-a", from, dir).CombinedOutput(); err != nil {
		t.Fatalf("copy a cluster: %v\n%s", err, said)
	}
	return dir
}

// postmasterPID returns the process number of the server in a data directory, 0 if none runs there.
func postmasterPID(t *testing.T, dir string) int {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, pidFile))
	if errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	if err != nil {
		t.Fatal(err)
	}
	p, _ := parsePidFile(string(content))
	if p.pid == 0 || !exists(p.pid) {
		return 0
	}
	if state, err := os.ReadFile("/proc/" + strconv.Itoa(p.pid) + "/stat"); err == nil && strings.Contains(string(state), ") Z ") {
		return 0
	}
	return p.pid
}

func start(t *testing.T, dir string) *Server {
	t.Helper()
	s, err := Start(t.Context(), Options{Dir: dir, Settings: quick})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	return s
}

func stop(t *testing.T, s *Server) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// connect opens a pool that ends with the test, before its server does.
func connect(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func exec1(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func query[T any](t *testing.T, db *sql.DB, statement string) (value T) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), statement).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// soon reports whether a condition comes true within a time that is long for any machine.
func soon(condition func() bool) bool {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); <-tick.C {
		if condition() {
			return true
		}
	}
	return false
}

func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	if !soon(condition) {
		t.Fatalf("waited in vain: %s", what)
	}
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root, which can become other users")
	}
}
