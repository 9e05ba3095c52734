package localpg

import (
	"context"
	"fmt"
	"log/slog"
	"os"
)

// lock is a lock on a file in the data directory. The kernel ties it to our open file: it goes when the process does,
// however it ends, and two Servers in one process are as separate as two processes.
type lock struct {
	file *os.File
}

// share takes a lock that any number of holders may have. The caller holds the change lock, which keeps exclusive
// holders away.
func (d *dataDir) share(name string) (*lock, error) {
	l, err := d.openLock(name)
	if err != nil {
		return nil, err
	}
	ok, err := tryLock(l.file, false)
	if err == nil && !ok {
		err = fmt.Errorf("%s is locked by a program other than citygauge", d.file(name))
	}
	if err != nil {
		l.release()
		return nil, err
	}
	return l, nil
}

// acquire waits for a lock that only one can hold.
func (d *dataDir) acquire(ctx context.Context, name string, log *slog.Logger) (*lock, error) {
	l, err := d.openLock(name)
	if err != nil {
		return nil, err
	}
	for waiting := false; ; waiting = true {
		ok, err := l.tryExclusive()
		if ok {
			return l, nil
		}
		if err == nil {
			err = pause(ctx)
		}
		if err != nil {
			l.release()
			return nil, fmt.Errorf("wait for another citygauge to finish starting or stopping Postgres (it holds %s): %w", d.file(name), err)
		}
		if !waiting {
			log.DebugContext(ctx, "waiting for another citygauge that starts or stops Postgres", "lock", d.file(name))
		}
	}
}

func (d *dataDir) openLock(name string) (*lock, error) {
	f, err := d.open(name, os.O_RDWR)
	if err != nil {
		return nil, fmt.Errorf("%w (does the directory belong to somebody else? choose another with --data-dir)", err)
	}
	return &lock{file: f}, nil
}

// tryExclusive makes this the only holder, if it can be done now. If it cannot, a shared lock may be lost.
func (l *lock) tryExclusive() (bool, error) { return tryLock(l.file, true) }

// release unlocks explicitly: a process that we are just starting may still have a copy of the file, and closing ours
// would then not be enough.
func (l *lock) release() {
	unlock(l.file)
	l.file.Close()
}
