package collector_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/upload"
)

func onToday(programme.City) programme.Date { return today }

// installation is a database with a programme, and a store.
type installation struct {
	*store.Store
	db *sqlx.DB
	at string
}

func install(t testing.TB, p programme.Programme) *installation {
	t.Helper()
	at := testdb.New(t)
	i := &installation{Store: open(t, at.URL), db: sqlx.MustOpen("postgres", at.Superuser), at: at.URL}
	t.Cleanup(func() { i.db.Close() })
	i.apply(t, p)
	return i
}

func open(t testing.TB, at string) *store.Store {
	t.Helper()
	s, err := store.Open(context.WithoutCancel(t.Context()), at, onToday, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (i *installation) apply(t testing.TB, p programme.Programme) {
	t.Helper()
	for _, f := range append(p.Check(), collector.Check(p)...) {
		if !f.Warning {
			t.Fatal(f)
		}
	}
	if err := i.Apply(t.Context(), p, store.ApplyOptions{Today: onToday, Agree: func(store.Prospect) bool { return true }}); err != nil {
		t.Fatal(err)
	}
}

// runs are runs as they were told.
type runs struct {
	mu  sync.Mutex
	all []source.Run
}

func (r *runs) observe(one source.Run) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, one)
}

func (r *runs) list() []source.Run {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clip(r.all)
}

