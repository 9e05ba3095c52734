package main

import "slices"

// postgres is what several suites have psql do.
var postgres = map[string]string{"psql": "postgresql-client"}

// suites is the table, in its order.
var suites = []suite{
	{
		part: "import", pkg: "./cmd/citygauge", benchmark: "^BenchmarkImport$", times: "3x", peers: postgres,
		lines: slices.Concat(imported("first-load", "1 M rows, all new"), imported("reload", "1 M rows, none changed"), imported("tenth-changed", "1 M rows, a tenth changed")),
	},
	{
		part: "import", pkg: "./cmd/citygauge", benchmark: "^BenchmarkImportAssessed$", times: "1x", peers: postgres,
		lines: []line{{"1 M new rows, 10,000 targets judged", "ImportAssessed", "x-psql", 0, "import-s", "psql, which judges nothing", "psql-s"}},
	},
	{
		part: "import", pkg: "./cmd/citygauge", benchmark: "^BenchmarkImportMemory$", times: "1x", peers: postgres,
		lines: []line{
			{"memory for 10 M rows, all new", "ImportMemory", "peak-MB-10M", 150, "", "", ""},
			{"… beside 1 M rows", "ImportMemory", "x-peak-1M", 0, "peak-MB-10M", "1 M rows", "peak-MB-1M"},
			{"memory for 10 M rows, none changed", "ImportMemory", "reload-peak-MB-10M", 150, "", "", ""},
			{"… beside 1 M rows", "ImportMemory", "x-reload-peak-1M", 0, "reload-peak-MB-10M", "1 M rows", "reload-peak-MB-1M"},
		},
	},
	{
		part: "preview", pkg: "./internal/store", benchmark: "^BenchmarkPreview$", times: "40x", peers: postgres,
		lines: []line{previewed("all-new", "p95, 5,000 rows, all new"), previewed("month-new", "p95, 5,000 rows, a month new")},
	},
	{
		part: "judge", pkg: "./internal/progress", benchmark: "^BenchmarkJudgeAll$/^500k$", times: "1x",
		lines: []line{{"500,000 targets of 60 values, forecasts included, on two cores", "JudgeAll/500k", "judge-s", 60, "", "", ""}},
	},
	{
		part: "scrape", pkg: "./internal/exposition", benchmark: "^BenchmarkScrape$", times: "10x",
		lines: []line{
			{"1,000 series", "Scrape/1k", "x-promhttp", 0, "scrape-ms", "promhttp", "promhttp-ms"},
			{"30,000 series", "Scrape/30k", "x-promhttp", 0.01, "scrape-ms", "promhttp", "promhttp-ms"},
			{"500,000 series, by city", "Scrape/500k", "x-promhttp", 0, "scrape-ms", "promhttp", "promhttp-ms"},
			{"first byte of 30,000 series", "Scrape/30k", "first-byte-ms", 1, "", "", ""},
		},
	},
	{
		part: "scrape", pkg: "./cmd/citygauge", benchmark: "^BenchmarkExporter$", times: "5x",
		peers: map[string]string{"prometheus-postgres-exporter": "prometheus-postgres-exporter"},
		lines: []line{
			{"1,000 series, over HTTP", "Exporter/1k", "x-exporter", 0, "scrape-ms", "postgres_exporter", "exporter-ms"},
			{"30,000 series, over HTTP", "Exporter/30k", "x-exporter", 0, "scrape-ms", "postgres_exporter", "exporter-ms"},
			{"500,000 series, by city, over HTTP", "Exporter/500k", "x-exporter", 0, "scrape-ms", "postgres_exporter", "exporter-ms"},
			{"memory with 500,000 series", "Exporter/500k", "x-exporter-MB", 0, "peak-MB", "postgres_exporter", "exporter-MB"},
		},
	},
	{
		part: "serve", pkg: "./cmd/citygauge", benchmark: "^BenchmarkCrowd$", times: "1x", peers: postgres,
		lines: []line{
			{"10,000 cities × 50 indicators: start until ready", "Crowd", "ready-s", 10, "", "", ""},
			{"… beside psql that reads the same", "Crowd", "x-psql", 0, "ready-s", "psql", "psql-s"},
			{"… memory, every city scraped", "Crowd", "peak-MB", 1024, "", "", ""},
			{"… a city's first scrape", "Crowd", "first-scrape-ms", 1, "", "", ""},
			{"… a city's further scrapes", "Crowd", "same-scrape-ms", 1, "", "", ""},
			{"… from upload to scrape", "Crowd", "upload-to-scrape-s", 1, "", "", ""},
		},
	},
	{
		part: "dashboards", pkg: "./dashboards", benchmark: "^BenchmarkPanels$", times: "10x",
		lines: slices.Concat(asked("city", "City"), asked("indicator", "Indicator"), asked("cohort", "Cohort"), asked("health", "Data health"), []line{
			{"… of all 8,400 cities", "Panels/all/health", "slowest-ms", 0, "", "", ""},
			{"the list of 8,400 cities to choose from", "Panels/10M/city", "choice-ms", 50, "", "", ""},
		}),
	},
	{
		part: "collect", pkg: "./collector", benchmark: "^BenchmarkTenThousandSources$/^latency=(50ms|200ms,sources=2500)$", times: "1x",
		lines: []line{
			{"10,000 sources at 50 ms, by one process", "TenThousandSources/latency=50ms", "first-one-s", 180, "", "", ""},
			{"… when nothing has changed", "TenThousandSources/latency=50ms", "again-one-s", 180, "", "", ""},
			{"… memory of a process", "TenThousandSources/latency=50ms", "MB/process", 300, "", "", ""},
			{"… by two processes", "TenThousandSources/latency=50ms", "first-two/one", 0, "first-two-s", "one process", "first-one-s"},
			{"… by two, when nothing has changed", "TenThousandSources/latency=50ms", "again-two/one", 0, "again-two-s", "one process", "again-one-s"},
			{"2,500 sources at 200 ms, by two processes", "TenThousandSources/latency=200ms,sources=2500", "first-two/one", 0, "first-two-s", "one process", "first-one-s"},
		},
	},
}

// imported are the lines of one of the imports.
func imported(name, what string) []line {
	benchmark := "Import/" + name
	return []line{
		{what, benchmark, "x-psql", 1, "import-s", "psql by hand", "psql-s"},
		{"… beside \\copy", benchmark, "x-copy", 0, "import-s", "psql", "copy-s"},
		{"… memory", benchmark, "peak-MB", 150, "", "", ""},
	}
}

func previewed(name, what string) line {
	return line{what, "Preview/" + name, "x-copy-p95", 2, "preview-p95-ms", "\\copy", "copy-p95-ms"}
}

// asked are the lines of a dashboard.
func asked(name, title string) []line {
	return []line{
		{title + ", slowest panel, a cohort of 300 cities", "Panels/354k/" + name, "slowest-ms", 50, "", "", ""},
		{"… where there are 28 of them, 10 M observations", "Panels/10M/" + name, "slowest-ms", 50, "", "", ""},
		{"… the median panel beside where it is alone", "Panels/10M/" + name, "x-alone", 2, "panel-ms", "alone", "alone-ms"},
	}
}
