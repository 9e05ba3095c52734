package demo

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func TestNothingOutlivesUs(t *testing.T) {
	installFakeGrafana(t, wellBehaved)
	citygauge := exec.Command(callMyself(t, t.TempDir(), fakeCitygauge), t.TempDir())
	stdout, err := citygauge.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := citygauge.Start(); err != nil {
		t.Fatal(err)
	}
	url, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	connection := hold(t, strings.TrimSpace(url))
	if err := citygauge.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	awaitEnd(t, connection)
	if err := citygauge.Wait(); err == nil {
		t.Error("it was not killed")
	}
}

// The kernel ties a child to the thread that started it, which the runtime ends
// with a goroutine that is locked to it.
func TestChildOutlivesTheThreadOfItsCaller(t *testing.T) {
	installFakeGrafana(t, wellBehaved)
	options := sampleOptions(t.TempDir())
	var process *Process
	var err error
	var thread int
	started := make(chan struct{})
	go func() {
		defer close(started)
		runtime.LockOSThread()
		thread = syscall.Gettid()
		process, err = Grafana(t.Context(), options)
	}()
	<-started
	if err != nil {
		t.Fatal(err)
	}
	defer process.Stop()
	task := "/proc/self/task/" + strconv.Itoa(thread)
	for _, err := os.Stat(task); !errors.Is(err, fs.ErrNotExist); _, err = os.Stat(task) {
		runtime.Gosched()
	}
	get(t, process.URL+"/run")
	if err := process.Err(); err != nil {
		t.Error(err)
	}
}
