package collector_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

func drop(t testing.TB, folder, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// serverVariable has this test's program be a server that collects: it names the
// database.
const serverVariable = "CITYGAUGE_TEST_COLLECTOR"

// collectUntilKilled is that server.
func collectUntilKilled() int {
	ctx := context.Background()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	s, err := store.Open(ctx, os.Getenv(serverVariable), onToday, log)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	client := collector.NewClient(collector.ClientOptions{AllowNetworks: loopback, PerSecond: -1, Connections: 16})
	service := collector.New(s, &upload.Service{Store: s, Now: time.Now, Today: onToday}, client, collector.Options{
		Server: "doomed", Now: time.Now, Today: onToday, Poll: 10 * time.Millisecond, Lease: 2 * time.Second, Log: log,
	})
	if err := service.Run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// pages is a portal of 200 pages, which says when one is asked for.
type pages struct {
	fakeCKAN
	mu    sync.Mutex
	asked int
	hold  chan struct{} // the hundredth page waits for it, if it is there
	half  chan struct{}
}

func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked++
	hold := p.asked == 100 && p.hold != nil
	p.mu.Unlock()
	if hold {
		close(p.half)
		<-p.hold
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fakeCKAN.ServeHTTP(w, r)
}

func newPages(hold chan struct{}) *pages {
	return &pages{fakeCKAN: fakeCKAN{records: 20_000, most: 100, columns: newCKAN().columns}, hold: hold, half: make(chan struct{})}
}

// The server that collects is killed in the middle of 200 pages. Another takes
// over, and what stands in the end is what an undisturbed pull makes.
func TestAnotherServerTakesOver(t *testing.T) {
	undisturbed := newPages(nil)
	s := ckan(serve(t, undisturbed.ServeHTTP))
	p := springfield(s)
	calm := install(t, p)
	if run := calm.collectNow(t, quick(t), p)[0]; run.Outcome != source.Applied || undisturbed.asked < 200 {
		t.Fatalf("undisturbed, the run is %+v after %d pages", run, undisturbed.asked)
	}

	hold := make(chan struct{})
	disturbed := newPages(hold)
	s = ckan(serve(t, disturbed.ServeHTTP))
	s.Schedule = "0 6 * * *"
	i := install(t, springfield(s))
	doomed := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0])
	doomed.Env = append(os.Environ(), serverVariable+"="+i.at)
	if err := doomed.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { doomed.Process.Kill() })
	<-disturbed.half
	seen := &runs{}
	service := newService(t, i.Store, quick(t), seen, func(o *collector.Options) { o.Server = "heir" })
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- service.Run(ctx) }()
	if err := doomed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	doomed.Wait()
	close(hold)
	await(t, "another server takes over", func() bool { return len(seen.list()) > 0 })
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if run := seen.list()[0]; run.Outcome != source.Applied || run.Server != "heir" || run.Records != 20_000 {
		t.Errorf("the run that took over is %+v", run)
	}
	if diff := cmp.Diff(calm.observations(t), i.observations(t)); diff != "" || diff == "" && i.observations(t) == "" {
		t.Errorf("observations (-undisturbed +taken over):\n%s", diff)
	}
	if n := i.number(t, `select count(*) from citygauge.observation_revision`); n != 2 {
		t.Errorf("there are %d revisions of 2 observations", n)
	}
	if n := i.number(t, `select count(*) from citygauge.upload`); n != 1 {
		t.Errorf("there are %d uploads", n)
	}
}

// The server is killed while it takes in many small deliveries, some at a time:
// when the first are taken in, and nobody was told, and when the first runs have
// ended. Another takes over, and each is taken in once.
func TestAnotherServerTakesOverAmongMany(t *testing.T) {
	for _, table := range []string{"upload", "source_run"} {
		t.Run(table, func(t *testing.T) { killedAmongMany(t, `select count(*) from citygauge.`+table) })
	}
}

func killedAmongMany(t *testing.T, begun string) {
	const cities, each = 12, 20
	url := answer(t, csvText, "Month,Thefts\n2026-01,9\n2026-02,7\n")
	var p programme.Programme
	for c := range cities {
		city := springfield().Cities[0]
		city.ID = fmt.Sprintf("city-%d", c)
		p.Cities = append(p.Cities, city)
		for n := range each {
			i, one := springfield().Indicators[0], thefts(url)
			i.City, i.ID, i.Title = city.ID, fmt.Sprintf("i%d", n), fmt.Sprintf("Indicator %d", n)
			one.City, one.ID, one.Indicator, one.Schedule = city.ID, fmt.Sprintf("s%d", n), i.ID, "0 6 * * *"
			p.Indicators, p.Sources = append(p.Indicators, i), append(p.Sources, one)
		}
	}
	i := install(t, p)
	doomed := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0])
	doomed.Env = append(os.Environ(), serverVariable+"="+i.at)
	if err := doomed.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { doomed.Process.Kill() })
	await(t, "something is taken in", func() bool { return i.number(t, begun) > 0 })
	if err := doomed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	doomed.Wait()
	seen := &runs{}
	service := newService(t, i.Store, quick(t), seen, func(o *collector.Options) { o.Server = "heir" })
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- service.Run(ctx) }()
	await(t, "every source is pulled", func() bool {
		return i.number(t, `select count(*) from citygauge.source_state where runs_applied > 0`) == cities*each
	})
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	before := i.number(t, `select count(*) from citygauge.source_run where server = 'doomed'`)
	if n := len(seen.list()); n == 0 || n != cities*each-before {
		t.Errorf("who took over made %d runs, after %d of %d", n, before, cities*each)
	}
	for what, query := range map[string]string{
		"observation with its value": `select count(*) from citygauge.observation where value = case period_start when '2026-01-01' then 9 else 7 end`,
		"revision":                   `select count(*) from citygauge.observation_revision`,
		"revision of an upload":      `select count(*) from citygauge.observation_revision join citygauge.upload using (upload_id) where state = 'applied'`,
	} {
		if n := i.number(t, query); n != 2*cities*each {
			t.Errorf("there are %d of each %s, want %d", n, what, 2*cities*each)
		}
	}
	for what, query := range map[string]string{
		"upload": `select count(*) from citygauge.upload`,
		"run":    `select count(*) from citygauge.source_run where outcome = 'applied'`,
		"entry":  `select count(*) from citygauge.audit where action = 'upload'`,
		"file":   `select count(*) from citygauge.upload join citygauge.upload_file using (sha256)`,
	} {
		if n := i.number(t, query); n != cities*each {
			t.Errorf("there are %d of each %s, want %d", n, what, cities*each)
		}
	}
}

