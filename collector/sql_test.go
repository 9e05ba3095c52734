package collector_test

import (
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/testdb"
)

// cityDatabase is a source in a database of the city's own, in a schema that
// another program made.
func cityDatabase(t testing.TB, records int) (programme.Source, func(string)) {
	t.Helper()
	db := incidents(t, records)
	var name string
	if err := db.Get(&name, `select current_database()`); err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(testdb.ElsewhereServer(t).SuperuserURL(name))
	if err != nil {
		t.Fatal(err)
	}
	password, _ := at.User.Password()
	t.Setenv("CITY_PASSWORD", password)
	s := programme.Source{
		Kind: "sql", User: at.User.Username(), Password: "${env:CITY_PASSWORD}", Query: "select * from incidents -- all of them",
		Indicator: "thefts", Fields: programme.SourceFields{Date: "reported"}, Aggregate: "count",
	}
	s.URL = "postgres://" + overTCP(t, filepath.Join(at.Query().Get("host"), ".s.PGSQL."+at.Query().Get("port"))) + at.Path + "?sslmode=disable"
	return s, func(statement string) { db.MustExec(statement) }
}

// overTCP is an address that leads to a socket.
func overTCP(t testing.TB, socket string) string {
	t.Helper()
	return overCut(t, socket, func() io.Writer { return io.Discard })
}

// overCut is one on which what the database says also goes to a writer, whose
// error breaks the connection off.
func overCut(t testing.TB, socket string, also func() io.Writer) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	t.Cleanup(func() { listener.Close(); group.Wait() })
	group.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("unix", socket)
			if err != nil {
				t.Error(err)
				client.Close()
				return
			}
			group.Go(func() {
				io.Copy(server, client)
				server.Close()
			})
			group.Go(func() {
				io.Copy(client, io.TeeReader(server, also()))
				client.Close()
				server.Close()
			})
		}
	})
	return listener.Addr().String()
}

func TestSQLCountsAsWeDo(t *testing.T) {
	counted, _ := cityDatabase(t, 20_000)
	for _, date := range []string{"reported", "reported_at"} {
		t.Run("by "+date, func(t *testing.T) {
			there, here := counted, counted
			there.Fields.Date, here.Fields.Date, here.Kind = date, date, "sql-pulled"
			agree(t, there, here)
			if err := collector.TryWatched(t.Context(), quick(t), springfield(there), today, func(programme.SourceKey) { t.Error("records are pulled one by one") }); err != nil {
				t.Error(err)
			}
		})
	}
}

// cutAfter breaks off after so many bytes.
type cutAfter struct {
	mu   sync.Mutex // several connections may be cut by one
	left int
}

func (c *cutAfter) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := min(len(p), c.left)
	if c.left -= n; n < len(p) {
		return n, io.ErrShortWrite
	}
	return n, nil
}

// counted counts bytes.
type counted struct{ n atomic.Int64 }

func (c *counted) Write(p []byte) (int, error) { c.n.Add(int64(len(p))); return len(p), nil }

// Wherever the connection breaks, the pull fails, unless everything had come.
func TestCutsOfSQLAreErrors(t *testing.T) {
	s, do := cityDatabase(t, 3)
	do(`delete from incidents where _id > 2`)
	var socket string
	{
		at, err := url.Parse(testdb.ElsewhereServer(t).SuperuserURL("postgres"))
		if err != nil {
			t.Fatal(err)
		}
		socket = filepath.Join(at.Query().Get("host"), ".s.PGSQL."+at.Query().Get("port"))
	}
	at, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	s.Kind = "sql-pulled"
	var all counted
	var cut atomic.Pointer[cutAfter]
	at.Host = overCut(t, socket, func() io.Writer {
		if c := cut.Load(); c != nil {
			return c
		}
		return &all
	})
	s.URL = at.String()
	client := quick(t)
	whole := rows(t, client, s)
	failed := 0
	for n := range int(all.n.Load()) {
		cut.Store(&cutAfter{left: n})
		trial, err := try(t, client, s)
		switch {
		case err != nil:
			failed++
		case written(trial) != whole:
			t.Errorf("cut after %d bytes, it is a success with\n%s", n, written(trial))
		}
	}
	if all.n.Load() < 500 || failed < 500 {
		t.Errorf("of %d cuts, %d failed", all.n.Load(), failed)
	}
	t.Logf("%d cuts, of which %d failed and the others were whole", all.n.Load(), failed)
}

// A date that is none is no matter where its record speaks of something else.
func TestDatesOfWhatNobodyAsksFor(t *testing.T) {
	s, do := cityDatabase(t, 200)
	do(`update incidents set reported = 'infinity', measure = 'other' where _id = 7`)
	s.Indicator, s.Fields.Indicator, s.Where = "", "measure", "measure = 'thefts'"
	pulled := s
	pulled.Kind = "sql-pulled"
	if there, here := rows(t, quick(t), s), rows(t, quick(t), pulled); there != here {
		t.Errorf("counted there: %s, and here: %s", there, here)
	}
}

func TestTrapsOfSQL(t *testing.T) {
	s, do := cityDatabase(t, 100)
	for _, c := range []struct {
		name   string
		change func(*programme.Source)
		reason collector.Reason
		words  string
	}{
		{"a statement that writes", func(s *programme.Source) { s.Query = "delete from incidents returning *" }, collector.Refused, "syntax error"},
		{"one that leaves the transaction that may only read", func(s *programme.Source) {
			s.Query = "select 1) r; commit; drop table incidents; select * from (select 1"
		}, collector.Refused, "cannot insert multiple commands into a prepared statement"},
		{"a function that writes", func(s *programme.Source) { s.Query = "select *, setval('counter', 9) from incidents" }, collector.Refused, "read-only transaction"},
		{"a wrong password", func(s *programme.Source) { s.User = "nobody" }, collector.Refused, "nobody"},
		{"a column that is gone", func(s *programme.Source) { s.Fields.Date = "occurred" }, collector.MissingColumn, "no column occurred: it has _id"},
		{"days that are written as moments", func(s *programme.Source) {
			s.Query = "select (date_trunc('day', reported) at time zone 'UTC') as reported from incidents"
		}, collector.BadRecord, "each date is a midnight, such as "},
		{"a secret that is not there", func(s *programme.Source) { s.Password = "${env:NOT_SET}" }, collector.NoSecret, "NOT_SET is not set"},
		{"a database that is not there", func(s *programme.Source) { s.URL = "postgres://127.0.0.1:1/x?sslmode=disable" }, collector.Unreachable, "refused"},
		{"a database in a private network", func(s *programme.Source) { s.URL = "postgres://10.1.2.3:5432/x?sslmode=disable" }, collector.NotAllowed, "--allow-network 10.1.2.3/32"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "a function that writes" {
				do(`create sequence counter`)
			}
			source := s
			c.change(&source)
			_, err := try(t, quick(t), source)
			wantFailure(t, err, c.reason, c.words)
		})
	}
	if got := rows(t, quick(t), s); strings.Count(got, "\n") == 0 {
		t.Error("the incidents are gone")
	}
}
