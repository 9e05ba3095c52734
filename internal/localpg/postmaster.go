package localpg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// stopTimeout bounds a stop, which has no more to write than shared_buffers holds.
	stopTimeout = 2 * time.Minute

	// waitLimit replaces pg_ctl's own patience of a minute: our context says how long to wait.
	waitLimit = 24 * time.Hour

	// maxLog is the size from which a log is put aside at the next start.
	maxLog = 16 << 20

	// logLines is how much of the log an error quotes.
	logLines = 12
)

// up returns the running server, starting it if there is none. It waits for one that is starting or stopping because
// somebody was killed in the middle of it, and as long as it takes for the processes of a killed server: they finish
// the statement that they are at first.
func (c *cluster) up(ctx context.Context) (postmaster, error) {
	var problem error
	for deadline := time.Now().Add(c.patience); ; {
		p, ok, err := c.running()
		switch {
		case err != nil:
			return postmaster{}, err
		case ok && p.ready():
			return p, nil
		case ok:
			c.log.DebugContext(ctx, "waiting for Postgres", "process", p.pid, "status", p.status)
		case problem != nil && time.Now().After(deadline):
			if !orphaned(problem) {
				return postmaster{}, problem
			}
			c.log.WarnContext(ctx, "Postgres was killed, and one of its processes is still at work: waiting until it ends", "dir", c.dir.path)
			deadline, problem = time.Now().Add(c.patience), nil
		default:
			err := c.launch(ctx)
			if err == nil {
				problem = fmt.Errorf("the server ended as soon as it had started: see %s", c.dir.file(logFile))
				continue
			}
			if problem = err; !passing(err) {
				return postmaster{}, err
			}
			c.log.DebugContext(ctx, "Postgres cannot start yet", "error", err)
		}
		if err := pause(ctx); err != nil {
			return postmaster{}, fmt.Errorf("wait for Postgres: %w", err)
		}
	}
}

// launch makes one attempt to start the server, and waits until it is ready or has given up.
func (c *cluster) launch(ctx context.Context) error {
	a, err := c.address(ctx)
	if err != nil {
		return err
	}
	if err := c.configure(a); err != nil {
		return err
	}
	before, err := c.openLog()
	if err != nil {
		return fmt.Errorf("open Postgres's log: %w", err)
	}
	c.log.InfoContext(ctx, "starting the private Postgres", "dir", c.dir.path, "port", a.Port, "user", c.dir.as.name)
	_, err = c.ctl(ctx, "start", "--log="+c.dir.file(logFile))
	if err == nil || ctx.Err() != nil {
		return err
	}
	return &startError{cause: err, logPath: c.dir.file(logFile), logged: c.logSince(before)}
}

// startError is a server that gave up, and its reasons.
type startError struct {
	cause   error
	logPath string
	logged  string
}

func (e *startError) Error() string {
	if e.logged == "" {
		return e.cause.Error()
	}
	lines := strings.Split(strings.TrimSpace(e.logged), "\n")
	lines = lines[max(0, len(lines)-logLines):]
	return fmt.Sprintf("the server did not start; %s ends with:\n%s", e.logPath, strings.Join(lines, "\n"))
}

func (e *startError) Unwrap() error { return e.cause }

// passing reports whether the reason will go away by itself: processes of a killed server that still use its memory,
// a port that somebody took a moment ago, a server that an orphaned pg_ctl has just started.
func passing(err error) bool {
	return orphaned(err) || logged(err, "Address already in use") || logged(err, `"postmaster.pid" already exists`)
}

// orphaned reports whether the reason is that processes of a killed server still use its memory.
func orphaned(err error) bool { return logged(err, "is still in use") }

func logged(err error, reason string) bool {
	failed, ok := errors.AsType[*startError](err)
	return ok && strings.Contains(failed.logged, reason)
}

// openLog makes sure of a log that the account may write, puts a long one aside, and returns its size.
func (c *cluster) openLog() (int64, error) {
	info, err := c.dir.root.Stat(logFile)
	if err == nil && info.Size() > maxLog {
		err = c.dir.rename(logFile, logFile+".1")
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	f, err := c.dir.open(logFile, os.O_WRONLY|os.O_APPEND)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return f.Seek(0, io.SeekEnd)
}

// logSince returns what was logged after the log had that size.
func (c *cluster) logSince(size int64) string {
	f, err := c.dir.root.Open(logFile)
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	content, err := io.ReadAll(io.NewSectionReader(f, size, maxLog))
	if err != nil {
		return err.Error()
	}
	return string(content)
}

// down stops the server, if it runs, and waits until everything is on disk.
func (c *cluster) down() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	p, ok, err := c.running()
	if err != nil {
		return err
	}
	if !ok {
		c.tidy()
		return nil
	}
	_, err = c.ctl(ctx, "stop", "--mode=fast")
	if err != nil {
		if _, ok, lookErr := c.running(); ok || lookErr != nil {
			return errors.Join(fmt.Errorf("process %d has not ended: %w", p.pid, err), lookErr)
		}
	}
	c.log.Info("stopped the private Postgres", "dir", c.dir.path)
	c.tidy()
	return nil
}

// tidy removes the socket's folder, which the next start makes again. One that is not empty stays: a server that was
// killed has left something there, or one is just coming up.
func (c *cluster) tidy() {
	if last := c.dir.lastAddress().Sockets; c.owns(last) {
		_ = os.Remove(last)
	}
}

// ctl runs pg_ctl and waits for what it does.
func (c *cluster) ctl(ctx context.Context, action string, args ...string) (string, error) {
	return run(ctx, c.dir.as, invocation{
		program: c.bin.program("pg_ctl"),
		args: append([]string{
			action, "--pgdata=" + c.dir.file(clusterDir), "--wait",
			"--timeout=" + strconv.Itoa(int(waitLimit.Seconds())),
		}, args...),
		// pg_ctl passes an interruption on to the server that it is starting; any other signal only ends pg_ctl.
		onCancel: syscall.SIGINT,
	})
}

// startable refuses the paths that pg_ctl, which starts Postgres through a shell, would not pass on as they are.
func startable(dir string) error {
	if err := supported(); err != nil {
		return err
	}
	if strings.ContainsAny(dir, "\"$`\\\n") {
		return fmt.Errorf("%s: Postgres cannot be started in a directory with one of \" $ ` \\ in its path: choose another --data-dir", dir)
	}
	return nil
}
