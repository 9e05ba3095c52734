package localpg

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// postmaster is a running server as its postmaster.pid describes it.
type postmaster struct {
	pid     int
	port    int
	sockets string // the first folder of Unix sockets
	status  string // starting, ready, standby, stopping
}

func (p postmaster) ready() bool { return p.status == "ready" || p.status == "standby" }

const pidFile = clusterDir + "/postmaster.pid"

// running returns the server of the cluster, or ok = false if there is none. It clears away the postmaster.pid of a
// killed server whose number has passed to another process: Postgres would refuse to start for its sake.
func (c *cluster) running() (p postmaster, ok bool, err error) {
	content, err := c.dir.root.ReadFile(pidFile)
	if errors.Is(err, fs.ErrNotExist) {
		return postmaster{}, false, nil
	}
	if err != nil {
		return postmaster{}, false, fmt.Errorf("find out whether Postgres runs: %w", err)
	}
	p, ok = parsePidFile(string(content))
	if !ok || !exists(p.pid) {
		return postmaster{}, false, nil // Postgres copes with it
	}
	if c.isPostmaster(p.pid) {
		return p, true, nil
	}
	// Unless somebody has started a server at this very moment.
	if now, err := c.dir.root.ReadFile(pidFile); err != nil || !bytes.Equal(now, content) {
		return c.running()
	}
	if err := c.dir.root.Remove(pidFile); err != nil {
		return postmaster{}, false, fmt.Errorf("clear away what a killed Postgres has left: %w", err)
	}
	return postmaster{}, false, nil
}

// parsePidFile reads postmaster.pid, whose lines are: process, cluster, start time, port, socket folders, listen
// address, shared memory key, status. They are written one by one; ok = false if not even the process is there.
func parsePidFile(content string) (p postmaster, ok bool) {
	lines := append(strings.Split(content, "\n"), make([]string, 8)...)
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 0 {
		return postmaster{}, false
	}
	p.pid, p.status = pid, strings.TrimSpace(lines[7])
	if p.port, err = strconv.Atoi(strings.TrimSpace(lines[3])); err != nil {
		p.status = "" // not all there yet
	}
	p.sockets, _, _ = strings.Cut(lines[4], ",")
	return p, true
}

// isPostmaster tells the cluster's server from a process that has inherited its number, or a dead one that nobody has
// waited for. Where it cannot be told, it is taken for the server.
func (c *cluster) isPostmaster(pid int) bool {
	if runtime.GOOS != "linux" || !reachable("/proc/self") {
		said, err := exec.Command("ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
		if _, ran := exitStatus(err); err != nil && !ran {
			return true
		}
		return strings.Contains(string(said), c.dir.file(clusterDir))
	}
	// A server works in its cluster's directory. That survives a renaming of the directory, but in a container root
	// may not look.
	cwd, err := os.Stat(procFile(pid, "cwd"))
	if err == nil {
		home, err := c.dir.root.Stat(clusterDir)
		return err != nil || os.SameFile(cwd, home)
	}
	if !errors.Is(err, fs.ErrPermission) {
		return false
	}
	command, err := os.ReadFile(procFile(pid, "cmdline"))
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	return slices.Contains(strings.Split(string(command), "\x00"), c.dir.file(clusterDir))
}

func reachable(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
