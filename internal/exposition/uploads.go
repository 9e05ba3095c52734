package exposition

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Outcome is how the taking in of an upload ended.
type Outcome string

// The outcomes.
const (
	Applied  Outcome = "applied"
	Rejected Outcome = "rejected" // something in the file was wrong: nothing was taken in
	Failed   Outcome = "failed"   // the file was not at fault, such as with an unreachable database
)

// Rows are the numbers of an upload's rows by what became of them.
type Rows struct {
	New, Changed, Unchanged, Withdrawn, Skipped, Rejected int
}

func (r Rows) byOutcome() map[string]int {
	return map[string]int{
		"new":       r.New,
		"changed":   r.Changed,
		"unchanged": r.Unchanged,
		"withdrawn": r.Withdrawn,
		"skipped":   r.Skipped,
		"rejected":  r.Rejected,
	}
}

// Uploads counts the uploads that this process took in. It is a collector, to
// be registered with the process's registry; its methods may be called at the
// same time.
type Uploads struct {
	total, rows *prometheus.CounterVec
	seconds     prometheus.Histogram
}

// NewUploads has every outcome at 0.
func NewUploads() *Uploads {
	u := &Uploads{
		total: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "citygauge_uploads_total",
			Help: "Uploads taken in by this process, by how that ended.",
		}, []string{"outcome"}),
		rows: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "citygauge_upload_rows_total",
			Help: "Rows of uploads, by what became of them.",
		}, []string{"outcome"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "citygauge_upload_duration_seconds",
			Help: "How long it took to take an upload in, however that ended.",
			// From a city's month to a million rows.
			Buckets: []float64{0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300},
		}),
	}
	for _, outcome := range []Outcome{Applied, Rejected, Failed} {
		u.total.WithLabelValues(string(outcome))
	}
	u.addRows(Rows{})
	return u
}

// Observe counts one upload.
func (u *Uploads) Observe(outcome Outcome, rows Rows, took time.Duration) {
	u.total.WithLabelValues(string(outcome)).Inc()
	u.addRows(rows)
	u.seconds.Observe(took.Seconds())
}

func (u *Uploads) addRows(rows Rows) {
	for outcome, n := range rows.byOutcome() {
		u.rows.WithLabelValues(outcome).Add(float64(n))
	}
}

// Describe implements [prometheus.Collector].
func (u *Uploads) Describe(ch chan<- *prometheus.Desc) {
	u.total.Describe(ch)
	u.rows.Describe(ch)
	u.seconds.Describe(ch)
}

// Collect implements [prometheus.Collector].
func (u *Uploads) Collect(ch chan<- prometheus.Metric) {
	u.total.Collect(ch)
	u.rows.Collect(ch)
	u.seconds.Collect(ch)
}
