package store_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

// One city's whole spreadsheet: 50 indicators with a target each, over 100
// months.
const benchIndicators, benchMonths = 50, 100

func manyIndicators() programme.Programme {
	p := twoCities()
	indicator, target := p.Indicators[0], p.Targets[0]
	p.Indicators, p.Targets = nil, nil
	for n := range benchIndicators {
		indicator.ID = fmt.Sprintf("indicator-%02d", n)
		indicator.Title, target.Indicator = indicator.ID, indicator.ID
		p.Indicators, p.Targets = append(p.Indicators, indicator), append(p.Targets, target)
	}
	return p
}

func benchFile(monthsOf int) string {
	var csv strings.Builder
	csv.WriteString(header + "\n")
	for n := range benchIndicators {
		for m := range monthsOf {
			fmt.Fprintf(&csv, "aldermoor,indicator-%02d,%s,%d\n", n, programme.Month(2017, time.June).Plus(m), 100+(n*7+m*13)%40)
		}
	}
	return csv.String()
}

// BenchmarkPreview compares the preview of 5,000 rows, judged and kept, with
// psql's \copy of the same rows into a table without an index: each as the one
// who waits for it sees it, psql's start included.
func BenchmarkPreview(b *testing.B) {
	for _, c := range []struct {
		name  string
		known int // months that are there already
	}{
		{"all-new", 0},
		{"month-new", benchMonths - 1},
	} {
		b.Run(c.name, func(b *testing.B) {
			i := install(b)
			i.apply(b, manyIndicators())
			if c.known > 0 {
				i.take(b, upload.Request{}, benchFile(c.known))
			}
			path := filepath.Join(b.TempDir(), "observations.csv")
			if err := os.WriteFile(path, []byte(benchFile(benchMonths)), 0o600); err != nil {
				b.Fatal(err)
			}
			psql(b, i.db.Superuser, `create table staging (city text, indicator text, period text, value double precision)`)
			r := upload.Request{
				Account: aide.Account, Scope: aldermoor, Name: "observations.csv", Content: func() (io.ReadCloser, error) { return os.Open(path) },
			}
			var previews, copies []time.Duration
			for b.Loop() {
				began := time.Now()
				report := i.preview(b, r)
				previews = append(previews, time.Since(began))
				if report.Counts.New != int64(benchIndicators*(benchMonths-c.known)) || len(report.StatusChanges) == 0 {
					b.Fatalf("%+v", report.Counts)
				}
				began = time.Now()
				psql(b, i.db.Superuser, `\copy staging from '`+path+`' csv header`)
				copies = append(copies, time.Since(began))
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(percentile(previews, 50), "preview-p50-ms")
			b.ReportMetric(percentile(previews, 95), "preview-p95-ms")
			b.ReportMetric(percentile(copies, 50), "copy-p50-ms")
			b.ReportMetric(percentile(copies, 95), "copy-p95-ms")
			b.ReportMetric(percentile(previews, 95)/percentile(copies, 95), "x-copy-p95")
		})
	}
}

func psql(b *testing.B, at, command string) {
	b.Helper()
	if said, err := exec.CommandContext(b.Context(), "psql", "--no-psqlrc", "--quiet", at, "--command", command).CombinedOutput(); err != nil {
		b.Fatalf("psql: %v\n%s", err, said)
	}
}

// percentile is in milliseconds.
func percentile(all []time.Duration, percent int) float64 {
	slices.Sort(all)
	return float64(all[(len(all)-1)*percent/100]) / float64(time.Millisecond)
}
