package collector_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
)

// BenchmarkTenThousandSources pulls ten thousand sources that are due at once
// from one host that takes 50 ms to answer, with 16 connections a process, by
// one process and by two; then once more, when nothing has changed. What they
// take beside each other is what counts: the first time it is Postgres that is
// busy, and where it shares two cores with everything else, a second process has
// little to give.
func BenchmarkTenThousandSources(b *testing.B) {
	const cities, sources, latency = 500, 20, 50 * time.Millisecond
	for _, processes := range []int{1, 2} {
		b.Run(fmt.Sprintf("processes=%d", processes), func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				url := serve(b, func(w http.ResponseWriter, r *http.Request) {
					select {
					case <-time.After(latency):
					case <-r.Context().Done():
					}
					w.Header().Set("Content-Type", csvText)
					for month := range 24 {
						if month == 0 {
							fmt.Fprint(w, "Month,Thefts\n")
						}
						fmt.Fprintf(w, "%s,%d\n", programme.Month(2024, time.January).Plus(month), 100+month)
					}
				})
				var p programme.Programme
				for c := range cities {
					city := fmt.Sprintf("city-%d", c)
					p.Cities = append(p.Cities, programme.City{ID: city, Name: city, Country: "US", Population: 200_000})
					for s := range sources {
						i, one := springfield().Indicators[0], thefts(fmt.Sprintf("%s/%d/%d", url, c, s))
						i.City, i.ID, i.Title = city, fmt.Sprintf("i%d", s), fmt.Sprintf("Indicator %d", s)
						one.City, one.ID, one.Indicator, one.Schedule = city, fmt.Sprintf("s%d", s), i.ID, "0 6 * * *"
						p.Indicators, p.Sources = append(p.Indicators, i), append(p.Sources, one)
					}
				}
				at := install(b, p)
				b.StartTimer()
				var all []*exec.Cmd
				for range processes {
					child := exec.CommandContext(context.WithoutCancel(b.Context()), os.Args[0])
					child.Env = append(os.Environ(), serverVariable+"="+at.at, "GOMEMLIMIT=250MiB")
					child.Stderr = os.Stderr
					if err := child.Start(); err != nil {
						b.Fatal(err)
					}
					b.Cleanup(func() { child.Process.Kill(); child.Wait() })
					all = append(all, child)
				}
				for round, name := range []string{"s/first", "s/again"} {
					start := time.Now()
					if round > 0 {
						at.db.MustExec(`update citygauge.source_state set due_at = now()`)
					}
					for at.number(b, `select count(*) from citygauge.source_run`) < cities*sources*(round+1) {
						<-time.After(100 * time.Millisecond)
					}
					b.ReportMetric(time.Since(start).Seconds(), name)
				}
				b.StopTimer()
				most := 0.0
				for _, child := range all {
					most = max(most, peak(b, child.Process.Pid))
				}
				b.ReportMetric(most, "MB/process")
				if n := at.number(b, `select count(*) from citygauge.observation`); n != cities*sources*24 {
					b.Errorf("there are %d observations", n)
				}
				if n := at.number(b, `select count(*) from citygauge.source_run where outcome = 'applied'`); n != cities*sources {
					b.Errorf("there were %d runs that took something in", n)
				}
				b.StartTimer()
			}
		})
	}
}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peak is the most memory that a process had, in megabytes.
func peak(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	found := highWater.FindSubmatch(status)
	kb, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return kb / 1024
}
