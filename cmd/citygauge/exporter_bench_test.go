package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/testlog"
)

// BenchmarkExporter scrapes citygauge and postgres_exporter, both as they are
// shipped, for the same series of one database: the exporter by a query of its
// user's (testdata/bench/exporter.yaml). Series that are too many for one scrape
// of citygauge are scraped city by city, one after the other.
//
//	x-exporter     our time as a multiple of postgres_exporter's, of the medians
//	scrape-ms      our time
//	exporter-ms    postgres_exporter's
//	x-exporter-MB  the most memory that our process had, as a multiple of postgres_exporter's
//	peak-MB        ours
//	exporter-MB    postgres_exporter's
func BenchmarkExporter(b *testing.B) {
	for _, size := range []struct {
		name               string
		cities, indicators int
		each               bool // city is scraped by itself
	}{{"1k", 1, 29, false}, {"30k", 17, 50, false}, {"500k", 286, 50, true}} {
		b.Run(size.name, func(b *testing.B) {
			db := newCrowd(b, size.cities, size.indicators)
			client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
			defer client.CloseIdleConnections()
			ours := start(b, nil, "serve", "--database-url="+db.URL, "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0")
			metrics := ours.awaitWords(b, `the metrics at (.*)/metrics\.`)[1]
			ready(b, client, metrics)
			exporter := startExporter(b, db.Superuser)
			urls := []string{metrics + "/metrics"}
			if size.each {
				urls = cityURLs(b, client, metrics)
			}
			sameSeries(b, client, urls, exporter.url, size.cities*size.indicators)
			var scrapes, exports []time.Duration
			for b.Loop() {
				exports = append(exports, scrapeAll(b, client, exporter.url))
				scrapes = append(scrapes, scrapeAll(b, client, urls...))
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(scrapes).Seconds()*1000, "scrape-ms")
			b.ReportMetric(median(exports).Seconds()*1000, "exporter-ms")
			b.ReportMetric(float64(median(scrapes))/float64(median(exports)), "x-exporter")
			our, their := peakOf(b, ours.cmd.Process.Pid), peakOf(b, exporter.cmd.Process.Pid)
			b.ReportMetric(our, "peak-MB")
			b.ReportMetric(their, "exporter-MB")
			b.ReportMetric(our/their, "x-exporter-MB")
		})
	}
}

// postgresExporter is Debian's, at work.
type postgresExporter struct {
	cmd *exec.Cmd
	url string // of its metrics
}

func startExporter(b *testing.B, database string) postgresExporter {
	b.Helper()
	program, err := exec.LookPath("prometheus-postgres-exporter")
	if err != nil {
		b.Fatalf("postgres_exporter is needed: install Debian's package prometheus-postgres-exporter (%v)", err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	var talk testlog.Transcript
	e := postgresExporter{exec.CommandContext(context.WithoutCancel(b.Context()), program, "--extend.query-path=testdata/bench/exporter.yaml",
		"--disable-default-metrics", "--disable-settings-metrics", "--log.level=warn", "--web.listen-address="+address), "http://" + address + "/metrics"}
	e.cmd.Env = append(os.Environ(), "DATA_SOURCE_NAME="+database)
	e.cmd.Stdout, e.cmd.Stderr = &talk, &talk
	if err := e.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = e.cmd.Process.Kill()
		_ = e.cmd.Wait()
		if b.Failed() {
			b.Log(talk.String())
		}
	})
	await(b, "postgres_exporter answers", func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return e
}

// cityURLs are where the cities' metrics are, as Prometheus is told.
func cityURLs(b *testing.B, client *http.Client, metrics string) (all []string) {
	b.Helper()
	_, list := get(b, client, metrics+"/sd")
	for _, found := range regexp.MustCompile(`"__metrics_path__":"([^"]+)"`).FindAllStringSubmatch(list, -1) {
		all = append(all, metrics+found[1])
	}
	return all
}

// sameSeries makes sure that every target is in both, and that nobody has much
// more than the other.
func sameSeries(b *testing.B, client *http.Client, ours []string, theirs string, targets int) {
	b.Helper()
	count := func(prefix string, urls ...string) (lines, values int) {
		for _, url := range urls {
			_, text := get(b, client, url)
			text = "\n" + text
			lines += strings.Count(text, "\n"+prefix)
			values += strings.Count(text, "\n"+prefix+"value{")
		}
		return lines, values
	}
	our, ourValues := count("citygauge_indicator_", ours...)
	their, theirValues := count("indicator_", theirs)
	if ourValues != targets || theirValues != targets || our != their {
		b.Fatalf("citygauge has %d series of %d indicators, postgres_exporter %d of %d; there are %d", our, ourValues, their, theirValues, targets)
	}
}

// scrapeAll is how long the compressed scrapes of some addresses take, one after
// another.
func scrapeAll(b *testing.B, client *http.Client, urls ...string) time.Duration {
	b.Helper()
	began := time.Now()
	for _, url := range urls {
		request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
		if err != nil {
			b.Fatal(err)
		}
		request.Header.Set("Accept-Encoding", "gzip")
		answer, err := client.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		_, err = io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK {
			b.Fatalf("%s: status %d (%v)", url, answer.StatusCode, err)
		}
	}
	return time.Since(began)
}
