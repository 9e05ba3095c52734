package localpg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/lib/pq"
)

const (
	superuser = "postgres"

	// loopback is where Postgres listens; a name would be at the mercy of /etc/hosts.
	loopback = "127.0.0.1"

	// patience is how long Start puts up with what passes by itself: a port that was taken a moment ago, a server
	// that has just crashed and is coming back; and after how long it says that it waits for processes of a killed one.
	patience = 30 * time.Second

	// pollEvery is the pause between two looks at something that another process changes.
	pollEvery = 50 * time.Millisecond

	// connectTimeout bounds one attempt to connect, so that a cancelled Start does not hang on a silent server.
	connectTimeout = 5 * time.Second
)

// Address returns where Postgres listens on the loopback interface, for programs such as Grafana that connect by TCP.
func (s *Server) Address() (host string, port int) { return s.host, s.port }

// Socket returns the folder of Postgres's Unix socket, as libpq's "host" wants it, or "" where this process cannot
// reach it (it was cleaned away, or /tmp is private to another service); TCP still works then.
func (s *Server) Socket() string { return s.socket }

// SuperuserURL returns a connection URL for the superuser of the cluster, by socket if there is one. It holds the
// password: do not log it.
func (s *Server) SuperuserURL(database string) string {
	query := url.Values{"sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", User: url.UserPassword(superuser, s.password), Path: "/" + database}
	if s.socket != "" {
		query.Set("host", s.socket)
		query.Set("port", strconv.Itoa(s.port))
	} else {
		u.Host = net.JoinHostPort(s.host, strconv.Itoa(s.port))
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// reach notes how a running server is reached.
func (s *Server) reach(running postmaster) {
	s.host, s.port = loopback, running.port
	if _, err := os.Stat(filepath.Join(running.sockets, socketName(running.port))); err == nil {
		s.socket = running.sockets
	}
}

// EnsureDatabase creates the database of this name, in UTF-8, if it does not exist. Several processes may do so at once.
func (s *Server) EnsureDatabase(ctx context.Context, name string) error {
	db, err := s.open()
	if err != nil {
		return err
	}
	defer db.Close()
	var exists bool
	err = db.QueryRowContext(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&exists)
	if err != nil {
		return fmt.Errorf("look for database %q: %w", name, err)
	}
	if exists {
		return nil
	}
	// From template0, because nobody can be connected to that one, which would make the statement fail.
	_, err = db.ExecContext(ctx, `create database `+pq.QuoteIdentifier(name)+` template template0`)
	if err != nil && !alreadyThere(err) {
		return fmt.Errorf("create database %q: %w", name, err)
	}
	return nil
}

// alreadyThere recognises a database that somebody else has created: before our statement or, as a violated unique
// index of the catalogue, during it.
func alreadyThere(err error) bool {
	pgErr, ok := errors.AsType[*pq.Error](err)
	return ok && (pgErr.Code == "42P04" || pgErr.Code == "23505")
}

// awaitAnswer returns when the server answers a connection.
func (s *Server) awaitAnswer(ctx context.Context) error {
	db, err := s.open()
	if err != nil {
		return err
	}
	defer db.Close()
	patient, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := db.PingContext(patient)
		if err == nil {
			return nil
		}
		if pgErr, ok := errors.AsType[*pq.Error](err); ok && pgErr.Code.Class() == "28" {
			return fmt.Errorf("%s does not hold the password of user %s (restore the file, or choose another --data-dir): %w",
				s.dir.file(passwordFile), superuser, err)
		}
		if pause(patient) != nil {
			if ctx.Err() != nil {
				return fmt.Errorf("wait for Postgres to answer: %w", context.Cause(ctx))
			}
			return fmt.Errorf("the server runs but does not answer (see %s): %w", s.dir.file(logFile), err)
		}
	}
}

// open connects to the cluster's own database, on one connection at a time.
func (s *Server) open() (*sql.DB, error) {
	connector, err := pq.NewConnector(s.SuperuserURL("postgres") + fmt.Sprintf("&connect_timeout=%d", int(connectTimeout.Seconds())))
	if err != nil {
		return nil, fmt.Errorf("connect to Postgres: %w", err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	return db, nil
}

// pause waits until it is worth looking again, or returns why there is no point.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(pollEvery):
		return nil
	}
}
