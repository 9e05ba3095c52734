package dashboards

import "github.com/grafana/grafana-foundation-sdk/go/dashboard"

// OperationsUID identifies the Operations dashboard in every Grafana.
const OperationsUID = "citygauge-operations"

// operations is the operator's dashboard: is the program well?
func operations() (dashboard.Dashboard, error) {
	return page(OperationsUID, operationsText.page,
		prometheusSource(),
	).
		Time("now-6h", "now").
		WithPanel(gauge(operationsText.database, size{6, 3}, "short", expression{`min(citygauge_database_up)`, ""}).Mappings(yesOrNo())).
		WithPanel(gauge(operationsText.snapshot, size{6, 3}, "s", expression{`time() - min(citygauge_snapshot_timestamp_seconds)`, ""})).
		WithPanel(gauge(operationsText.series, size{6, 3}, "locale", expression{`sum(scrape_samples_scraped{job="citygauge"})`, ""})).
		WithPanel(label(operationsText.version, size{6, 3}, "version", `max by (version) (citygauge_build_info)`)).
		WithPanel(trend(operationsText.requests, size{12, 8}, "reqps", expression{`sum by (code) (rate(citygauge_http_requests_total[$__rate_interval]))`, "{{code}}"})).
		WithPanel(trend(operationsText.slowness, size{12, 8}, "s",
			expression{`histogram_quantile(0.95, sum by (le) (rate(citygauge_http_request_duration_seconds_bucket[$__rate_interval]))) >= 0`, operationsText.slowness.parts[0]},
			expression{`histogram_quantile(0.5, sum by (le) (rate(citygauge_http_request_duration_seconds_bucket[$__rate_interval]))) >= 0`, operationsText.slowness.parts[1]},
		)).
		WithPanel(trend(operationsText.uploads, size{12, 8}, "short", expression{`sum by (outcome) (increase(citygauge_uploads_total[1h]))`, "{{outcome}}"})).
		WithPanel(trend(operationsText.rows, size{12, 8}, "short", expression{`sum by (outcome) (increase(citygauge_upload_rows_total[1h]))`, "{{outcome}}"})).
		WithPanel(trend(operationsText.sources, size{12, 8}, "short", expression{`sum by (outcome) (increase(citygauge_source_runs_total[1h]))`, "{{outcome}}"})).
		WithPanel(trend(operationsText.scrapes, size{12, 8}, "s", expression{`max by (instance) (scrape_duration_seconds{job="citygauge"})`, "{{instance}}"})).
		WithPanel(trend(operationsText.memory, size{12, 8}, "bytes", expression{`sum by (instance) (process_resident_memory_bytes{job="citygauge"})`, "{{instance}}"})).
		WithPanel(trend(operationsText.cpu, size{12, 8}, "percentunit", expression{`sum by (instance) (rate(process_cpu_seconds_total{job="citygauge"}[$__rate_interval]))`, "{{instance}}"})).
		Build()
}