func newService(t testing.TB, s *store.Store, c *collector.Client, seen *runs, change ...func(*collector.Options)) *collector.Service {
	t.Helper()
	o := collector.Options{
		Server: "here", Now: time.Now, Today: onToday, Poll: 10 * time.Millisecond, Lease: 3 * time.Second, Observe: seen.observe,
		Log: slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	for _, c := range change {
		c(&o)
	}
	return collector.New(s, &upload.Service{Store: s, Now: time.Now, Today: onToday}, c, o)
}

// testLog has what is logged fail the test.
type testLog struct{ testing.TB }

func (l testLog) Write(p []byte) (int, error) {
	l.Errorf("logged: %s", p)
	return len(p), nil
}

// collectNow pulls the sources of a programme, and gives how that ended.
func (i *installation) collectNow(t testing.TB, c *collector.Client, p programme.Programme, change ...func(*collector.Options)) []source.Run {
	t.Helper()
	var keys []programme.SourceKey
	for _, s := range p.Sources {
		keys = append(keys, s.Key())
	}
	seen := &runs{}
	held, err := newService(t, i.Store, c, seen, change...).Collect(t.Context(), keys)
	if err != nil || len(held) > 0 {
		t.Fatalf("held by others are %v, %v", held, err)
	}
	return seen.list()
}

// observations is what stands, a line each.
func (i *installation) observations(t testing.TB) string {
	t.Helper()
	var lines []string
	if err := i.db.Select(&lines, `
		select format('%s/%s %s %s %s r%s', c.slug, i.slug, o.period_start, o.value, o.status, o.revision)
		from citygauge.observation o join citygauge.city c using (city_id) join citygauge.indicator i using (city_id, indicator_id)
		order by 1`); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

func (i *installation) number(t testing.TB, query string) (n int) {
	t.Helper()
	if err := i.db.Get(&n, query); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestARunIsAnUpload(t *testing.T) {
	content := "Month,Thefts\n2026-01,9\n2026-02,7\n"
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", csvText)
		fmt.Fprint(w, content)
	})
	p := springfield(thefts(url))
	i := install(t, p)
	client := quick(t)

	run := i.collectNow(t, client, p)[0]
	if run.Outcome != source.Applied || run.Records != 2 || run.Upload == 0 {
		t.Errorf("the first run is %+v", run)
	}
	if diff := cmp.Diff("springfield/thefts 2026-01-01 9 final r1\nspringfield/thefts 2026-02-01 7 final r1", i.observations(t)); diff != "" {
		t.Errorf("observations (-want +got):\n%s", diff)
	}
	var kept struct{ Account, Name, Content string }
	if err := i.db.Get(&kept, `
		select account, file_name as name, convert_from(content, 'UTF8') as content
		from citygauge.upload join citygauge.upload_file using (sha256) where upload_id = $1`, run.Upload); err != nil {
		t.Fatal(err)
	}
	const file = "city,indicator,period,value,status\nspringfield,thefts,2026-01,9,\nspringfield,thefts,2026-02,7,\n"
	if kept.Account != "source:police" || kept.Name != "police.csv" || kept.Content != file {
		t.Errorf("the upload is %+v", kept)
	}

	if run = i.collectNow(t, client, p)[0]; run.Outcome != source.Unchanged || i.number(t, `select count(*) from citygauge.upload`) != 1 {
		t.Errorf("the second run is %+v, and there are %d uploads", run, i.number(t, `select count(*) from citygauge.upload`))
	}

	content = "Month,Thefts\n2026-01,9\n2026-02,8\n"
	i.collectNow(t, client, p)
	if diff := cmp.Diff("springfield/thefts 2026-01-01 9 final r1\nspringfield/thefts 2026-02-01 8 final r2", i.observations(t)); diff != "" {
		t.Errorf("observations after a correction (-want +got):\n%s", diff)
	}

	content = "Month,Thefts\n2026-01,9\n2026-02,lots\n"
	run = i.collectNow(t, client, p)[0]
	if run.Outcome != source.Failed || run.Reason != string(collector.Rejected) || !strings.Contains(run.Message, "line 3: lots: this is no number") || run.Upload == 0 {
		t.Errorf("the run with an error is %+v", run)
	}
	if i.number(t, `select count(*) from citygauge.observation_revision`) != 3 {
		t.Error("something of the run with an error was taken in")
	}

	runs, err := i.SourceRuns(t.Context(), nil, "springfield", 10)
	if err != nil {
		t.Fatal(err)
	}
	var outcomes []source.Outcome
	for _, r := range runs {
		outcomes = append(outcomes, r.Outcome)
	}
	if diff := cmp.Diff([]source.Outcome{source.Failed, source.Applied, source.Unchanged, source.Applied}, outcomes); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
	states, err := i.SourceStates(t.Context())
	if err != nil || len(states) != 1 || states[0].Up == nil || *states[0].Up || states[0].Runs[source.Failed] != 1 || states[0].Runs[source.Applied] != 2 {
		t.Errorf("states are %+v, %v", states, err)
	}
	if other, err := i.SourceRuns(t.Context(), upload.Scope{"shelbyville"}, "springfield", 10); err != nil || len(other) != 0 {
		t.Errorf("another city sees %d runs, %v", len(other), err)
	}
}

// What a source takes back stays until somebody looked, and is then withdrawn;
// what it no longer tells, since it is old, stays.
func TestASourceTakesValuesBack(t *testing.T) {
	content := ""
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", csvText)
		fmt.Fprint(w, "Month,Thefts\n"+content)
	})
	p := springfield(thefts(url))
	i := install(t, p)
	client := quick(t)
	const before = "springfield/thefts 2025-12-01 4 final r1\nspringfield/thefts 2026-01-01 9 final r1\nspringfield/thefts 2026-02-01 7 final r1"
	stands := func(want string) {
		t.Helper()
		if diff := cmp.Diff(want, i.observations(t)); diff != "" {
			t.Errorf("observations (-want +got):\n%s", diff)
		}
	}
	content = "2025-12,4\n2026-01,9\n2026-02,7\n"
	i.collectNow(t, client, p)
	content = "2026-01,9\n2026-02,7\n"
	if run := i.collectNow(t, client, p)[0]; run.Outcome != source.Applied {
		t.Errorf("without the oldest month: %+v", run)
	}
	stands(before)
	for name, now := range map[string]string{"gone": "2025-12,4\n2026-02,7\n", "empty": "2025-12,4\n2026-01,\n2026-02,7\n"} {
		content = now
		run := i.collectNow(t, client, p)[0]
		if run.Reason != string(collector.Shrunk) || !strings.Contains(run.Message, "what the source gave before is gone from it: thefts of 2026-01: ") {
			t.Errorf("with January %s: %+v", name, run)
		}
		stands(before)
	}
	accept := func(o *collector.Options) { o.AcceptFewer = true }
	for range 2 {
		if run := i.collectNow(t, client, p, accept)[0]; run.Outcome == source.Failed {
			t.Errorf("accepted: %+v", run)
		}
		stands("springfield/thefts 2025-12-01 4 final r1\nspringfield/thefts 2026-02-01 7 final r1")
	}
	// From then on it is as if it had never been there, and may come again.
	content = "2025-12,4\n2026-01,\n2026-02,8\n"
	i.collectNow(t, client, p)
	stands("springfield/thefts 2025-12-01 4 final r1\nspringfield/thefts 2026-02-01 8 final r2")
	content = "2025-12,4\n2026-01,9\n2026-02,8\n"
	i.collectNow(t, client, p)
	stands("springfield/thefts 2025-12-01 4 final r1\nspringfield/thefts 2026-01-01 9 final r3\nspringfield/thefts 2026-02-01 8 final r2")
}

