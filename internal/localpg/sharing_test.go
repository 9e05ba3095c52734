package localpg

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestProcessesShareOneServer(t *testing.T) {
	t.Parallel()
	dir := newCluster(t)
	other := startHolder(t, dir)
	url := other.ready(t)
	s := start(t, dir)
	if s.SuperuserURL("postgres") != url {
		t.Errorf("the processes use different servers: %s and %s", s.SuperuserURL("postgres"), url)
	}
	other.leave(t)
	db := connect(t, s.SuperuserURL("postgres"))
	query[int](t, db, `select 1`)
	db.Close()
	stop(t, s)
	if pid := postmasterPID(t, dir); pid != 0 {
		t.Errorf("the last to leave did not stop server %d", pid)
	}
}

func TestManyProcessesStartAtOnce(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	var others []*holder
	for range 4 {
		others = append(others, startHolder(t, dir))
	}
	urls := map[string]bool{}
	for _, other := range others {
		urls[other.ready(t)] = true
	}
	if len(urls) != 1 {
		t.Errorf("%d servers, want 1: %v", len(urls), urls)
	}
	for _, other := range others {
		other.leave(t)
	}
	if pid := postmasterPID(t, dir); pid != 0 {
		t.Errorf("the last to leave did not stop server %d", pid)
	}
}

func TestServersOfOneProcessAreSeparate(t *testing.T) {
	t.Parallel()
	dir := newCluster(t)
	first, second := start(t, dir), start(t, dir)
	stop(t, first)
	db := connect(t, second.SuperuserURL("postgres"))
	query[int](t, db, `select 1`)
	db.Close()
}

func TestInterruptDoesNotReachTheServer(t *testing.T) {
	t.Parallel()
	dir := newCluster(t)
	other := startHolder(t, dir)
	url := other.ready(t)
	pid := postmasterPID(t, dir)
	// As the terminal does on Ctrl-C: to the whole group.
	if err := syscall.Kill(-other.cmd.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	db := connect(t, url)
	query[int](t, db, `select 1`)
	db.Close()
	if group, err := syscall.Getpgid(pid); err != nil || group != pid {
		t.Errorf("the server is in process group %d (%v), want its own, %d", group, err, pid)
	}
	other.leave(t)
}

func TestSocketFolderCleanedAway(t *testing.T) {
	t.Parallel()
	dir := newCluster(t)
	s := start(t, dir)
	if err := os.RemoveAll(s.Socket()); err != nil {
		t.Fatal(err)
	}
	joined := start(t, dir)
	if joined.Socket() != "" {
		t.Errorf("Socket is %q, which is not there", joined.Socket())
	}
	db := connect(t, joined.SuperuserURL("postgres"))
	query[int](t, db, `select 1`)
	db.Close()
	stop(t, joined)
	stop(t, s)

	again := start(t, dir)
	if _, err := os.Stat(filepath.Join(again.Socket(), socketName(again.port))); err != nil {
		t.Errorf("the socket did not come back: %v", err)
	}
}
