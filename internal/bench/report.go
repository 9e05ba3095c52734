package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// report is the whole table.
type report struct {
	machine machine
	took    time.Duration
	rows    []row
}

// missed is an error that names the goals that were missed, if any was.
func (r report) missed() error {
	var all []error
	for _, row := range r.rows {
		if !row.met() {
			all = append(all, fmt.Errorf("missed: %s of Benchmark%s is %s, and should be at most %s", row.figure, row.benchmark, row.shown(row.value), row.shown(row.most)))
		}
	}
	return errors.Join(all...)
}

const page = `# Benchmarks

What make bench measured, and against what: each ratio is of two things that were done in the same run. It is written by make bench; the same figures are in [benchmarks.csv](benchmarks.csv).

%s

    make bench               # everything, %s: writes this page
    make bench BENCH=import  # a part: %s

It needs Go, and Debian's packages postgresql and prometheus-postgres-exporter, on a machine that does nothing else. A goal that is missed is an error. The benchmarks stand beside the code that they measure, and their comments say how.

`

// keep writes the page and the file of figures.
func (r report) keep(folder string) error {
	var text, figures bytes.Buffer
	fmt.Fprintf(&text, page, r.machine, r.duration(), strings.Join(parted(), ", "))
	r.writeMarkdown(&text)
	if err := r.writeCSV(&figures); err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(folder, "benchmarks.md"), text.Bytes(), 0o644),
		os.WriteFile(filepath.Join(folder, "benchmarks.csv"), figures.Bytes(), 0o644),
	)
}

func (r report) duration() string {
	return fmt.Sprintf("%.0f minutes", max(1, r.took.Minutes()))
}

var titles = []string{"part", "what", "measured", "beside", "ratio", "goal", "met"}

func (r report) writeMarkdown(w io.Writer) {
	fmt.Fprintf(w, "| %s |\n|%s\n", strings.Join(titles, " | "), strings.Repeat("---|", len(titles)))
	for n, row := range r.rows {
		cells := row.cells()
		if n > 0 && r.rows[n-1].part == row.part {
			cells[0] = ""
		}
		fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | "))
	}
}

// write writes the table for a terminal.
func (r report) write(out io.Writer) error {
	fmt.Fprintf(out, "\n%s\n\n", r.machine)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, strings.Join(titles, "\t"))
	for _, row := range r.rows {
		fmt.Fprintln(w, strings.Join(row.cells(), "\t"))
	}
	return w.Flush()
}

func (r row) cells() []string {
	measured, beside, ratio, goal, met := r.shown(r.value), "", "", "", ""
	if r.theirs != "" {
		measured, ratio = r.shownIn(r.ours, r.ourValue), measured
		beside = r.peer + " " + r.shownIn(r.theirs, r.peerValue)
	}
	if r.most > 0 {
		goal, met = "≤ "+r.shown(r.most), "no"
		if r.met() {
			met = "yes"
		}
	}
	return []string{r.part, r.what, measured, beside, ratio, goal, met}
}

func (r report) writeCSV(out io.Writer) error {
	w := csv.NewWriter(out)
	lines := [][]string{{"part", "what", "benchmark", "unit", "value", "goal", "met", "ours_unit", "ours", "peer", "peer_unit", "peers"}}
	for _, row := range r.rows {
		l := []string{row.part, row.what, row.benchmark, row.figure, number(row.value), "", "", row.ours, "", row.peer, row.theirs, ""}
		if row.most > 0 {
			l[5], l[6] = number(row.most), strconv.FormatBool(row.met())
		}
		if row.theirs != "" {
			l[8], l[11] = number(row.ourValue), number(row.peerValue)
		}
		lines = append(lines, l)
	}
	if err := w.WriteAll(lines); err != nil {
		return err
	}
	return w.Error()
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }

func (r row) shown(v float64) string { return r.shownIn(r.figure, v) }

// shownIn is a value with its unit, as people read it.
func (r row) shownIn(unit string, v float64) string {
	digits := strconv.FormatFloat(v, 'f', decimals(v), 64)
	switch {
	case strings.HasPrefix(unit, "x-"), strings.Contains(unit, "/one"):
		return digits + " ×"
	case strings.Contains(unit, "MB"):
		return digits + " MB"
	case strings.HasSuffix(unit, "-ms"):
		return digits + " ms"
	default:
		return digits + " s"
	}
}

// decimals are as many as show three digits of what is not 0.
func decimals(v float64) int {
	n := 0
	for size := max(v, 1e-6); size < 100 && n < 8; size *= 10 {
		n++
	}
	if float64(int64(v)) == v {
		return 0
	}
	return n
}
