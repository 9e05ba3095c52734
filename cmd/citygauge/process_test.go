package main

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/testlog"
)

// patience is long for any machine: what takes that long does not come.
const patience = 40 * time.Second

// await waits for a condition.
func await(t testing.TB, what string, condition func() bool) {
	t.Helper()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(patience); !condition(); <-look.C {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// program is a citygauge at work, in this process or another.
type program struct {
	out, talk testlog.Transcript
	ended     chan struct{}
	status    int // once it has ended
}

func newProgram() *program { return &program{ended: make(chan struct{})} }

// end notes that it has ended.
func (p *program) end(status int) {
	p.status = status
	close(p.ended)
}

func (p *program) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// awaitEnd waits until it has ended, and returns its exit status.
func (p *program) awaitEnd(t testing.TB) int {
	t.Helper()
	select {
	case <-p.ended:
		return p.status
	case <-time.After(patience):
		t.Fatalf("it has not ended; it said:\n%s%s", &p.out, &p.talk)
		return -1
	}
}

// awaitWords waits until it says something, on either stream, and returns the
// groups of the pattern.
func (p *program) awaitWords(t testing.TB, pattern string) (groups []string) {
	t.Helper()
	sought := regexp.MustCompile(pattern)
	await(t, pattern, func() bool {
		ended := p.hasEnded()
		groups = sought.FindStringSubmatch(p.out.String() + p.talk.String())
		if groups == nil && ended {
			t.Fatalf("exit status %d before it said %q:\n%s%s", p.status, pattern, &p.out, &p.talk)
		}
		return groups != nil
	})
	return groups
}

// succeed runs a command in this process, which must end well.
func succeed(t testing.TB, args ...string) {
	t.Helper()
	var out, talk strings.Builder
	if status := run(t.Context(), args, streams{strings.NewReader(""), &out, &talk}); status != exitDone {
		t.Fatalf("citygauge %s: exit status %d\n%s%s", strings.Join(args, " "), status, &out, &talk)
	}
}

// process is the program as it is shipped, at work.
type process struct {
	*program
	cmd *exec.Cmd
}

// start starts it, with little in its environment. It is killed at the latest
// when the test ends.
func start(t testing.TB, env []string, args ...string) *process {
	t.Helper()
	p := &process{newProgram(), exec.CommandContext(context.WithoutCancel(t.Context()), built(t), args...)}
	p.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}, env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.talk
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait()
		p.end(p.cmd.ProcessState.ExitCode())
	}()
	t.Cleanup(func() { p.kill(t) })
	return p
}

func (p *process) signal(t testing.TB, signal os.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
}

// kill is kill -9; it does nothing to one that has ended.
func (p *process) kill(t testing.TB) {
	t.Helper()
	if !p.hasEnded() {
		p.signal(t, os.Kill)
		p.awaitEnd(t)
	}
}

// finish runs the program to its end.
func finish(t testing.TB, args ...string) (status int, out, talk string) {
	t.Helper()
	p := start(t, nil, args...)
	return p.awaitEnd(t), p.out.String(), p.talk.String()
}

// enterable returns a folder that the user that Postgres runs as can enter.
func enterable(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// refuses reports whether nothing listens at an address any more.
func refuses(address string) bool {
	conn, err := net.DialTimeout("tcp", address, time.Second)
	if err == nil {
		conn.Close()
	}
	return err != nil
}

// newClient is an HTTP client whose connections end with the test.
func newClient(t testing.TB, trust *tls.Config) *http.Client {
	transport := &http.Transport{TLSClientConfig: trust}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: patience}
}

func get(t testing.TB, client *http.Client, url string) (status int, body string) {
	t.Helper()
	response, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}
