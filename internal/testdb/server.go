package testdb

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/localpg"
)

// Postgres is a server for tests, or a cluster of them, reached by that of its
// coordinator.
type Postgres struct {
	// nodes are the servers, the coordinator first: each answers with the URL by
	// which its superuser enters a database.
	nodes       []func(database string) string
	maintenance string // a database that is always there
	host        string
	port        int
	coordinator string       // as the workers name it
	close       func() error // of a private one
}

func private(t testing.TB, ctx context.Context) *Postgres {
	t.Helper()
	server, err := localpg.Start(ctx, localpg.Options{
		Dir:      filepath.Join(os.TempDir(), fmt.Sprintf("citygauge-test-%d", os.Getuid())),
		Settings: map[string]string{"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300"},
	})
	if err != nil {
		t.Fatalf("a real Postgres is needed: %v", err)
	}
	s := &Postgres{nodes: []func(string) string{server.SuperuserURL}, maintenance: "postgres", close: server.Close}
	s.host, s.port = server.Address()
	return s
}

// SuperuserURL is the URL by which a superuser enters a database.
func (s *Postgres) SuperuserURL(database string) string { return s.nodes[0](database) }

// Address is where the server listens.
func (s *Postgres) Address() (host string, port int) { return s.host, s.port }

// Workers are the URLs by which a superuser enters a database on the workers of
// a Citus.
func (s *Postgres) Workers(database string) []string {
	var all []string
	for _, worker := range s.nodes[1:] {
		all = append(all, worker(database))
	}
	return all
}

// login is the URL by which the server of an installation enters a database.
func (s *Postgres) login(t testing.TB, database string) string {
	t.Helper()
	at, err := url.Parse(s.SuperuserURL(database))
	if err != nil {
		t.Fatal(err)
	}
	password, _ := at.User.Password()
	at.User = url.UserPassword(prefix, password)
	return at.String()
}

// each does something to every server.
func (s *Postgres) each(do func(admin *sqlx.DB) error) error {
	for _, node := range s.nodes {
		admin, err := sqlx.Open("postgres", node(s.maintenance))
		if err != nil {
			return err
		}
		if err := errors.Join(do(admin), admin.Close()); err != nil {
			return err
		}
	}
	return nil
}

func (s *Postgres) isCitus() bool { return len(s.nodes) > 1 }

func (s *Postgres) dropAfter(t testing.TB, database string) {
	t.Helper()
	t.Cleanup(func() {
		if err := s.drop(database); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
}

// drop removes a database from every server. The processes that a Citus has in
// each database come back for as long as they may enter it.
func (s *Postgres) drop(database string) error {
	name := pq.QuoteIdentifier(database)
	if s.isCitus() {
		if err := s.each(func(admin *sqlx.DB) error { return shut(admin, database) }); err != nil {
			return err
		}
	}
	return s.each(func(admin *sqlx.DB) (err error) {
		for range 10 { // the server waits a while each time
			_, err = admin.Exec("drop database if exists " + name + " with (force)")
			if e, ok := errors.AsType[*pq.Error](err); !ok || e.Code != objectInUse {
				return err
			}
		}
		return err
	})
}

// shut lets nobody enter a database any more.
func shut(admin *sqlx.DB, database string) error {
	_, err := admin.Exec("alter database " + pq.QuoteIdentifier(database) + " allow_connections false")
	if e, ok := errors.AsType[*pq.Error](err); ok && e.Code == noDatabase {
		return nil
	}
	return err
}

const noDatabase, objectInUse = "3D000", "55006"
