package store_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/upload"
)

// When a connection breaks after COMMIT was sent, nobody is told whether it came
// through. Trying again tells.
func TestConnectionBreaksWhileCommitting(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	broken := *i
	broken.Store = i.behind(t, newCutter(t))
	broken.Service.Store = broken.Store
	file := keyed("a", months("aldermoor", 21, rising))

	_, err := broken.Import(t.Context(), file)
	if !errors.Is(err, store.ErrUnreachable) {
		t.Fatalf("the import ended with %v: its connection was not cut", err)
	}
	record := i.record(t, 1)
	report := i.import1(t, file)
	if record.State != upload.Applied || report.Upload != 1 || report.Counts.New != 21 || !report.Applied {
		t.Errorf("upload 1 is %s; trying again answers %+v", record.State, report)
	}
	if n := i.count(t, `select count(*) from citygauge.observation_revision`); n != 21 {
		t.Errorf("%d revisions, want 21", n)
	}

	shown := i.preview(t, request(months("brightwater", 3, rising)))
	if _, err := broken.Commit(t.Context(), shown.Token, aide); !errors.Is(err, store.ErrUnreachable) {
		t.Fatalf("the commit ended with %v", err)
	}
	want := "this token does not commit a preview: it was used, and upload 2 was applied"
	if _, err := i.Commit(t.Context(), shown.Token, aide); !errors.Is(err, upload.ErrNoToken) || err.Error() != want {
		t.Errorf("committing again ended with %v, want %s", err, want)
	}

	if _, err := broken.Revert(t.Context(), 1, aide); !errors.Is(err, store.ErrUnreachable) {
		t.Fatalf("the revert ended with %v", err)
	}
	if _, err := i.Revert(t.Context(), 1, aide); !errors.Is(err, upload.ErrNotApplied) {
		t.Errorf("reverting again ended with %v", err)
	}
	if diff := cmp.Diff([]string{"2024-01", "2024-02", "2024-03"}, periods(i.present(t))); diff != "" {
		t.Errorf("what stands (-want +got):\n%s", diff)
	}
}

func periods(all []observation) []string {
	var list []string
	for _, o := range all {
		list = append(list, o.Period)
	}
	return list
}

// behind opens the installation's database through a cutter.
func (i *installation) behind(t *testing.T, c *cutter) *store.Store {
	t.Helper()
	at, err := url.Parse(i.db.URL)
	if err != nil {
		t.Fatal(err)
	}
	at.Host, at.RawQuery = c.address(), "sslmode=disable"
	s, err := store.Open(t.Context(), at.String(), onToday, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// cutter passes connections on to the tests' Postgres, and cuts each where an
// upload is committed: Postgres has the COMMIT, and its answer is lost.
type cutter struct {
	net.Listener
	to  string
	all sync.WaitGroup
}

func newCutter(t *testing.T) *cutter {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host, port := testdb.Server(t).Address()
	c := &cutter{Listener: listener, to: net.JoinHostPort(host, strconv.Itoa(port))}
	c.all.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			c.all.Go(func() { c.pass(client) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		c.all.Wait()
	})
	return c
}

func (c *cutter) address() string { return c.Addr().String() }

func (c *cutter) pass(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", c.to)
	if err != nil {
		return
	}
	defer server.Close()
	cut := make(chan struct{})
	var back sync.WaitGroup
	defer back.Wait()
	back.Go(func() {
		defer client.Close()
		answer := make([]byte, 1<<16)
		for {
			n, err := server.Read(answer)
			if err != nil {
				return
			}
			select {
			case <-cut: // Postgres has committed
				return
			default:
			}
			if _, err := client.Write(answer[:n]); err != nil {
				return
			}
		}
	})
	defer server.Close()
	recording := false
	said := make([]byte, 1<<16)
	for {
		n, err := client.Read(said)
		recording = recording || bytes.Contains(said[:n], []byte("update citygauge.upload set report"))
		if recording && bytes.Contains(said[:n], []byte("COMMIT\x00")) {
			close(cut)
			if _, err := server.Write(said[:n]); err != nil {
				return
			}
			back.Wait()
			return
		}
		if _, err := server.Write(said[:n]); err != nil {
			return
		}
		if err != nil {
			return
		}
	}
}
