package main

import (
	"bufio"
	"bytes"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/citygauge/citygauge/internal/localpg"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
)

// contest is a server with the settings that are shipped, on which there are
// two installations with one programme: citygauge writes one, psql the other.
type contest struct {
	ours, expert contestant
	frequency    programme.Frequency
	folder       string
	last         string // the file that both took in last; empty where there is none
}

type contestant struct {
	url   string
	admin *sqlx.DB // as superuser
}

// newContest makes one, whose indicators have a frequency and, if that is
// wanted, a target each.
func newContest(b *testing.B, frequency string, targets bool) *contest {
	b.Helper()
	c := &contest{folder: enterable(b)}
	if err := c.frequency.UnmarshalText([]byte(frequency)); err != nil {
		b.Fatal(err)
	}
	server, err := localpg.Start(b.Context(), localpg.Options{Dir: filepath.Join(c.folder, "data")})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := server.Close(); err != nil {
			b.Error(err)
		}
	})
	files := map[string]string{
		"cohorts.csv":    "cohort,starts,ends\n2025,2025-01-01,2025-12-31\n",
		"cities.csv":     "city,name,country,population\n",
		"indicators.csv": "city,indicator,title,unit,frequency,direction,plausible_min\n",
	}
	for n := range importedCities {
		files["cities.csv"] += fmt.Sprintf("%s,City %[2]d,US,%d\n", contestCity(n), n, 250_000+n)
	}
	for n := range importedIndicators {
		files["indicators.csv"] += fmt.Sprintf("*,%s,Indicator %[2]d,people,%s,decrease,0\n", contestIndicator(n), n, frequency)
	}
	if targets {
		files["targets.csv"] = "city,indicator,cohort,baseline,baseline_period,target\n"
		for n := range importedIndicators {
			files["targets.csv"] += fmt.Sprintf("*,%s,2025,auto,2024-12,-10%%\n", contestIndicator(n))
		}
	}
	declared := filepath.Join(c.folder, "programme")
	if err := os.Mkdir(declared, 0o755); err != nil {
		b.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(declared, name), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for name, who := range map[string]*contestant{"ours": &c.ours, "expert": &c.expert} {
		if who.url, err = store.Bootstrap(b.Context(), server.SuperuserURL("postgres"), name, store.DefaultPrefix); err != nil {
			b.Fatal(err)
		}
		if who.admin, err = sqlx.Open("postgres", server.SuperuserURL(name)); err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { who.admin.Close() })
		succeed(b, "apply", "--database-url="+who.url, declared)
	}
	if _, err := c.expert.admin.Exec(`create table bare (city text, indicator text, period text, value double precision); grant all on bare to citygauge`); err != nil {
		b.Fatal(err)
	}
	return c
}

func contestCity(n int) string { return fmt.Sprintf("city-%03d", n) }

func contestIndicator(n int) string { return fmt.Sprintf("indicator-%02d", n) }

// contestDay is the day of the contest, on which its newest period has ended.
var contestDay = programme.NewDate(2026, time.January, 10)

