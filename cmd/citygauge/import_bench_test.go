package main

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// A million observations: two hundred cities with fifty indicators each, over a
// hundred periods.
const (
	importedCities     = 200
	importedIndicators = 50
	importedPeriods    = 100
	importedRows       = importedCities * importedIndicators * importedPeriods
)

// BenchmarkImport compares citygauge import, as it is shipped, with psql: with a
// script that does the same by hand (testdata/bench/import.sql), and with \copy
// of the file into a table without an index. All are given the same file, on one
// server with the settings that are shipped; the script has a database of its
// own with the same schema. A ratio is that of the medians of all rounds
// (-benchtime 3x).
//
//	x-psql    our time as a multiple of the script's
//	x-copy    and of \copy's
//	peak-MB   the most memory that our process had
func BenchmarkImport(b *testing.B) {
	c := newContest(b, "monthly", false)
	first, moved := c.file(b, importedPeriods, 0), c.file(b, importedPeriods, 10)
	const tenth = importedRows / 10
	b.Run("first-load", func(b *testing.B) {
		c.compare(b, c.empty, func() (file, summary string) { return first, summaryOf(importedRows, 0, 0) })
	})
	// Each file changes every tenth value of the other.
	b.Run("tenth-changed", func(b *testing.B) {
		c.filled(b, first)
		file := first
		c.compare(b, c.settle, func() (string, string) {
			if file == first {
				file = moved
			} else {
				file = first
			}
			return file, summaryOf(0, tenth, importedRows-tenth)
		})
		c.last = file
	})
	b.Run("reload", func(b *testing.B) {
		c.filled(b, first)
		c.compare(b, c.settle, func() (string, string) { return c.last, summaryOf(0, 0, importedRows) })
	})
}

// BenchmarkImportAssessed is the first load where every indicator has a target,
// of which the script knows nothing.
func BenchmarkImportAssessed(b *testing.B) {
	c := newContest(b, "monthly", true)
	file := c.file(b, importedPeriods, 0)
	c.compare(b, c.empty, func() (string, string) { return file, summaryOf(importedRows, 0, 0) })
	var assessments float64
	if err := c.ours.admin.Get(&assessments, `select count(*) from citygauge.assessment`); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(assessments, "assessments")
}

// BenchmarkImportMemory takes one million and ten million rows into the same
// programme, for the first time and once more.
func BenchmarkImportMemory(b *testing.B) {
	c := newContest(b, "daily", false)
	for b.Loop() {
		peaks := map[string]float64{}
		for name, days := range map[string]int{"1M": importedPeriods, "10M": 10 * importedPeriods} {
			file, rows := c.file(b, days, 0), days*importedCities*importedIndicators
			c.empty(b)
			_, peaks["peak-MB-"+name] = c.ours.imports(b, file, summaryOf(rows, 0, 0))
			c.settle(b)
			_, peaks["reload-peak-MB-"+name] = c.ours.imports(b, file, summaryOf(0, 0, rows))
		}
		for name, peak := range peaks {
			b.ReportMetric(peak, name)
		}
		b.ReportMetric(peaks["peak-MB-10M"]/peaks["peak-MB-1M"], "x-peak-1M")
		b.ReportMetric(peaks["reload-peak-MB-10M"]/peaks["reload-peak-MB-1M"], "x-reload-peak-1M")
	}
}

func summaryOf(fresh, changed, unchanged int) string {
	return fmt.Sprintf(": %d new, %d changed, %d unchanged\n", fresh, changed, unchanged)
}

// compare runs rounds of the contest, each from a state that prepare makes, with
// the file and what becomes of it that next says.
func (c *contest) compare(b *testing.B, prepare func(testing.TB), next func() (file, summary string)) {
	var ours, script, copies []time.Duration
	var peaks float64
	for b.Loop() {
		prepare(b)
		file, summary := next()
		took, peak := c.ours.imports(b, file, summary)
		ours, peaks = append(ours, took), max(peaks, peak)
		script = append(script, c.expert.runs(b, file))
		copies = append(copies, c.expert.copies(b, file))
		c.agree(b)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(ours).Seconds(), "import-s")
	b.ReportMetric(median(script).Seconds(), "psql-s")
	b.ReportMetric(median(copies).Seconds(), "copy-s")
	b.ReportMetric(float64(median(ours))/float64(median(script)), "x-psql")
	b.ReportMetric(float64(median(ours))/float64(median(copies)), "x-copy")
	b.ReportMetric(peaks, "peak-MB")
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}