// What is rare is a number where it can be one; else what stands stays, and the
// source is well.
func TestASourceOfWhatIsRare(t *testing.T) {
	content := ""
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, content) })
	accept := func(o *collector.Options) { o.AcceptFewer = true }
	for function, c := range map[string]struct {
		outcome source.Outcome
		want    string
	}{
		"count": {source.Applied, "springfield/thefts 2026-01-01 0 final r1\nspringfield/thefts 2026-02-01 0 final r2"},
		"mean":  {source.Unchanged, "springfield/thefts 2026-02-01 2 final r1"},
	} {
		s := programme.Source{Kind: "json", URL: url, Indicator: "thefts", Fields: programme.SourceFields{Date: "on"}, Where: "offense = 'THEFT'", Aggregate: function}
		if function == "mean" {
			s.Of = "amount"
		}
		p := springfield(s)
		i := install(t, p)
		client := quick(t)
		content = incidentsOf("2026-01-05|ARSON|2|\n2026-02-03|THEFT|2|")
		i.collectNow(t, client, p)
		content = incidentsOf("2026-01-05|ARSON|2|\n2026-02-03|ARSON|2|")
		if run := i.collectNow(t, client, p)[0]; run.Reason != string(collector.Shrunk) {
			t.Errorf("%s, before anybody looked: %+v", function, run)
		}
		if run := i.collectNow(t, client, p, accept)[0]; run.Outcome != c.outcome {
			t.Errorf("%s, accepted: %+v", function, run)
		}
		if run := i.collectNow(t, client, p)[0]; run.Outcome != source.Unchanged {
			t.Errorf("%s, from then on: %+v", function, run)
		}
		if diff := cmp.Diff(c.want, i.observations(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", function, diff)
		}
	}
}

func TestFilesAsTheyAre(t *testing.T) {
	dropped := t.TempDir()
	drop(t, dropped, "january.csv", "indicator,period,value\nthefts,2026-01,9\n")
	p := springfield(programme.Source{Kind: "csv", URL: "file:."})
	i := install(t, p)
	client := quick(t, func(o *collector.ClientOptions) { o.Files = dropped })
	if run := i.collectNow(t, client, p)[0]; run.Outcome != source.Applied {
		t.Fatalf("the first run is %+v", run)
	}
	drop(t, dropped, "february.csv", "indicator,period,value\nthefts,2026-02,seven\n")
	drop(t, dropped, "quarter.csv", "indicator,period,value\nspent,2025-Q4,1.5\n")
	if run := i.collectNow(t, client, p)[0]; run.Outcome != source.Failed || !strings.Contains(run.Message, "february.csv: line 2: seven") {
		t.Errorf("with a file that has an error, the run is %+v", run)
	}
	drop(t, dropped, "february.csv", "indicator,period,value\nthefts,2026-02,7\n")
	if run := i.collectNow(t, client, p)[0]; run.Outcome != source.Applied {
		t.Errorf("with the file mended, the run is %+v", run)
	}
	if run := i.collectNow(t, client, p)[0]; run.Outcome != source.Unchanged {
		t.Errorf("with nothing new, the run is %+v", run)
	}
	const all = "springfield/spent 2025-10-01 1.5 final r1\nspringfield/thefts 2026-01-01 9 final r1\nspringfield/thefts 2026-02-01 7 final r1"
	if diff := cmp.Diff(all, i.observations(t)); diff != "" {
		t.Errorf("observations (-want +got):\n%s", diff)
	}
	// Each file once, and the one with an error.
	if n := i.number(t, `select count(*) from citygauge.upload`); n != 4 {
		t.Errorf("there are %d uploads", n)
	}
}

