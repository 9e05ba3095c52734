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