// lately has something happen before deliveries are taken in.
type lately struct {
	*upload.Service
	happen func([]upload.Request)
}

func (l lately) ImportAll(ctx context.Context, all []upload.Request) []upload.Outcome {
	l.happen(all)
	return l.Service.ImportAll(ctx, all)
}

// A claim that is lost while others' deliveries are taken in is lost for its own,
// too, and for none of theirs.
func TestAClaimLostAmongMany(t *testing.T) {
	var p programme.Programme
	for n := range 3 {
		one := springfield(thefts(answer(t, csvText, "Month,Thefts\n2026-01,9\n")))
		one.Cities[0].ID = fmt.Sprintf("city-%d", n)
		one.Indicators[0].City, one.Sources[0].City = one.Cities[0].ID, one.Cities[0].ID
		p.Cities, p.Indicators, p.Sources = append(p.Cities, one.Cities[0]), append(p.Indicators, one.Indicators[0]), append(p.Sources, one.Sources[0])
	}
	i := install(t, p)
	seen := &runs{}
	uploads := lately{&upload.Service{Store: i.Store, Now: time.Now, Today: onToday}, func(all []upload.Request) {
		i.db.MustExec(`update citygauge.source_state set claim = claim + 1, claimed_by = 'another' where city_id in (select city_id from citygauge.city where slug = 'city-2')`)
		for _, r := range all {
			if r.Scope[0] == "city-2" {
				await(t, "the loss is noticed", func() bool { _, err := r.Content(); return err != nil })
			}
		}
	}}
	service := collector.New(i.Store, uploads, quick(t), collector.Options{
		Server: "slow", Now: time.Now, Today: onToday, Lease: 3 * time.Second, Observe: seen.observe,
	})
	var keys []programme.SourceKey
	for _, s := range p.Sources {
		keys = append(keys, s.Key())
	}
	if _, err := service.Collect(t.Context(), keys); err != nil {
		t.Fatal(err)
	}
	const want = "city-0/thefts 2026-01-01 9 final r1\ncity-1/thefts 2026-01-01 9 final r1"
	if diff := cmp.Diff(want, i.observations(t)); diff != "" || len(seen.list()) != 2 {
		t.Errorf("%d runs came to (-want +got):\n%s", len(seen.list()), diff)
	}
}

// A server that is told to end when it is about to take deliveries in gives their
// sources back, and keeps nothing; a run that was through is kept.
func TestEndingAmongMany(t *testing.T) {
	p := springfield(thefts(answer(t, csvText, "Month,Thefts\n2026-01,9\n")))
	keys := []programme.SourceKey{p.Sources[0].Key()}
	for name, applied := range map[string]int{"before": 0, "after": 1} {
		t.Run(name, func(t *testing.T) {
			i := install(t, p)
			ctx, end := context.WithCancel(t.Context())
			defer end()
			seen := &runs{}
			uploads := lately{&upload.Service{Store: i.Store, Now: time.Now, Today: onToday}, func([]upload.Request) {
				if name == "before" {
					end()
				}
			}}
			uploads.Observe = func(upload.Report, error, time.Duration) { end() }
			service := collector.New(i.Store, uploads, quick(t), collector.Options{Server: "ending", Now: time.Now, Today: onToday, Observe: seen.observe})
			if _, err := service.Collect(ctx, keys); err == nil {
				t.Error("it did not end")
			}
			if n := i.number(t, `select count(*) from citygauge.source_state where leased_until is null and failures = 0`); n != 1 || len(seen.list()) != applied {
				t.Errorf("%d sources are given back, after %+v", n, seen.list())
			}
			if n := i.number(t, `select count(*) from citygauge.upload`); n != applied {
				t.Errorf("there are %d uploads, want %d", n, applied)
			}
			i.collectNow(t, quick(t), p)
			if got := i.observations(t); got != "springfield/thefts 2026-01-01 9 final r1" || i.number(t, `select count(*) from citygauge.upload`) != 1 {
				t.Errorf("afterwards there is %q", got)
			}
		})
	}
}
