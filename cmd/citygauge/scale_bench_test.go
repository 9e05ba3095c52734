package main

import (
	"fmt"
	"net/http"
	"os"
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
insert into citygauge.city_state select n, 1, 1, current_date + 2 from generate_series(1, %[1]d) n;
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
select setval('citygauge.city_id', %[1]d);
analyze`

// BenchmarkCrowd starts a server on the largest programme, as it is shipped. It
// is ready when it shows every city.
func BenchmarkCrowd(b *testing.B) {
	db := testdb.New(b)
	admin, err := sqlx.Open("postgres", db.Superuser)
	if err != nil {
		b.Fatal(err)
	}
	defer admin.Close()
	if _, err := admin.Exec(fmt.Sprintf(crowd, manyCities, indicatorsEach)); err != nil {
		b.Fatal(err)
	}
	url := "--database-url=" + db.URL
	client := newClient(b, nil)
	for b.Loop() {
		began := time.Now()
		p := start(b, nil, "serve", url, "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0")
		metrics := p.awaitWords(b, `the metrics at (.*)/metrics\.`)[1]
		await(b, "the server is ready", func() bool {
			status, _ := get(b, client, metrics+"/-/ready")
			return status == http.StatusOK
		})
		b.ReportMetric(time.Since(began).Seconds(), "s-to-ready")
		b.ReportMetric(p.peak(b), "MB-at-most")
		b.ReportMetric(scrapes(b, client, metrics, func(n int) int { return n + 1 }), "ms-first-scrape")
		b.ReportMetric(scrapes(b, client, metrics, func(int) int { return 1 }), "ms-same-scrape")
		b.ReportMetric(visible(b, client, metrics, url), "s-to-be-seen")
		_, process := get(b, client, metrics+"/metrics/process")
		b.ReportMetric(figure(b, process, `(?m)^process_cpu_seconds_total (\S+)`), "cpu-s")
		p.signal(b, os.Interrupt)
		p.awaitEnd(b)
	}
}

// scrapes is how many milliseconds one scrape of a city takes.
func scrapes(b *testing.B, client *http.Client, metrics string, city func(int) int) float64 {
	b.Helper()
	const times = 200
	began := time.Now()
	for n := range times {
		status, text := get(b, client, fmt.Sprintf("%s/metrics/cities/city-%d", metrics, city(n)))
		if status != http.StatusOK || strings.Count(text, "\ncitygauge_indicator_value{") != indicatorsEach {
			b.Fatalf("status %d\n%.1000s", status, text)
		}
	}
	return float64(time.Since(began).Microseconds()) / 1000 / times
}

// visible is how many seconds after the end of an import a scrape shows it.
func visible(b *testing.B, client *http.Client, metrics, url string) float64 {
	b.Helper()
	file := b.TempDir() + "/one.csv"
	if err := os.WriteFile(file, []byte("city,indicator,period,value\ncity-777,indicator-7,2025-10,12345\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	if status, out, talk := finish(b, "import", url, file); status != exitDone {
		b.Fatalf("exit status %d\n%s%s", status, out, talk)
	}
	began := time.Now()
	await(b, "the import is seen", func() bool {
		_, text := get(b, client, metrics+"/metrics/cities/city-777")
		return strings.Contains(text, `citygauge_indicator_value{city="city-777",indicator="indicator-7"} 12345`)
	})
	return time.Since(began).Seconds()
}

// peak is the most memory that a process had, in MB.
func (p *process) peak(b *testing.B) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
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
