package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

const (
	loopback = "127.0.0.1"

	// portAttempts is how many ports are tried: between finding a free one and
	// its use by the child, somebody else may take it.
	portAttempts = 3

	// readyEvery is the pause between two looks at whether a child is ready.
	readyEvery = 100 * time.Millisecond

	// answerWithin bounds one such look.
	answerWithin = 2 * time.Second
)

// program is how a child is started.
type program struct {
	name    string // as people call it
	path    string // of its executable
	folder  string // holds its log, and is its working directory; absolute
	command func(port int) (args, env []string)
	ready   string // the path that answers 200 once it is ready

	freePort func() (int, error)
	patience time.Duration
}

// start returns when the program is ready. Whatever fails or when ctx is done,
// nothing is left running.
func (p program) start(ctx context.Context) (*Process, error) {
	for attempt := 1; ; attempt++ {
		port, err := p.freePort()
		if err != nil {
			return nil, fmt.Errorf("find a free port for %s: %w", p.name, err)
		}
		process, err := p.startOn(ctx, port)
		if err == nil {
			return process, nil
		}
		if ctx.Err() != nil || attempt == portAttempts || !taken(port) {
			return nil, fmt.Errorf("start %s: %w", p.name, err)
		}
	}
}

func (p program) startOn(ctx context.Context, port int) (*Process, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	process := &Process{
		Name:     p.name,
		URL:      "http://" + net.JoinHostPort(loopback, strconv.Itoa(port)),
		Log:      filepath.Join(p.folder, "log"),
		patience: p.patience,
	}
	log, err := os.OpenFile(process.Log, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	args, env := p.command(port)
	cmd := exec.Command(p.path, args...) //nolint:noctx // Stop ends it, in order
	cmd.Dir = p.folder
	cmd.Env = append(environment(), env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = ownGroup()
	if err := process.spawn(cmd); err != nil {
		return nil, err
	}
	if err := process.awaitReady(ctx, p.ready); err != nil {
		process.Stop()
		return nil, err
	}
	return process, nil
}

// awaitReady returns when the process answers, has ended, or ctx is done.
func (p *Process) awaitReady(ctx context.Context, path string) error {
	// Connections are not kept, and no proxy is asked for an address of ours.
	client := &http.Client{Timeout: answerWithin, Transport: &http.Transport{DisableKeepAlives: true}}
	look := time.NewTicker(readyEvery)
	defer look.Stop()
	for !answersOK(ctx, client, p.URL+path) {
		select {
		case <-p.done:
			return p.err
		case <-ctx.Done():
			return fmt.Errorf("wait for %s%s to answer: %w%s", p.URL, path, context.Cause(ctx), p.lastWords())
		case <-look.C:
		}
	}
	return p.Err()
}

func answersOK(ctx context.Context, client *http.Client, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return false
	}
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// freePort is a port of the loopback interface that nobody listens on.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	address, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		return 0, fmt.Errorf("listening on %v, which has no port", listener.Addr())
	}
	return address.Port, nil
}

// taken reports whether somebody listens on the port.
func taken(port int) bool {
	listener, err := net.Listen("tcp", net.JoinHostPort(loopback, strconv.Itoa(port)))
	if err == nil {
		listener.Close()
	}
	return err != nil
}

// environment is the little of ours that a child needs. The rest could change
// what it does, as GF_SERVER_HTTP_ADDR would, or is none of its business.
func environment() []string {
	var env []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "LANG", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SystemRoot"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// ErrNotInstalled is the error of a program that is not on PATH.
var ErrNotInstalled = errors.New("not installed")

// findProgram is the absolute path of the first of the names on PATH.
func findProgram(hint string, names ...string) (string, error) {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return filepath.Abs(path)
		}
	}
	return "", fmt.Errorf("%s is %w: no such program on PATH; %s", names[0], ErrNotInstalled, hint)
}

// prepareFolder makes a folder that only we can read, and returns its absolute
// path.
func prepareFolder(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return path, os.MkdirAll(path, 0o700)
}
