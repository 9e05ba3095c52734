package exposition

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/citygauge/citygauge/internal/progress"
)

// many is a programme of a number of cities with 24 indicators each, which
// makes 649 series a city.
func many(cities int) []progress.Standing {
	like := sample()[0]
	robberies := like.Indicators[0]
	robberies.Targets = robberies.Targets[:1]
	all := make([]progress.Standing, cities)
	for c := range all {
		all[c].City = like.City
		all[c].City.ID = fmt.Sprintf("city-%d", c)
		for n := range 24 {
			i := robberies
			i.Indicator.ID = fmt.Sprintf("indicator-%d", n)
			all[c].Indicators = append(all[c].Indicators, i)
		}
	}
	return all
}

// constant collects metrics that are made already, which is the least that a
// collector can do.
type constant []prometheus.Metric

func (constant) Describe(chan<- *prometheus.Desc) {}

func (c constant) Collect(ch chan<- prometheus.Metric) {
	for _, m := range c {
		ch <- m
	}
}

// constantsOf has the series of an exposition.
func constantsOf(b *testing.B, body string) constant {
	var all constant
	for name, f := range parse(b, body) {
		for _, m := range f.GetMetric() {
			labels := prometheus.Labels{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			desc := prometheus.NewDesc(name, f.GetHelp(), nil, labels)
			all = append(all, prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, m.GetGauge().GetValue()))
		}
	}
	return all
}

// discard is a client that reads everything at once.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

func scrape(b *testing.B, handler http.Handler) {
	b.Helper()
	r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/metrics", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	for b.Loop() {
		handler.ServeHTTP(discard{http.Header{}}, r)
	}
}

// BenchmarkScrape compares one compressed scrape of 1,000 and 30,000 series with
// what client_golang's own handler needs for the same ones. Both have the usual
// metrics of a Go process beside them.
func BenchmarkScrape(b *testing.B) {
	for _, cities := range []int{2, 50} {
		v := newLoadedView(b, many(cities)...)
		series := constantsOf(b, string(plainIndicators(b, v)))
		v.process.(*prometheus.Registry).MustRegister(collectors.NewGoCollector())
		var theirs float64
		b.Run(fmt.Sprintf("%d/promhttp", len(series)), func(b *testing.B) {
			registry := prometheus.NewRegistry()
			registry.MustRegister(series, collectors.NewGoCollector())
			scrape(b, promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
			theirs = float64(b.Elapsed()) / float64(b.N)
		})
		b.Run(fmt.Sprintf("%d/view", len(series)), func(b *testing.B) {
			scrape(b, v.Handler())
			if theirs > 0 {
				b.ReportMetric(100*float64(b.Elapsed())/float64(b.N)/theirs, "%-of-promhttp")
			}
		})
		b.Run(fmt.Sprintf("%d/first-byte", len(series)), func(b *testing.B) { firstByte(b, v.Handler()) })
	}
}

// firstByte measures the time from a request over TCP to the first byte of the
// answer.
func firstByte(b *testing.B, handler http.Handler) {
	b.Helper()
	server := httptest.NewServer(handler)
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	for b.Loop() {
		io.WriteString(conn, "GET /metrics HTTP/1.1\r\nHost: gauge.example\r\nAccept-Encoding: gzip\r\n\r\n")
		if _, err := answers.Peek(1); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		answer, err := http.ReadResponse(answers, nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// BenchmarkRender is what a change costs: of every city, and of one.
func BenchmarkRender(b *testing.B) {
	const cities = 800
	source := newSource(many(cities)...)
	v := newView(source)
	refresh := func(b *testing.B) {
		if err := v.refresh(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	refresh(b)
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			v.known = nil
			refresh(b)
		}
		b.ReportMetric(float64(len(plainIndicators(b, v))), "bytes")
	})
	b.Run("one", func(b *testing.B) {
		for b.Loop() {
			source.generations["city-7"]++
			refresh(b)
		}
	})
	b.Run("compress", func(b *testing.B) {
		for b.Loop() {
			b.ReportMetric(float64(len(newSnapshot(v.now.Load().shown.cities, v.zips).compressed())), "bytes")
		}
	})
}

func plainIndicators(b *testing.B, v *View) []byte {
	b.Helper()
	recorder := httptest.NewRecorder()
	if err := writeText(recorder, v.now.Load().shown.drawn()); err != nil {
		b.Fatal(err)
	}
	return recorder.Body.Bytes()
}
