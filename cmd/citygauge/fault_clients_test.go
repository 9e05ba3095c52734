package main

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

// inProcess is the use case of taking data in, with a clock of the test's own.
type inProcess struct {
	*store.Store
	upload.Service
	hours atomic.Int64 // how far the clock is ahead
}

func (f *far) inProcess(t *testing.T) *inProcess {
	t.Helper()
	i := &inProcess{}
	noon := time.Date(2025, time.October, 10, 12, 0, 0, 0, time.UTC)
	i.Now = func() time.Time { return noon.Add(time.Duration(i.hours.Load()) * time.Hour) }
	i.Today = func(c programme.City) programme.Date { return dateIn(i.Now(), c) }
	s, err := store.Open(t.Context(), strings.TrimPrefix(f.flag, "--database-url="), i.Today, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	i.Store, i.Service.Store = s, s
	return i
}

func (i *inProcess) take(t *testing.T, name, csv string) (upload.Report, error) {
	return i.Import(t.Context(), upload.Request{Name: name, Content: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(csv)), nil }})
}

// Thirty-two at once send the same observations and one of their own, more than
// a server has connections to its database.
func TestFaultManyClients(t *testing.T) {
	t.Parallel()
	f := farDatabase(t)
	f.runs(t, exitDone, "apply", "testdata/files/programme.yaml")
	serving := f.serve(t)
	service := f.inProcess(t)
	const clients = 32
	var all sync.WaitGroup
	for n := range clients {
		all.Go(func() {
			csv := fmt.Sprintf("city,indicator,period,value\naldermoor,thefts,2024-Q4,%d\nbrightwater,thefts,2024-Q4,%d\n", 100+n, 200)
			if report, err := service.take(t, fmt.Sprintf("%d.csv", n), csv); err != nil || !report.Applied {
				t.Errorf("client %d: applied %t, %v, %v", n, report.Applied, err, report.Problems)
			}
		})
	}
	all.Wait()
	// Each changed one observation; the first made both.
	f.whole(t, 2, clients+1)
	var newest float64
	if err := f.QueryRow(`select value from citygauge.observation where value <> 200`).Scan(&newest); err != nil {
		t.Fatal(err)
	}
	serving.awaitShown(t, fmt.Sprint(aldermoorValue, newest))
}

// The clock of the server jumps, ahead by years and back; that of the database
// does not, and orders what is kept.
func TestFaultClockJumps(t *testing.T) {
	t.Parallel()
	f := farDatabase(t)
	f.runs(t, exitDone, "apply", "--today=2025-10-10", "testdata/files/programme.yaml")
	i := f.inProcess(t)
	const year = 365 * 24
	for n, hours := range []int64{0, 3 * year, -year / 2, 2, -2 * year, 1, 3 * year, 0} {
		i.hours.Store(hours)
		report, err := i.take(t, fmt.Sprintf("%d.csv", n), fmt.Sprintf("city,indicator,period,value\naldermoor,thefts,2024-Q1,%d\n", 100+n))
		if err != nil {
			t.Fatalf("%d hours ahead: %v", hours, err)
		}
		if want := hours > -2*year; report.Applied != want { // 2024-Q1 lies in the future then
			t.Errorf("%d hours ahead: applied %t: %v", hours, report.Applied, report.Problems)
		}
		if _, err := i.Daily(t.Context()); err != nil {
			t.Errorf("%d hours ahead: %v", hours, err)
		}
		again, err := i.Daily(t.Context())
		if err != nil || again != 0 {
			t.Errorf("%d hours ahead: judged %d cities a second time (%v)", hours, again, err)
		}
	}
	f.whole(t, 1, 7)
	if n := f.count(t, `(select recorded_at, lag(recorded_at) over (order by revision) as before from citygauge.observation_revision) r where recorded_at <= before`); n != 0 {
		t.Errorf("%d revisions are older than the one before", n)
	}
	if n := f.count(t, `(select from citygauge.assessment group by city_id, indicator_id, cohort_id, day having count(*) > 1) doubled`); n != 0 {
		t.Errorf("%d assessments are doubled", n)
	}
}
