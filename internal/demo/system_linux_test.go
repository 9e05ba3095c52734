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
	onThreadThatEnds(func() { process, err = Grafana(t.Context(), options) })
	if err != nil {
		t.Fatal(err)
	}
	defer process.Stop()
	// A signal that was sent is not obeyed at once, but long before the last
	// of these answers.
	for range 100 {
		get(t, process.URL+"/run")
	}
	if err := process.Err(); err != nil {
		t.Error(err)
	}
}

// onThreadThatEnds returns when f has run and its thread has ended.
func onThreadThatEnds(f func()) {
	ran, ended := make(chan int), make(chan struct{})
	defer close(ended)
	var run func()
	run = func() {
		runtime.LockOSThread()
		if syscall.Gettid() == syscall.Getpid() {
			// The main thread never ends. While it is held, others get another.
			defer runtime.UnlockOSThread()
			go run()
			<-ended
			return
		}
		f()
		ran <- syscall.Gettid()
	}
	go run()
	task := "/proc/self/task/" + strconv.Itoa(<-ran)
	for _, err := os.Stat(task); !errors.Is(err, fs.ErrNotExist); _, err = os.Stat(task) {
		runtime.Gosched()
	}
}
