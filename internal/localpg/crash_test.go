package localpg

import (
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func TestServerOfKilledProcessIsAdopted(t *testing.T) {
	t.Parallel()
	dir := newCluster(t)
	other := startHolder(t, dir)
	other.ready(t)
	pid := postmasterPID(t, dir)
	other.kill()
	s := start(t, dir)
	if now := postmasterPID(t, dir); now != pid || pid == 0 {
		t.Errorf("server %d was replaced by %d", pid, now)
	}
	stop(t, s)
	if pid := postmasterPID(t, dir); pid != 0 {
		t.Errorf("nobody stopped the adopted server %d", pid)
	}
}

// A killed server leaves its postmaster.pid, its socket and, for as long as one of its processes lives, its memory.
func TestKilledServerIsStartedAgain(t *testing.T) {
	t.Parallel()
	dir := newCluster(t)
	first := start(t, dir)
	db := connect(t, first.SuperuserURL("postgres"))
	exec1(t, db, `create table kept as select 42 as value`)
	backend := query[int](t, db, `select pg_backend_pid()`)
	if err := syscall.Kill(backend, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(postmasterPID(t, dir), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}

	type result struct {
		server *Server
		err    error
	}
	started := make(chan result)
	go func() {
		s, err := Start(t.Context(), Options{Dir: dir, Settings: quick})
		started <- result{s, err}
	}()
	await(t, "the first attempt fails", func() bool {
		log, err := os.ReadFile(filepath.Join(dir, logFile))
		return err == nil && strings.Contains(string(log), "is still in use")
	})
	if err := syscall.Kill(backend, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	second := <-started
	if second.err != nil {
		t.Fatal(second.err)
	}
	t.Cleanup(func() { stop(t, second.server) })
	// The first Server is valid again, at the address that it knows.
	db.Close()
	db = connect(t, first.SuperuserURL("postgres"))
	if got := query[int](t, db, `select value from kept`); got != 42 {
		t.Errorf("got %d, want 42", got)
	}
	db.Close()
}

func TestNumberOfKilledServerWasReused(t *testing.T) {
	t.Parallel()
	dir := newCluster(t)
	d, err := openDataDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()

	// Of the account, because Postgres itself ignores the processes of others.
	innocent := exec.Command("cat")
	innocent.Dir = "/"
	detach(innocent, d.as)
	stdin, err := innocent.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := innocent.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { stdin.Close(); _ = innocent.Wait() }()
	left := strconv.Itoa(innocent.Process.Pid) + "\n" + d.file(clusterDir) + "\n1\n5432\n/tmp\n127.0.0.1\n0 0\nready   \n"
	if err := d.write(pidFile, left); err != nil {
		t.Fatal(err)
	}

	s := start(t, dir)
	if pid := postmasterPID(t, dir); pid == 0 || pid == innocent.Process.Pid {
		t.Errorf("the server's process is said to be %d", pid)
	}
	stop(t, s)
}

func TestInterruptedCreationIsRedone(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	other := startHolder(t, dir)
	await(t, "initdb is at work", func() bool {
		_, err := os.Stat(filepath.Join(dir, unfinished, "PG_VERSION"))
		return err == nil
	})
	other.kill() // initdb goes on for a moment
	s := start(t, dir)
	db := connect(t, s.SuperuserURL("postgres"))
	query[int](t, db, `select 1`)
	db.Close()
	if _, err := os.Stat(filepath.Join(dir, unfinished)); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", unfinished, err)
	}
}

func TestProcessOfKilledServerIsWaitedFor(t *testing.T) {
	t.Parallel()
	dir := newCluster(t)
	first := start(t, dir)
	db := connect(t, first.SuperuserURL("postgres"))
	backend := query[int](t, db, `select pg_backend_pid()`)
	if err := syscall.Kill(backend, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(backend, syscall.SIGKILL) }) // where it is still there
	postmaster := postmasterPID(t, dir)
	if err := syscall.Kill(postmaster, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	await(t, "the server is gone", func() bool { return errors.Is(syscall.Kill(postmaster, 0), syscall.ESRCH) })
	var said strings.Builder
	c := *first.cluster
	c.patience = 0
	c.log = slog.New(slog.NewTextHandler(writerFunc(func(p []byte) (int, error) {
		if said.Write(p); strings.Contains(said.String(), "is still at work") {
			return len(p), syscall.Kill(backend, syscall.SIGCONT)
		}
		return len(p), nil
	}), nil))
	if _, err := c.up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(said.String(), "is still at work") {
		t.Errorf("nobody waited; the log says %q", said.String())
	}
	db.Close()
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
