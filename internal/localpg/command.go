package localpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// invocation is one run of one of Postgres's programs.
type invocation struct {
	dir       string // working directory; "" is /, which everybody can enter
	program   string
	args      []string
	onCancel  syscall.Signal // what asks the program and its children to end; 0 kills them
	keepsOpen *os.File       // a file that stays open while the program runs, even if we die meanwhile
}

// run runs a program as the account to its end and returns what it said. The terminal's Ctrl-C does not reach it.
func run(ctx context.Context, as account, in invocation) (string, error) {
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, in.program, in.args...)
	cmd.Dir = in.dir
	if cmd.Dir == "" {
		cmd.Dir = string(filepath.Separator)
	}
	cmd.Env = environment()
	cmd.Stdout, cmd.Stderr = &said, &said
	if in.keepsOpen != nil {
		cmd.ExtraFiles = []*os.File{in.keepsOpen}
	}
	if in.onCancel == 0 {
		in.onCancel = syscall.SIGKILL
	}
	detach(cmd, as)
	cmd.Cancel = func() error { return signalGroup(cmd.Process.Pid, in.onCancel) }
	cmd.WaitDelay = 10 * time.Second

	err := cmd.Run()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		err = fmt.Errorf("run %s as %s: %w", in.program, as.name, err)
		// How it died of being ended, nobody asked.
		if text := strings.TrimSpace(said.String()); text != "" && !errors.Is(ctx.Err(), context.Canceled) {
			err = fmt.Errorf("%w\n%s", err, text)
		}
	}
	return said.String(), err
}

// environment is the little that Postgres needs of ours. The rest could change what it does (PGPORT, LC_ALL) or is none
// of its business: a server that outlives us would show our secrets.
func environment() []string {
	env := []string{"LC_ALL=C"} // its messages are read by us, too
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// exitStatus tells a program that ran and failed from one that could not be run.
func exitStatus(err error) (int, bool) {
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return 0, false
	}
	return exit.ExitCode(), true
}
