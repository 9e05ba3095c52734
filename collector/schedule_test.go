package collector_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/programme"
)

func TestWhenSourcesAreDue(t *testing.T) {
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, schedule, after string
		due                   programme.Date
		want                  string
	}{
		{"each day at a quarter past six, there", "15 6 * * *", "2026-01-05T12:14:00Z", 0, "2026-01-05T12:15:00Z"},
		{"and tomorrow", "15 6 * * *", "2026-01-05T12:15:00Z", 0, "2026-01-06T12:15:00Z"},
		{"after the clocks went forward", "15 6 * * *", "2026-03-07T20:00:00Z", 0, "2026-03-08T11:15:00Z"},
		{"on the tenth", "0 7 10 * *", "2026-01-10T13:00:00Z", 0, "2026-02-10T13:00:00Z"},
		{"after due, which is later", "after-due", "2026-01-05T20:00:00Z", programme.NewDate(2026, 3, 30), "2026-03-30T11:00:00Z"},
		{"after due, which was", "after-due", "2026-01-05T20:00:00Z", programme.NewDate(2026, 1, 1), "2026-01-06T12:00:00Z"},
		{"after due, today", "after-due", "2026-01-05T11:00:00Z", programme.NewDate(2026, 1, 5), "2026-01-05T12:00:00Z"},
		{"after due, of what never came", "after-due", "2026-01-05T12:00:00Z", 0, "2026-01-06T12:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			after, err := time.Parse(time.RFC3339, c.after)
			if err != nil {
				t.Fatal(err)
			}
			if got := collector.NextDue(t, c.schedule, after, chicago, c.due).UTC().Format(time.RFC3339); got != c.want {
				t.Errorf("it is due at %s, want %s", got, c.want)
			}
		})
	}
}

func TestJitterSpreadsSources(t *testing.T) {
	seen := map[time.Duration]bool{}
	for n := range 1000 {
		key := programme.SourceKey{City: "springfield", Source: string(rune('a'+n%26)) + string(rune('a'+n/26%26)) + string(rune('a'+n/676))}
		d := collector.Jitter(key, 24*time.Hour)
		if d < 0 || d >= 10*time.Minute || d != collector.Jitter(key, 24*time.Hour) {
			t.Fatalf("%s: %s", key, d)
		}
		if hourly := collector.Jitter(key, 10*time.Minute); hourly >= time.Minute {
			t.Fatalf("%s: %s of ten minutes", key, hourly)
		}
		seen[d.Truncate(time.Second)] = true
	}
	if len(seen) < 400 {
		t.Errorf("a thousand sources come in %d seconds", len(seen))
	}
}

// After the value came, the next one is awaited until it is due.
func TestAfterDue(t *testing.T) {
	s := thefts(answer(t, csvText, "Month,Thefts\n2026-01,9\n2026-02,7\n"))
	s.Schedule = "after-due"
	p := springfield(s)
	i := install(t, p)
	i.collectNow(t, quick(t), p, func(o *collector.Options) {
		o.Now = func() time.Time { return time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC) }
	})
	var due string
	if err := i.db.Get(&due, `select to_char(due_at at time zone 'America/Chicago', 'YYYY-MM-DD HH24') from citygauge.source_state`); err != nil {
		t.Fatal(err)
	}
	if due != "2026-04-30 06" { // March has ended on the 31st, and is due in 30 days
		t.Errorf("the source is due on %s", due)
	}
}

// A server that is told to end gives back what it has not finished.
func TestEndingGivesClaimsBack(t *testing.T) {
	arrived, over := make(chan struct{}), make(chan struct{})
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		select {
		case <-r.Context().Done():
		case <-over:
		}
	})
	defer close(over)
	s := thefts(url)
	s.Schedule = "0 6 * * *"
	i := install(t, springfield(s))
	seen := &runs{}
	service := newService(t, i.Store, quick(t), seen, func(o *collector.Options) { o.Lease = time.Hour })
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- service.Run(ctx) }()
	<-arrived
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if n := i.number(t, `select count(*) from citygauge.source_state where leased_until is null and due_at < now()`); n != 1 || len(seen.list()) != 0 {
		t.Errorf("%d sources are free and due, and %d runs were told of", n, len(seen.list()))
	}
}

// A source that is declared anew is due at once, and nothing is remembered of
// the one before.
func TestDeclaringAnew(t *testing.T) {
	url := answer(t, csvText, "Month,Thefts,Robberies\n2026-01,9,3\n")
	p := springfield(thefts(url))
	i := install(t, p)
	i.collectNow(t, quick(t), p)
	p.Sources[0].Fields.Value, p.Sources[0].Schedule = "Robberies", "0 6 * * *"
	i.apply(t, p)
	if n := i.number(t, `select count(*) from citygauge.source_state where due_at <= now() and digest is null`); n != 1 {
		t.Error("it is not due at once")
	}
	i.collectNow(t, quick(t), p)
	if got := i.observations(t); got != "springfield/thefts 2026-01-01 3 final r2" {
		t.Errorf("what stands is %s", got)
	}
	i.apply(t, p)
	if n := i.number(t, `select count(*) from citygauge.source_state where due_at > now() and digest is not null`); n != 1 {
		t.Error("applying the same again has forgotten it")
	}
}
