package exposition

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/common/expfmt"
)

// Handler serves the view: /metrics, /metrics/process, /metrics/cities/{city},
// /sd for Prometheus's HTTP service discovery, /-/healthy, /-/ready, and a page
// that says so. Everything else is refused, and so is every method but GET and
// HEAD.
func (v *View) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", index)
	mux.HandleFunc("GET /metrics", v.all)
	mux.Handle("GET /metrics/process", promhttp.HandlerFor(v.process, promhttp.HandlerOpts{
		ErrorLog:      slog.NewLogLogger(v.options.Log.Handler(), slog.LevelError),
		ErrorHandling: promhttp.ContinueOnError,
	}))
	mux.HandleFunc("GET /metrics/cities/{city}", v.city)
	mux.HandleFunc("GET /sd", v.discovery)
	mux.HandleFunc("GET /-/healthy", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "citygauge is running.\n")
	})
	mux.HandleFunc("GET /-/ready", v.ready)
	return mux
}

const indexPage = `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>citygauge metrics</title>
<h1>citygauge metrics</h1>
<ul>
<li><a href="metrics">/metrics</a>: every city's indicators and sources, up to 200,000 series, and this process</li>
<li><a href="metrics/process">/metrics/process</a>: this process alone</li>
<li>/metrics/cities/<i>city</i>: one city's indicators and sources</li>
<li><a href="sd">/sd</a>: the cities, for Prometheus's HTTP service discovery</li>
<li><a href="-/healthy">/-/healthy</a>, <a href="-/ready">/-/ready</a></li>
</ul>
</html>
`

func index(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, indexPage)
}

// all answers before the first snapshot too: citygauge_database_up is then what
// matters.
func (v *View) all(w http.ResponseWriter, r *http.Request) {
	process := v.processText()
	shown := v.now.Load().shown
	if shown != nil && shown.series > most {
		tooMany(w, shown.series)
		return
	}
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Vary", "Accept-Encoding")
	// That a client went away in the middle is its own affair: write errors are
	// not looked at, here and below.
	if !acceptsGzip(r.Header.Values("Accept-Encoding")) {
		if shown != nil {
			_ = writeText(w, shown.drawn())
		}
		_, _ = w.Write(process)
		return
	}
	var indicators []byte
	if shown != nil {
		indicators = shown.compressed()
	}
	v.writeZipped(w, indicators, process)
}

// writeZipped answers with one gzip member, and text as a second: one after the
// other they are one file (RFC 1952, 2.2).
func (v *View) writeZipped(w http.ResponseWriter, member, text []byte) {
	var second []byte
	if len(text) > 0 {
		second = v.zips.member(func(w io.Writer) error { _, err := w.Write(text); return err })
	}
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Content-Length", strconv.Itoa(len(member)+len(second)))
	_, _ = w.Write(member)
	_, _ = w.Write(second)
}

// most is how many series /metrics serves. One scrape of more would be a burden
// on Prometheus and, at every change, on this process.
const most = 200_000

// tooMany fails, so that nobody takes the cities for gone.
func tooMany(w http.ResponseWriter, series int) {
	w.Header().Set("Link", `</sd>; rel="alternate"`)
	http.Error(w, fmt.Sprintf("%d series are too many for one scrape, of which %d are the limit. Have Prometheus scrape /metrics/process, "+
		"and each city by itself: /sd lists them for its HTTP service discovery, as deploy/prometheus/prometheus.yml shows.", series, most), http.StatusNotFound)
}

// processText is the process's own families, and those beside. One that fails is
// left out and logged, so that it does not hide the rest.
func (v *View) processText() []byte {
	var b bytes.Buffer
	all := prometheus.Gatherers{v.process}
	if v.options.Beside != nil {
		all = append(all, v.options.Beside)
	}
	v.encode(&b, all)
	return b.Bytes()
}

// encode writes families. One that fails is left out and logged, so that it does
// not hide the rest.
func (v *View) encode(b *bytes.Buffer, from prometheus.Gatherer) {
	families, err := from.Gather()
	for _, f := range families {
		if _, encoding := expfmt.MetricFamilyToText(b, f); encoding != nil {
			err = encoding
		}
	}
	if err != nil {
		v.options.Log.Error("some metrics beside the indicators are missing in a scrape", "err", err)
	}
}

func (v *View) city(w http.ResponseWriter, r *http.Request) {
	now := v.now.Load()
	if now.shown == nil {
		unready(w, now)
		return
	}
	city, found := now.shown.city(r.PathValue("city"))
	if !found {
		http.Error(w, "No city is called that; /sd lists them.", http.StatusNotFound)
		return
	}
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Vary", "Accept-Encoding")
	var beside bytes.Buffer
	if v.options.BesideCity != nil {
		registry := prometheus.NewRegistry()
		registry.MustRegister(v.options.BesideCity(city.id))
		v.encode(&beside, registry)
	}
	if !acceptsGzip(r.Header.Values("Accept-Encoding")) {
		_ = writeText(w, []*drawn{city.draw()})
		_, _ = w.Write(beside.Bytes())
		return
	}
	v.writeZipped(w, city.compressed(), beside.Bytes())
}

// targetGroup is one entry of the list that Prometheus's HTTP service discovery
// reads.
type targetGroup struct {
	Targets []string          `json:"targets"`
	Labels  map[string]string `json:"labels"`
}

// discovery names this server as it was asked, so that it needs no address of
// its own. Before the first snapshot it fails, since Prometheus then keeps the
// targets that it has and would drop them for an empty list.
func (v *View) discovery(w http.ResponseWriter, r *http.Request) {
	now := v.now.Load()
	if now.shown == nil {
		unready(w, now)
		return
	}
	groups := make([]targetGroup, len(now.shown.cities))
	for i, c := range now.shown.cities {
		groups[i] = targetGroup{
			Targets: []string{r.Host},
			Labels:  map[string]string{"__metrics_path__": "/metrics/cities/" + c.id, "instance": c.id},
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(groups)
}

func (v *View) ready(w http.ResponseWriter, _ *http.Request) {
	now := v.now.Load()
	if !now.up {
		unready(w, now)
		return
	}
	_, _ = io.WriteString(w, "Ready.\n")
}

func unready(w http.ResponseWriter, now *state) {
	reason := "the database has not answered yet"
	if now.shown != nil {
		reason = "the database does not answer; the metrics shown are of " + now.agreed.UTC().Format(time.RFC3339)
	}
	http.Error(w, "Not ready: "+reason+". The log says why.", http.StatusServiceUnavailable)
}
