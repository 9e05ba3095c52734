package demo

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// stopPatience is how long a process may take to end after it was asked to.
const stopPatience = 10 * time.Second

// Process is a program that runs beside us, in a process group of its own, so
// that a Ctrl-C at the terminal reaches us alone and we stop it in our order.
// It does not outlive us: on Linux the kernel ends it when we die in whatever
// way; elsewhere that holds unless we are killed before we can stop it.
//
// Its methods may be called from several goroutines.
type Process struct {
	Name string // as people call it, such as Grafana
	URL  string // where it answers, on the loopback interface, without a slash at the end
	Log  string // the file with what it says

	pid      int
	patience time.Duration
	stop     sync.Once
	asked    chan struct{} // closed when we ask it to end
	done     chan struct{}
	err      error // written before done is closed
}

// spawn starts the command, with one goroutine that ends when the command does.
func (p *Process) spawn(cmd *exec.Cmd) error {
	p.asked, p.done = make(chan struct{}), make(chan struct{})
	started := make(chan error)
	go func() {
		// The kernel ties "our death" to the thread that started the child:
		// the runtime must not end that thread before the child does.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		if err == nil {
			p.pid = cmd.Process.Pid
		}
		started <- err
		if err == nil {
			p.finish(cmd.Wait())
		}
	}()
	return <-started
}

// finish notes how the process ended, and ends what it has left behind.
func (p *Process) finish(err error) {
	signalGroup(p.pid, syscall.SIGKILL)
	select {
	case <-p.asked:
	default:
		if err == nil {
			p.err = fmt.Errorf("%s ended by itself%s", p.Name, p.lastWords())
		} else {
			p.err = fmt.Errorf("%s ended by itself: %w%s", p.Name, err, p.lastWords())
		}
	}
	close(p.done)
}

// Stop asks the process and its children to end, kills them after ten seconds,
// and returns when they are gone. Stopping again does nothing.
func (p *Process) Stop() {
	p.stop.Do(func() {
		close(p.asked)
		signalGroup(p.pid, syscall.SIGTERM)
		impatient := time.NewTimer(p.patience)
		defer impatient.Stop()
		select {
		case <-p.done:
		case <-impatient.C:
			signalGroup(p.pid, syscall.SIGKILL)
		}
	})
	<-p.done
}

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err says why the process ended, with the end of its log; nil while it runs
// and where it was stopped.
func (p *Process) Err() error {
	select {
	case <-p.done:
		return p.err
	default:
		return nil
	}
}

const lastLines = 5

// lastWords is where to read on and the end of the log, to go after an error.
func (p *Process) lastWords() string {
	text := "; its log is " + p.Log
	content, err := os.ReadFile(p.Log)
	if err != nil {
		return text
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	return text + "\n" + strings.Join(lines[max(0, len(lines)-lastLines):], "\n")
}
