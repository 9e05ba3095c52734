package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/citygauge/citygauge/internal/testdb"
)

// A programme of the size that is designed for.
const (
	manyCities     = 10_000
	indicatorsEach = 50
)

// crowd fills a database with so many cities by SQL: to declare and import them
// is not what is measured.
const crowd = `
insert into citygauge.cohort values (1, '2025', '2025-01-01', '2025-12-31');
insert into citygauge.city select n, 'city-' || n, 'City ' || n, 'US', 250000, 'America/New_York', null, null from generate_series(1, %[1]d) n;
insert into citygauge.city_cohort select n, 1 from generate_series(1, %[1]d) n;
insert into citygauge.city_state select n, 1, 1, (now() at time zone 'America/New_York')::date from generate_series(1, %[1]d) n;
insert into citygauge.indicator overriding system value
select c, (c - 1) * %[2]d + i, 'indicator-' || i, 'What is counted ' || i, 'As the department counts it', 'incidents', 'homelessness', 'outcome', 'count', 0,
       'monthly', 'decrease', 'total', 0, null, 30, false, '{}', 'Department of Housing', 'Case management system'
from generate_series(1, %[1]d) c, generate_series(1, %[2]d) i;
insert into citygauge.target
select city_id, indicator_id, 1, 1, true, null, '2024', '-10%%', '', null, '[]', null, null, true, 833, 749.7, '2024-12-31', '2024-12-31', '2025-12-31', now()
from citygauge.indicator;
insert into citygauge.observation
select city_id, indicator_id, m, (m + interval '1 month - 1 day')::date, 1, 'final', 60 + indicator_id %% 7, null
from citygauge.indicator, (values (date '2025-07-01'), ('2025-08-01'), ('2025-09-01')) months (m);
insert into citygauge.assessment
select city_id, indicator_id, 1, d, 1, d, 754.264462809917, 833, 749.7, 749.7, 0.945204528092, 1, 0.945204528092, 0.688842937502, 1.201566118682, 8.331666499967,
       'too-close', false, 'fresh', '2025-11-30', 9, 12, 'at-most', 58.566, 3, 51, false, 'at most 58.6', 'none', 756.1, 729.9, 783.4, 0.37, null, 1, now()
from citygauge.indicator, (values (date '2025-07-31'), ('2025-08-31'), ('2025-09-30')) days (d);
select setval('citygauge.city_id', %[1]d)`

// newCrowd is a database with so many cities and indicators, in order as it is in
// the course of time.
func newCrowd(b *testing.B, cities, indicators int) testdb.Database {
	b.Helper()
	db := testdb.New(b)
	admin, err := sqlx.Open("postgres", db.Superuser)
	if err != nil {
		b.Fatal(err)
	}
	defer admin.Close()
	for _, statement := range []string{fmt.Sprintf(crowd, cities, indicators), `vacuum analyze`} {
		if _, err := admin.Exec(statement); err != nil {
			b.Fatal(err)
		}
	}
	return db
}

// BenchmarkCrowd starts a server on the largest programme, as it is shipped. It
// is ready when it shows every city.
//
//	ready-s             from the start of the process
//	x-psql              that as a multiple of what psql needs to read the same
//	psql-s              which is that
//	first-scrape-ms     of one city after another, every city for the first time
//	same-scrape-ms      of one city again and again
//	upload-to-scrape-s  from sending a file until a scrape of its city has it
//	peak-MB             the most memory that the process had after all that
//	cpu-s               of the process, in all
func BenchmarkCrowd(b *testing.B) {
	db := newCrowd(b, manyCities, indicatorsEach)
	url := "--database-url=" + db.URL
	addAccount(b, url, "aide@example.org", "--role=aide", "--city=city-777")
	status, token, talk := finish(b, "token", "add", url, "aide@example.org", "--title=bench")
	if status != exitDone {
		b.Fatalf("exit status %d\n%s", status, talk)
	}
	client := newClient(b, nil)
	for b.Loop() {
		reading := time.Now()
		readAll(b, db.Superuser)
		psql := time.Since(reading)
		began := time.Now()
		p := start(b, nil, "serve", url, "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0")
		at := p.awaitWords(b, `The site is at (.*)/, the metrics at (.*)/metrics\.`)
		site, metrics := at[1], at[2]
		ready(b, client, metrics)
		took := time.Since(began)
		b.ReportMetric(took.Seconds(), "ready-s")
		b.ReportMetric(float64(took)/float64(psql), "x-psql")
		b.ReportMetric(psql.Seconds(), "psql-s")
		b.ReportMetric(scrapes(b, client, metrics, manyCities, func(n int) int { return n + 1 }), "first-scrape-ms")
		b.ReportMetric(scrapes(b, client, metrics, 1000, func(int) int { return 1 }), "same-scrape-ms")
		b.ReportMetric(visible(b, client, site, metrics, strings.TrimSpace(token)), "upload-to-scrape-s")
		b.ReportMetric(peakOf(b, p.cmd.Process.Pid), "peak-MB")
		_, process := get(b, client, metrics+"/metrics/process")
		b.ReportMetric(figure(b, process, `(?m)^process_cpu_seconds_total (\S+)`), "cpu-s")
		p.signal(b, os.Interrupt)
		p.awaitEnd(b)
	}
	b.ReportMetric(0, "ns/op")
}

