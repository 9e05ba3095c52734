package exposition

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/testprom"
)

// A real Prometheus must find the cities, take the compressed members, and give
// back what was put in.
func TestPrometheusScrapes(t *testing.T) {
	server := httptest.NewServer(newLoadedView(t, sample()...).Handler())
	defer server.Close()
	prometheus := testprom.Start(t, fmt.Sprintf(`
global: {scrape_interval: 1s}
scrape_configs:
- job_name: all
  static_configs: [{targets: [%q]}]
- job_name: cities
  http_sd_configs: [{url: %q}]
`, strings.TrimPrefix(server.URL, "http://"), server.URL+"/sd"), t.TempDir())
	for _, c := range []struct{ name, query, want string }{
		{"an indicator", `citygauge_indicator_measure{job="all",city="riverton",indicator="robberies",cohort="2025"}`, "754.264462809917"},
		{"the process, in the second member", `citygauge_uploads_total{job="all",outcome="applied"}`, "1"},
		{"a discovered city", `citygauge_indicator_pace_ratio{job="cities",instance="riverton",city="riverton",cohort="2024"}`, "1.34"},
		{"every city is up", `count(up{job="cities"} == 1)`, "3"},
		{"the status in words", `citygauge_indicator_status{job="all",indicator="robberies",cohort="2025",status="too-close"}`, "1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			prometheus.Await(t, c.query, c.want)
		})
	}
}
