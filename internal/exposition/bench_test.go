package exposition

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

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

// scrape has a handler answer one compressed scrape of each path, a number of
// times, and says how long one of all of them takes.
func scrape(b *testing.B, handler http.Handler, times int, paths ...string) time.Duration {
	b.Helper()
	requests := make([]*http.Request, len(paths))
	for n, path := range paths {
		requests[n] = httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, nil)
		requests[n].Header.Set("Accept-Encoding", "gzip")
	}
	began := time.Now()
	for range times {
		for _, r := range requests {
			handler.ServeHTTP(discard{http.Header{}}, r)
		}
	}
	return time.Since(began) / time.Duration(times)
}

// BenchmarkScrape compares a compressed scrape of 1,000, 30,000 and 500,000
// series with what client_golang's own handler needs for the same ones. Both
// have the usual metrics of a Go process beside them. The last are too many for
// one scrape of a view, and are scraped city by city.
//
//	x-promhttp     our time as a multiple of promhttp's, of the medians
//	scrape-ms      our time
//	promhttp-ms    promhttp's
//	first-byte-ms  from a request over TCP to the first byte of our answer
func BenchmarkScrape(b *testing.B) {
	for _, size := range []struct {
		name   string
		cities int
	}{{"1k", 2}, {"30k", 47}, {"500k", 771}} {
		b.Run(size.name, func(b *testing.B) {
			v := newLoadedView(b, many(size.cities)...)
			series := constantsOf(b, string(plainIndicators(b, v)))
			v.process.(*prometheus.Registry).MustRegister(collectors.NewGoCollector())
			registry := prometheus.NewRegistry()
			registry.MustRegister(series, collectors.NewGoCollector())
			promhttp := promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
			paths := []string{"/metrics"}
			if len(series) > most {
				paths = nil
				for c := range size.cities {
					paths = append(paths, fmt.Sprintf("/metrics/cities/city-%d", c))
				}
			}
			view := v.Handler()
			scrape(b, view, 1, paths...) // the first after a change, which is BenchmarkRender's
			var ours, theirs, firsts []time.Duration
			for b.Loop() {
				theirs = append(theirs, scrape(b, promhttp, 1, "/metrics"))
				ours = append(ours, scrape(b, view, 100, paths...))
				firsts = append(firsts, firstByte(b, view, paths[0]))
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(milliseconds(median(ours)), "scrape-ms")
			b.ReportMetric(milliseconds(median(theirs)), "promhttp-ms")
			b.ReportMetric(float64(median(ours))/float64(median(theirs)), "x-promhttp")
			b.ReportMetric(milliseconds(median(firsts)), "first-byte-ms")
		})
	}
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// firstByte is the median time, of a hundred requests over TCP, to the first
// byte of the answer.
func firstByte(b *testing.B, handler http.Handler, path string) time.Duration {
	b.Helper()
	server := httptest.NewServer(handler)
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	var all []time.Duration
	for range 100 {
		began := time.Now()
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: gauge.example\r\nAccept-Encoding: gzip\r\n\r\n", path)
		if _, err := answers.Peek(1); err != nil {
			b.Fatal(err)
		}
		all = append(all, time.Since(began))
		answer, err := http.ReadResponse(answers, nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			b.Fatal(err)
		}
	}
	return median(all)
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
