package exposition

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
)

func TestUploadsStartAtZero(t *testing.T) {
	const want = `
# HELP citygauge_upload_rows_total Rows of uploads, by what became of them.
# TYPE citygauge_upload_rows_total counter
citygauge_upload_rows_total{outcome="changed"} 0
citygauge_upload_rows_total{outcome="new"} 0
citygauge_upload_rows_total{outcome="rejected"} 0
citygauge_upload_rows_total{outcome="skipped"} 0
citygauge_upload_rows_total{outcome="unchanged"} 0
citygauge_upload_rows_total{outcome="withdrawn"} 0
# HELP citygauge_uploads_total Uploads taken in by this process, by how that ended.
# TYPE citygauge_uploads_total counter
citygauge_uploads_total{outcome="applied"} 0
citygauge_uploads_total{outcome="failed"} 0
citygauge_uploads_total{outcome="rejected"} 0
`
	if err := testutil.CollectAndCompare(NewUploads(), strings.NewReader(want), "citygauge_uploads_total", "citygauge_upload_rows_total"); err != nil {
		t.Error(err)
	}
}

func TestUploadsAreCounted(t *testing.T) {
	u := NewUploads()
	u.Observe(Applied, Rows{New: 6, Changed: 5, Unchanged: 4, Withdrawn: 3, Skipped: 2, Rejected: 1}, time.Second)
	u.Observe(Applied, Rows{New: 10}, time.Second)
	u.Observe(Rejected, Rows{Rejected: 7}, 20*time.Second)
	u.Observe(Failed, Rows{}, time.Minute)
	for outcome, want := range map[Outcome]float64{Applied: 2, Rejected: 1, Failed: 1} {
		if got := testutil.ToFloat64(u.total.WithLabelValues(string(outcome))); got != want {
			t.Errorf("%v uploads %s, want %v", got, outcome, want)
		}
	}
	for outcome, want := range map[string]float64{"new": 16, "changed": 5, "unchanged": 4, "withdrawn": 3, "skipped": 2, "rejected": 8} {
		if got := testutil.ToFloat64(u.rows.WithLabelValues(outcome)); got != want {
			t.Errorf("%v rows %s, want %v", got, outcome, want)
		}
	}
	const want = `
# HELP citygauge_upload_duration_seconds How long it took to take an upload in, however that ended.
# TYPE citygauge_upload_duration_seconds histogram
citygauge_upload_duration_seconds_bucket{le="0.05"} 0
citygauge_upload_duration_seconds_bucket{le="0.1"} 0
citygauge_upload_duration_seconds_bucket{le="0.25"} 0
citygauge_upload_duration_seconds_bucket{le="0.5"} 0
citygauge_upload_duration_seconds_bucket{le="1"} 2
citygauge_upload_duration_seconds_bucket{le="2.5"} 2
citygauge_upload_duration_seconds_bucket{le="5"} 2
citygauge_upload_duration_seconds_bucket{le="10"} 2
citygauge_upload_duration_seconds_bucket{le="30"} 3
citygauge_upload_duration_seconds_bucket{le="60"} 4
citygauge_upload_duration_seconds_bucket{le="300"} 4
citygauge_upload_duration_seconds_bucket{le="+Inf"} 4
citygauge_upload_duration_seconds_sum 82
citygauge_upload_duration_seconds_count 4
`
	if err := testutil.CollectAndCompare(u, strings.NewReader(want), "citygauge_upload_duration_seconds"); err != nil {
		t.Error(err)
	}
}
