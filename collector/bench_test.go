package collector_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
)

// benchEach is how many sources a city has.
const benchEach = 20

// A collection is how many sources are due at once, and how long the one host
// that all of them are at takes to answer.
type collection struct {
	cities  int
	latency time.Duration
	judged  bool // every indicator has a target
}

// BenchmarkTenThousandSources pulls ten thousand sources that are due at once
// from one host, with 16 connections a process: by one process, then by two, and
// by each once more when nothing has changed. No process can be faster than the
// host lets it be: at 50 ms an answer, 16 connections give 320 sources a second,
// and ten thousand take 31 s, as a quarter of them does at 200 ms. Where the
// machine keeps up with that, two processes take half. The processor time that a
// source takes, here and in Postgres, says from where on it does not.
func BenchmarkTenThousandSources(b *testing.B) {
	for _, c := range []struct {
		name string
		collection
	}{
		{"latency=50ms", collection{500, 50 * time.Millisecond, false}},
		{"latency=50ms,judged", collection{500, 50 * time.Millisecond, true}},
		{"latency=200ms,sources=2500", collection{125, 200 * time.Millisecond, false}},
	} {
		b.Run(c.name, func(b *testing.B) {
			each := float64(time.Millisecond) * float64(c.cities*benchEach)
			for b.Loop() {
				one, two := c.by(b, 1), c.by(b, 2)
				for n, round := range []string{"first", "again"} {
					b.ReportMetric(one.rounds[n].Seconds(), round+"-one-s")
					b.ReportMetric(two.rounds[n].Seconds(), round+"-two-s")
					b.ReportMetric(two.rounds[n].Seconds()/one.rounds[n].Seconds(), round+"-two/one")
					b.ReportMetric(float64(one.cpu[n].here)/each, round+"-cpu-ms/source")
					b.ReportMetric(float64(one.cpu[n].postgres)/each, round+"-postgres-cpu-ms/source")
					b.ReportMetric(100*float64(two.cpu[n].machine)/float64(two.rounds[n])/float64(runtime.NumCPU()), round+"-two-busy-%")
				}
				b.ReportMetric(max(one.most, two.most), "MB/process")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// collected is what a collection took: the first time, and when nothing had
// changed.
type collected struct {
	rounds [2]time.Duration
	cpu    [2]busy
	most   float64 // of memory, in MB
}

// by collects with so many processes.
func (c collection) by(b *testing.B, processes int) (took collected) {
	b.Helper()
	var content bytes.Buffer
	content.WriteString("Month,Thefts\n")
	for month := range 24 {
		fmt.Fprintf(&content, "%s,%d\n", programme.Month(2024, time.January).Plus(month), 100+month)
	}
	url := serve(b, func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(c.latency):
		case <-r.Context().Done():
		}
		w.Header().Set("Content-Type", csvText)
		w.Write(content.Bytes())
	})
	p := c.programme(url)
	all := len(p.Sources)
	at := install(b, p)
	at.db.MustExec(`update citygauge.source_state set due_at = null`)
	var children []*os.Process
	for range processes {
		child := exec.CommandContext(context.WithoutCancel(b.Context()), os.Args[0])
		child.Env = append(os.Environ(), serverVariable+"="+at.at, "GOMEMLIMIT=250MiB")
		child.Stderr = os.Stderr
		if err := child.Start(); err != nil {
			b.Fatal(err)
		}
		defer func() { child.Process.Kill(); child.Wait() }()
		children = append(children, child.Process)
	}
	for round := range took.rounds {
		before, start := at.busy(b, children), time.Now()
		at.db.MustExec(`update citygauge.source_state set due_at = now()`)
		for at.number(b, `select count(*) from citygauge.source_run`) < all*(round+1) {
			<-time.After(100 * time.Millisecond)
		}
		took.rounds[round], took.cpu[round] = time.Since(start), at.busy(b, children).less(before)
	}
	for _, child := range children {
		took.most = max(took.most, peak(b, child.Pid))
	}
	if n := at.number(b, `select count(*) from citygauge.observation`); n != all*24 {
		b.Errorf("there are %d observations", n)
	}
	if n := at.number(b, `select count(*) from citygauge.source_run where outcome = 'applied'`); n != all {
		b.Errorf("there were %d runs that took something in", n)
	}
	return took
}

// programme is cities with their sources at an address.
func (c collection) programme(url string) programme.Programme {
	p := programme.Programme{Cohorts: []programme.Cohort{{
		ID: "2025", Starts: programme.NewDate(2025, time.January, 1), Ends: programme.NewDate(2025, time.December, 31),
	}}}
	for n := range c.cities {
		city := programme.City{ID: fmt.Sprintf("city-%d", n), Name: fmt.Sprintf("City %d", n), Country: "US", Population: 200_000, Cohorts: []string{"2025"}}
		p.Cities = append(p.Cities, city)
		for s := range benchEach {
			i, one := springfield().Indicators[0], thefts(fmt.Sprintf("%s/%d/%d", url, n, s))
			i.City, i.ID, i.Title = city.ID, fmt.Sprintf("i%d", s), fmt.Sprintf("Indicator %d", s)
			one.City, one.ID, one.Indicator, one.Schedule = city.ID, fmt.Sprintf("s%d", s), i.ID, "0 6 * * *"
			p.Indicators, p.Sources = append(p.Indicators, i), append(p.Sources, one)
			if c.judged {
				p.Targets = append(p.Targets, programme.Target{
					City: city.ID, Indicator: i.ID, Cohort: "2025",
					Baseline: programme.Baseline{Value: 120, Period: programme.Range{From: programme.Month(2024, time.December), To: programme.Month(2024, time.December)}},
					Goal:     programme.Goal{Value: -10, Form: programme.Percent},
				})
			}
		}
	}
	return p
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

// busy is how long processors were at work: for the collecting processes, for
// Postgres, and for everybody on the machine.
type busy struct{ here, postgres, machine time.Duration }

func (b busy) less(o busy) busy {
	return busy{b.here - o.here, b.postgres - o.postgres, b.machine - o.machine}
}

func (i *installation) busy(b *testing.B, children []*os.Process) (all busy) {
	b.Helper()
	for _, child := range children {
		all.here += timesOf(child.Pid).own
	}
	server := timesOf(i.number(b, `select pg_backend_pid()`)).parent
	all.postgres = timesOf(server).own + timesOf(server).ended
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		b.Fatal(err)
	}
	for _, path := range processes {
		pid, _ := strconv.Atoi(filepath.Base(path)) // as the pattern says
		if t := timesOf(pid); t.parent == server {
			all.postgres += t.own
		}
	}
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		b.Fatal(err)
	}
	const idle, waiting = 3, 4
	line, _, _ := bytes.Cut(stat, []byte("\n"))
	for n, field := range bytes.Fields(line)[1:] {
		if n != idle && n != waiting && n < 8 {
			all.machine += ticks(field)
		}
	}
	return all
}

// spending is what a process spent itself, and those of its children that ended.
type spending struct {
	parent     int
	own, ended time.Duration
}

// timesOf is nothing for a process that has gone.
func timesOf(pid int) (s spending) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return s
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	s.parent, _ = strconv.Atoi(string(fields[1])) // the kernel's own
	s.own, s.ended = ticks(fields[11])+ticks(fields[12]), ticks(fields[13])+ticks(fields[14])
	return s
}

// ticks are hundredths of a second, on every Linux.
func ticks(field []byte) time.Duration {
	n, _ := strconv.Atoi(string(field)) // the kernel's own
	return time.Duration(n) * 10 * time.Millisecond
}
