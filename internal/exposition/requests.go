package exposition

import (
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Requests counts and times the requests to a site. It is a collector, to be
// registered with the process's registry.
type Requests struct {
	total   *prometheus.CounterVec
	seconds *prometheus.HistogramVec
}

// NewRequests has the answers that a site gives most, and those that alerts ask
// for, at 0.
func NewRequests() *Requests {
	r := &Requests{
		total: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "citygauge_http_requests_total",
			Help: "Requests to the site, by the status and method.",
		}, []string{"code", "method"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "citygauge_http_request_duration_seconds",
			Help: "How long requests to the site took.",
			// From a page to the preview of a large file.
			Buckets: []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30},
		}, nil),
	}
	for _, method := range []string{"get", "post"} {
		for _, code := range []int{
			http.StatusOK, http.StatusCreated, http.StatusSeeOther, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden,
			http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity, http.StatusTooManyRequests,
			http.StatusInternalServerError, http.StatusServiceUnavailable,
		} {
			r.total.WithLabelValues(strconv.Itoa(code), method)
		}
	}
	r.seconds.WithLabelValues()
	return r
}

// Around counts what a handler answers.
func (r *Requests) Around(h http.Handler) http.Handler {
	return promhttp.InstrumentHandlerDuration(r.seconds, promhttp.InstrumentHandlerCounter(r.total, h))
}

// Describe implements [prometheus.Collector].
func (r *Requests) Describe(ch chan<- *prometheus.Desc) {
	r.total.Describe(ch)
	r.seconds.Describe(ch)
}

// Collect implements [prometheus.Collector].
func (r *Requests) Collect(ch chan<- prometheus.Metric) {
	r.total.Collect(ch)
	r.seconds.Collect(ch)
}
