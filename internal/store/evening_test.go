package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/localpg"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/upload"
)

// A deadline evening: so many aides, each with a city of their own, and some
// cities that many of them write to.
const (
	aides        = 100
	sharedCities = 3
	ownMonths    = 12
	badEvery     = 10 // one in so many files has an error
)

// TestDeadlineEvening has all aides upload at once while Postgres crashes, comes
// back, and is restarted in good order. Every upload is applied once or refused
// with its problem; none is lost, none is there twice.
func TestDeadlineEvening(t *testing.T) {
	pg := newPostgres(t)
	i := pg.install(t)
	i.apply(t, cities(aides+sharedCities))

	var answered, tries, lost, taken atomic.Int64
	i.Observe = func(_ upload.Report, err error, _ time.Duration) {
		if err == nil {
			taken.Add(1)
		}
	}
	crash, restart := make(chan struct{}), make(chan struct{})
	reports := make([]upload.Report, aides)
	began := time.Now()
	var all sync.WaitGroup
	for n := range aides {
		all.Go(func() {
			wait := 10 * time.Millisecond
			for {
				tries.Add(1)
				var err error
				if reports[n], err = i.Import(t.Context(), aideFile(n)); !errors.Is(err, store.ErrUnreachable) {
					if err != nil {
						t.Errorf("aide %d was told %v", n, err)
					}
					break
				}
				lost.Add(1)
				<-time.After(wait) // as a client would
				wait = min(2*wait, 320*time.Millisecond)
			}
			switch answered.Add(1) {
			case aides / 4:
				close(crash)
			case aides * 2 / 3:
				close(restart)
			}
		})
	}
	<-crash
	pg.stop(t, syscall.SIGQUIT)
	<-restart
	pg.stop(t, syscall.SIGINT)
	all.Wait()
	t.Logf("%d aides, answered within %v by %d tries, %d of which met no database, and %d of which found that an earlier one had come through",
		aides, time.Since(began).Round(time.Millisecond), tries.Load(), lost.Load(), aides-taken.Load())

	if lost.Load() == 0 {
		t.Error("no upload met a Postgres that was not there")
	}
	i.evening(t, reports)
}

// evening makes sure that what is there is what the aides were told.
func (i *installation) evening(t *testing.T, reports []upload.Report) {
	t.Helper()
	var told upload.Counts
	numbers := map[int64]bool{}
	for n, r := range reports {
		bad := n%badEvery == 0
		if r.Applied == bad || r.Refused() != bad || len(r.Problems) > 0 != bad {
			t.Errorf("aide %d was told %+v", n, r)
		}
		record, kept, err := i.Upload(t.Context(), nil, r.Upload)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, kept, equate, cmp.AllowUnexported(upload.Report{})); diff != "" || record.Account != aideName(n) {
			t.Errorf("aide %d was told otherwise than is kept of %s (-told +kept):\n%s", n, record.Account, diff)
		}
		numbers[r.Upload] = true
		told.New += r.Counts.New
		told.Changed += r.Counts.Changed
	}
	const good = aides - aides/badEvery
	for _, c := range []struct {
		what, query string
		want        int
	}{
		{"uploads", `select count(*) from citygauge.upload`, aides},
		{"applied uploads", `select count(*) from citygauge.upload where state = 'applied'`, good},
		{"numbers that were told", fmt.Sprintf(`select %d`, len(numbers)), aides},
		{"revisions", `select count(*) from citygauge.observation_revision`, int(told.New + told.Changed)},
		{"observations", `select count(*) from citygauge.observation`, int(told.New)},
		{"revisions of the aides' own months", fmt.Sprintf(`select count(*) from citygauge.observation_revision where city_id <= %d`, aides), good * ownMonths},
		{"revisions of what all of them write", `select count(*) from citygauge.observation_revision where city_id > ` + strconv.Itoa(aides), good},
		{"uploads that changed it twice, or not", fmt.Sprintf(`
			select count(*) from (
			  select upload_id from citygauge.upload left join citygauge.observation_revision r using (upload_id)
			  where state = 'applied' group by upload_id
			  having count(*) filter (where city_id <= %[1]d) <> %[2]d or count(*) filter (where city_id > %[1]d) <> 1
			) wrong`, aides, ownMonths), 0},
		{"files", `select count(distinct sha256) from citygauge.upload_file`, aides},
	} {
		if got := i.count(t, c.query); got != c.want {
			t.Errorf("%d %s, want %d", got, c.what, c.want)
		}
	}
	i.wholeHistory(t)
}

func aideName(n int) string { return fmt.Sprintf("aide-%03d", n) }

// aideFile is an aide's year, and their word on a month of a shared city.
func aideFile(n int) upload.Request {
	own, shared := cityName(n), cityName(aides+n%sharedCities)
	file := months(own, ownMonths, func(m int) string { return strconv.Itoa(n*100 + m) }) + shared + ",thefts,2025-01," + strconv.Itoa(n) + "\n"
	if n%badEvery == 0 {
		file += own + ",thefts,2025-02,x\n"
	}
	r := request(file)
	r.Account, r.Scope, r.Key = aideName(n), upload.Scope{own, shared}, "evening"
	return r
}

func cityName(n int) string { return fmt.Sprintf("city-%03d", n) }

// cities is a programme of so many cities, whose ids are in their order.
func cities(n int) programme.Programme {
	p := twoCities()
	city, indicator, target := p.Cities[0], p.Indicators[0], p.Targets[0]
	p.Cities, p.Indicators, p.Targets = nil, nil, nil
	for c := range n {
		city.ID = cityName(c)
		indicator.City, target.City = city.ID, city.ID
		p.Cities, p.Indicators, p.Targets = append(p.Cities, city), append(p.Indicators, indicator), append(p.Targets, target)
	}
	return p
}

// postgres is a server of a test's own, which may be stopped.
type postgres struct {
	dir string
	url string // of an installation's database
}

func newPostgres(t *testing.T) *postgres {
	t.Helper()
	parent := t.TempDir()
	for _, dir := range []string{parent, filepath.Dir(parent)} { // the user that Postgres runs as enters them
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	p := &postgres{dir: filepath.Join(parent, "data")}
	server := p.start(t)
	var err error
	if p.url, err = store.Bootstrap(t.Context(), server.SuperuserURL("postgres"), "citygauge", "cgevening"); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *postgres) start(t *testing.T) *localpg.Server {
	t.Helper()
	// What was committed is kept when Postgres crashes, as it is by default;
	// a machine that crashes is not what is tried here.
	server, err := localpg.Start(t.Context(), localpg.Options{Dir: p.dir, Settings: map[string]string{"fsync": "off"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// stop ends Postgres by a signal, and starts it again.
func (p *postgres) stop(t *testing.T, signal syscall.Signal) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.dir, "postgres", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.SplitN(string(text), "\n", 2)[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, signal); err != nil {
		t.Fatal(err)
	}
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(time.Minute); syscall.Kill(pid, 0) == nil; <-look.C {
		if time.Now().After(end) {
			t.Fatal("Postgres does not end")
		}
	}
	p.start(t)
}

func (p *postgres) install(t *testing.T) *installation {
	t.Helper()
	s, err := store.Open(context.Background(), p.url, onToday, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &installation{s, upload.Service{Store: s, Now: time.Now, Today: onToday}, testdb.Database{URL: p.url}}
}