// readAll has psql read what a starting server needs to know.
func readAll(b *testing.B, database string) {
	b.Helper()
	said, err := exec.CommandContext(b.Context(), "psql", "--no-psqlrc", "--quiet", database,
		"--command="+`\copy (select * from citygauge.indicator cross join lateral (select * from citygauge.observation o `+
			`where (o.city_id, o.indicator_id) = (indicator.city_id, indicator.indicator_id) order by period_start desc limit 1) o) to /dev/null`,
		"--command="+`\copy (select * from citygauge.target t cross join lateral (select * from citygauge.assessment a `+
			`where (a.city_id, a.indicator_id, a.cohort_id) = (t.city_id, t.indicator_id, t.cohort_id) order by day desc limit 1) a) to /dev/null`).CombinedOutput()
	if err != nil {
		b.Fatalf("psql: %v\n%s", err, said)
	}
}

// ready waits until a server is, for as long as it takes, and asks seldom.
func ready(b *testing.B, client *http.Client, metrics string) {
	b.Helper()
	ask := time.NewTicker(50 * time.Millisecond)
	defer ask.Stop()
	for {
		if status, _ := get(b, client, metrics+"/-/ready"); status == http.StatusOK {
			return
		}
		<-ask.C
	}
}

// scrapes is how many milliseconds one compressed scrape of a city takes: the
// median of a number of them.
func scrapes(b *testing.B, client *http.Client, metrics string, times int, city func(int) int) float64 {
	b.Helper()
	at := func(n int) string { return fmt.Sprintf("%s/metrics/cities/city-%d", metrics, city(n)) }
	took := make([]time.Duration, times)
	for n := range took {
		took[n] = scrapeAll(b, client, at(n))
	}
	for n := 0; n < times; n += 100 {
		if _, text := get(b, client, at(n)); strings.Count(text, "\ncitygauge_indicator_value{") != indicatorsEach {
			b.Fatalf("%.1000s", text)
		}
	}
	return median(took).Seconds() * 1000
}

// visible is how many seconds pass from sending a file to a scrape that shows it.
func visible(b *testing.B, client *http.Client, site, metrics, token string) float64 {
	b.Helper()
	value := time.Now().UnixMilli() % 1_000_000 // another in every round
	file := strings.NewReader(fmt.Sprintf("city,indicator,period,value\ncity-777,indicator-7,2025-10,%d\n", value))
	request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, site+"/api/v1/uploads", file)
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "text/csv")
	began := time.Now()
	answer, err := client.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusCreated {
		b.Fatalf("the upload is answered %d", answer.StatusCode)
	}
	await(b, "the upload is seen", func() bool {
		_, text := get(b, client, metrics+"/metrics/cities/city-777")
		return strings.Contains(text, fmt.Sprintf(`citygauge_indicator_value{city="city-777",indicator="indicator-7"} %d`, value))
	})
	return time.Since(began).Seconds()
}

// peakOf is the most memory that a process had, in MB.
func peakOf(b *testing.B, pid int) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	return figure(b, string(text), `VmHWM:\s+(\d+) kB`) / 1024
}

func figure(b *testing.B, text, pattern string) float64 {
	b.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if found == nil {
		b.Fatalf("no %s in\n%s", pattern, text)
	}
	n, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		b.Fatal(err)
	}
	return n
}