// file is a file of all indicators over so many periods, series by series. Of
// every so many values one is another than in the file without any; 0 is none.
func (c *contest) file(b *testing.B, periods, every int) string {
	b.Helper()
	path := filepath.Join(c.folder, fmt.Sprintf("%d-%d.csv", periods, every))
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if os.IsExist(err) {
		return path
	}
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	w := bufio.NewWriter(file)
	fmt.Fprintln(w, "city,indicator,period,value")
	first := programme.PeriodOf(c.frequency, programme.NewDate(2025, time.December, 31)).Plus(1 - periods)
	names := make([]string, periods)
	for n := range names {
		names[n] = first.Plus(n).String()
	}
	row := 0
	for city := range importedCities {
		for indicator := range importedIndicators {
			for n := range periods {
				// As irregular as what cities count, and the same in every run.
				noise := fnv.New32a()
				fmt.Fprint(noise, row)
				value := 1000 + noise.Sum32()%500
				if row++; every > 0 && row%every == 0 {
					value++
				}
				fmt.Fprintf(w, "%s,%s,%s,%d.%d\n", contestCity(city), contestIndicator(indicator), names[n], value/10, value%10)
			}
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	return path
}

// imports has citygauge import a file, whose summary is to end in certain words,
// and says how long that took, and how many MB its process had at most.
func (c *contestant) imports(b *testing.B, file, summary string) (took time.Duration, peak float64) {
	b.Helper()
	command := exec.CommandContext(b.Context(), built(b), "import", "--today="+contestDay.String(), file)
	command.Env = append(os.Environ(), "CITYGAUGE_DATABASE_URL="+c.url)
	said, took, peak := c.timed(b, command)
	if !strings.Contains(said, summary) {
		b.Fatalf("not %q, but\n%.2000s", summary, said)
	}
	return took, peak
}

// runs has psql run the expert's script.
func (c *contestant) runs(b *testing.B, file string) time.Duration {
	b.Helper()
	command := exec.CommandContext(b.Context(), "psql", "--no-psqlrc", "--quiet", "--set=role=citygauge_system", "--file=testdata/bench/import.sql", c.url)
	command.Env = append(os.Environ(), "FILE="+file)
	content, err := os.Open(file)
	if err != nil {
		b.Fatal(err)
	}
	defer content.Close()
	command.Stdin = content
	_, took, _ := c.timed(b, command)
	return took
}

// copies has psql copy a file into a table without an index.
func (c *contestant) copies(b *testing.B, file string) time.Duration {
	b.Helper()
	if _, err := c.admin.Exec(`truncate bare`); err != nil {
		b.Fatal(err)
	}
	_, took, _ := c.timed(b, exec.CommandContext(b.Context(), "psql", "--no-psqlrc", "--quiet", `--command=\copy bare from '`+file+`' csv header`, c.url))
	return took
}

// timed runs a command that must succeed, when the server has nothing to write
// that others left, and says how many MB it had at most.
func (c *contestant) timed(b *testing.B, command *exec.Cmd) (said string, took time.Duration, peak float64) {
	b.Helper()
	if _, err := c.admin.Exec(`checkpoint`); err != nil {
		b.Fatal(err)
	}
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	began := time.Now()
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	// Asked for at its end, it would be what the test has, if that is more.
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-ended:
			took = time.Since(began)
			if err != nil {
				b.Fatalf("%s: %v\n%.2000s", command, err, &out)
			}
			return out.String(), took, peak
		case <-look.C:
			peak = max(peak, highWater(command.Process.Pid))
		}
	}
}

// highWater is the most memory that a process has had, in MB; 0 where it is gone.
func highWater(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kB, _ := strconv.ParseFloat(fields[0], 64)
	return kB / 1024
}

// empty takes what was taken in away again.
func (c *contest) empty(t testing.TB) {
	t.Helper()
	for _, who := range []*contestant{&c.ours, &c.expert} {
		if _, err := who.admin.Exec(`
			truncate citygauge.observation, citygauge.observation_revision, citygauge.assessment, citygauge.assessment_revision,
			         citygauge.upload, citygauge.upload_file`); err != nil {
			t.Fatal(err)
		}
	}
	c.last = ""
	c.settle(t)
}

// settle does at once what a server does in the course of time.
func (c *contest) settle(t testing.TB) {
	t.Helper()
	for _, who := range []*contestant{&c.ours, &c.expert} {
		if _, err := who.admin.Exec(`vacuum analyze`); err != nil {
			t.Fatal(err)
		}
	}
}

// filled makes sure that something was taken in, or takes a file in.
func (c *contest) filled(b *testing.B, file string) {
	b.Helper()
	if c.last != "" {
		return
	}
	c.empty(b)
	c.ours.imports(b, file, summaryOf(importedRows, 0, 0))
	c.expert.runs(b, file)
	c.agree(b)
	c.last = file
}

// agree makes sure that both have done the same.
func (c *contest) agree(b *testing.B) {
	b.Helper()
	var sums [2][6]int64
	for n, who := range []*contestant{&c.ours, &c.expert} {
		if err := who.admin.QueryRow(`
			select *
			from (select count(*), sum(revision), sum(hash_record_extended((city_id, indicator_id, period_start, period_end, status::text, value, note), 0) % 1000000)::bigint
			      from citygauge.observation) o,
			     (select count(*), sum(revision), sum(hash_record_extended((city_id, indicator_id, period_start, period_end, status::text, value, note), 0) % 1000000)::bigint
			      from citygauge.observation_revision) r`).
			Scan(&sums[n][0], &sums[n][1], &sums[n][2], &sums[n][3], &sums[n][4], &sums[n][5]); err != nil {
			b.Fatal(err)
		}
	}
	if sums[0] != sums[1] {
		b.Fatalf("citygauge made %v, psql %v", sums[0], sums[1])
	}
}
