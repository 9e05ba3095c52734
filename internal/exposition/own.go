package exposition

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

var (
	upDesc = prometheus.NewDesc("citygauge_database_up",
		"Whether the database answered when it was last asked.", nil, nil)
	agreedDesc = prometheus.NewDesc("citygauge_snapshot_timestamp_seconds",
		"When the indicators shown were last known to agree with the database; compared every 30 seconds and at every change.", nil, nil)
	buildDesc = prometheus.NewDesc("citygauge_build_info",
		"The program that serves this; always 1.", []string{"version", "revision", "goversion"}, nil)
	installationDesc = prometheus.NewDesc("citygauge_installation_info",
		"The installation whose database this is, by its id; always 1.", []string{"installation"}, nil)
)

// ownMetrics collects what a view says of itself.
type ownMetrics struct{ view *View }

// Describe implements [prometheus.Collector].
func (ownMetrics) Describe(ch chan<- *prometheus.Desc) {
	ch <- upDesc
	ch <- agreedDesc
	ch <- buildDesc
	ch <- installationDesc
}

// Collect implements [prometheus.Collector].
func (m ownMetrics) Collect(ch chan<- prometheus.Metric) {
	now := m.view.now.Load()
	up := 0.0
	if now.up {
		up = 1
	}
	ch <- prometheus.MustNewConstMetric(upDesc, prometheus.GaugeValue, up)
	if now.shown != nil {
		seconds := float64(now.agreed.UnixMilli()) / float64(time.Second/time.Millisecond)
		ch <- prometheus.MustNewConstMetric(agreedDesc, prometheus.GaugeValue, seconds)
	}
	b := m.view.options.Build
	ch <- prometheus.MustNewConstMetric(buildDesc, prometheus.GaugeValue, 1, b.Version, b.Revision, b.GoVersion)
	if id := m.view.options.Installation; id != "" {
		ch <- prometheus.MustNewConstMetric(installationDesc, prometheus.GaugeValue, 1, id)
	}
}