// What is due is pulled once, whoever is there to do it.
func TestServersShareTheWork(t *testing.T) {
	const sources = 60
	var mu sync.Mutex
	asked := map[string]int{}
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked[r.URL.Path]++
		mu.Unlock()
		w.Header().Set("Content-Type", csvText)
		fmt.Fprint(w, "Month,Thefts\n2026-01,9\n")
	})
	var all []programme.Source
	for n := range sources {
		s := thefts(fmt.Sprintf("%s/%d", url, n))
		s.ID, s.Schedule = fmt.Sprintf("s%d", n), "0 6 * * *"
		all = append(all, s)
	}
	i := install(t, springfield(all...))
	seen := &runs{}
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for _, name := range []string{"one", "two", "three"} {
		service := newService(t, open(t, i.at), quick(t), seen, func(o *collector.Options) { o.Server, o.Workers = name, 4 })
		group.Go(func() {
			if err := service.Run(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	await(t, "every source is pulled", func() bool { return len(seen.list()) >= sources })
	stop()
	group.Wait()
	for path, n := range asked {
		if n != 1 {
			t.Errorf("%s was asked for %d times", path, n)
		}
	}
	if n := i.number(t, `select count(*) from citygauge.source_run`); n != sources || len(asked) != sources {
		t.Errorf("%d sources were pulled in %d runs", len(asked), n)
	}
	// They are due again by their schedule, not all at once.
	var due struct {
		Times int
		Early int
	}
	if err := i.db.Get(&due, `
		select count(distinct due_at) as times,
		       count(*) filter (where extract(hour from due_at at time zone 'America/Chicago') <> 6 or due_at < now()) as early
		from citygauge.source_state`); err != nil {
		t.Fatal(err)
	}
	if due.Times < sources/2 || due.Early != 0 {
		t.Errorf("they are due at %d times, %d of which are not between six and seven", due.Times, due.Early)
	}
}

// The server dies after the observations were taken in, and before it could say
// so: who takes over takes nothing in again.
func TestDyingAfterTakingIn(t *testing.T) {
	url := answer(t, csvText, "Month,Thefts\n2026-01,9\n")
	p := springfield(thefts(url))
	i := install(t, p)
	first := i.collectNow(t, quick(t), p)[0]
	i.db.MustExec(`delete from citygauge.source_run`)
	i.db.MustExec(`update citygauge.source_state set runs_applied = 0, up = null, succeeded_at = null, records = 0, digest = null, memory = '{}', leased_until = now() - interval '1 second'`)
	again := i.collectNow(t, quick(t), p)[0]
	if again.Outcome != source.Applied || again.Upload != first.Upload || i.number(t, `select count(*) from citygauge.upload`) != 1 {
		t.Errorf("the run was %+v, and again %+v", first, again)
	}
}

// A server that was only slow does not take in what is older than what another
// took in meanwhile.
func TestALostClaimTakesNothingIn(t *testing.T) {
	arrived, goOn := make(chan struct{}, 1), make(chan struct{})
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		arrived <- struct{}{}
		<-goOn
		w.Header().Set("Content-Type", csvText)
		fmt.Fprint(w, "Month,Thefts\n2026-01,9\n")
	})
	p := springfield(thefts(url))
	i := install(t, p)
	seen := &runs{}
	service := newService(t, i.Store, quick(t), seen)
	done := make(chan error, 1)
	go func() {
		_, err := service.Collect(t.Context(), []programme.SourceKey{p.Sources[0].Key()})
		done <- err
	}()
	<-arrived
	i.db.MustExec(`update citygauge.source_state set claim = claim + 1, claimed_by = 'another'`)
	close(goOn)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := i.observations(t); got != "" || len(seen.list()) != 0 || i.number(t, `select count(*) from citygauge.source_run`) != 0 {
		t.Errorf("it took in %q in %d runs", got, len(seen.list()))
	}
}

func TestFailuresAreTriedAgain(t *testing.T) {
	fails := http.StatusBadGateway
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(fails)
	})
	s := thefts(url)
	s.Schedule = "0 0 1 1 *"
	p := springfield(s)
	i := install(t, p)
	now := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	clock := func(o *collector.Options) { o.Now = func() time.Time { return now } }
	client := quick(t, func(o *collector.ClientOptions) { o.Tries = 1 })
	due := func() time.Duration {
		var at time.Time
		if err := i.db.Get(&at, `select due_at from citygauge.source_state`); err != nil {
			t.Fatal(err)
		}
		return at.Sub(now)
	}
	for n, wait := range []time.Duration{5 * time.Minute, 10 * time.Minute, 20 * time.Minute} {
		if run := i.collectNow(t, client, p, clock)[0]; run.Reason != string(collector.Unreachable) || due() != wait {
			t.Errorf("failure %d: %+v, due again in %s", n+1, run, due())
		}
	}
	fails = http.StatusTooManyRequests
	if run := i.collectNow(t, client, p, clock)[0]; run.Reason != string(collector.Busy) || due() != time.Hour {
		t.Errorf("too busy: %+v, due again in %s", run, due())
	}
	fails = http.StatusNotFound
	if run := i.collectNow(t, client, p, clock)[0]; run.Reason != string(collector.Refused) || due() < 200*24*time.Hour {
		t.Errorf("gone: %+v, due again in %s", run, due())
	}
}

func await(t testing.TB, what string, condition func() bool) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(time.Minute); !condition(); <-look.C {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}
