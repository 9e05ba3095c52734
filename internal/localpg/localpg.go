// Package localpg runs a private Postgres from the binaries that are installed on this machine: the embedded
// default of every command that is not told of another database.
//
// It promises that any number of processes share one server per data directory: the first starts it, the last to
// leave stops it, and whoever comes after a crash (of ours or of Postgres) takes over what was left. The data are the
// product's, so they are written as safely as Postgres can: fsync and checksums are on.
//
// It does not install or upgrade Postgres, does not watch over a running one, and does not serve other machines: it
// listens on the loopback interface and on a socket in a folder that only its account can enter.
package localpg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// leaveTimeout bounds how long Close waits for others that are starting or stopping the same server.
const leaveTimeout = time.Minute

// Options says which server Start starts. The zero value is the user's own, in DefaultDir.
type Options struct {
	// Dir is the data directory; empty means DefaultDir. It is created with mode 0700. Its contents:
	// postgres/ (the cluster), password (the superuser's), postgres.log, address.json, lock and lock.change.
	Dir string

	// BinDir holds initdb, pg_ctl and postgres. If it is empty they are looked for in PATH and where Debian, Fedora,
	// Alpine, Homebrew and Postgres.app put them; the version is the one that made the data, or the newest found.
	BinDir string

	// Database is created if it does not exist. Empty means none.
	Database string

	// Settings are added to the server's configuration and override what this package chooses. They count for
	// whoever starts the server: one that joins it gets what it finds. With "fsync": "off", for tests, creating the
	// cluster does not wait for the disk either.
	Settings map[string]string

	// Log hears of starting, adopting and stopping. Nil means silence.
	Log *slog.Logger
}

// Server is one process's hold on a running Postgres. Its methods may be called from several goroutines.
type Server struct {
	dir      *dataDir
	cluster  *cluster
	users    *lock // held shared for as long as this process uses the server
	password string
	host     string
	port     int
	socket   string
	log      *slog.Logger
	close    sync.Once
	closeErr error
}

// Start starts the Postgres in o.Dir, creating its cluster the first time, or joins the one that another process runs
// there, and returns when it answers. Recovery after a crash may take minutes; cancelling ctx ends the wait and leaves
// nothing behind that nobody else uses. The caller must Close the Server.
//
// If Postgres was killed while a Server is open, a second Start with the same options brings it back, at the same
// address where that is still free; the first Server is then valid again.
//
// The error is a *NotInstalledError where no suitable Postgres is installed. Every error means that the environment
// has failed, not the user's input.
func Start(ctx context.Context, o Options) (*Server, error) {
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	dir, err := openDataDir(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("prepare the data directory: %w", err)
	}
	s := &Server{dir: dir, log: log}
	if err := s.join(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("start Postgres in %s: %w", dir.path, err), dir.close())
	}
	return s, nil
}

// join takes the locks, and leaves again if the server cannot be had.
func (s *Server) join(ctx context.Context, o Options) (err error) {
	change, err := s.dir.acquire(ctx, changeLock, s.log)
	if err != nil {
		return err
	}
	defer change.release()
	if s.users, err = s.dir.share(usersLock); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.leave())
		}
	}()

	bin, err := s.dir.binaries(ctx, o.BinDir)
	if err != nil {
		return err
	}
	s.cluster = &cluster{dir: s.dir, bin: bin, settings: o.Settings, patience: patience, log: s.log}
	if err := s.cluster.create(ctx, change); err != nil {
		return err
	}
	if s.password, err = s.dir.password(); err != nil {
		return err
	}
	running, err := s.cluster.up(ctx)
	if err != nil {
		return err
	}
	s.reach(running)
	if err := s.awaitAnswer(ctx); err != nil {
		return err
	}
	if o.Database != "" {
		return s.EnsureDatabase(ctx, o.Database)
	}
	return nil
}

// leave gives up this process's share, and stops Postgres if it was the last. The caller holds the change lock.
func (s *Server) leave() error {
	defer s.users.release()
	last, err := s.users.tryExclusive()
	if err != nil || !last || s.cluster == nil {
		return err
	}
	return s.cluster.down()
}

// Close lets go of the server. If no other process holds it, Postgres is stopped: open transactions are rolled back and
// everything is flushed to disk before Close returns. Closing again does nothing and returns the same error.
func (s *Server) Close() error {
	s.close.Do(func() { s.closeErr = s.closeOnce() })
	return s.closeErr
}

func (s *Server) closeOnce() error {
	ctx, cancel := context.WithTimeout(context.Background(), leaveTimeout)
	defer cancel()
	change, err := s.dir.acquire(ctx, changeLock, s.log)
	if err != nil {
		s.users.release()
		return errors.Join(fmt.Errorf("leave Postgres in %s (the next user stops it): %w", s.dir.path, err), s.dir.close())
	}
	defer change.release()
	if err := s.leave(); err != nil {
		return errors.Join(fmt.Errorf("stop Postgres in %s: %w", s.dir.path, err), s.dir.close())
	}
	return s.dir.close()
}
