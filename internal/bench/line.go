package main

import (
	"fmt"
	"io"
	"slices"

	"golang.org/x/perf/benchfmt"
)

// suite is what is measured by one go test, as lines of the table.
type suite struct {
	part      string // of the table
	pkg       string
	benchmark string            // for -bench
	times     string            // for -benchtime
	peers     map[string]string // programs that have to be there, and Debian's packages of them
	lines     []line
}

// line is a line of the table, in terms of what benchmarks measure.
type line struct {
	what      string  // in words
	benchmark string  // such as Import/reload
	figure    string  // the unit of what is shown
	most      float64 // the goal: the figure is at most that; 0 where there is none
	ours      string  // the unit of what a ratio compares, and of what with; empty where the figure is no ratio
	peer      string  // in words
	theirs    string
}

// row is a line with what was measured.
type row struct {
	line
	part                string
	value               float64
	ourValue, peerValue float64
}

// met reports whether a row keeps to its goal.
func (r row) met() bool { return r.most == 0 || r.value <= r.most }

// measurements are values by unit, by benchmark.
type measurements map[string]map[string]float64

// read takes in what go test said.
func read(said io.Reader) (measurements, error) {
	all := measurements{}
	r := benchfmt.NewReader(said, "go test")
	for r.Scan() {
		result, ok := r.Result().(*benchfmt.Result)
		if !ok { // such as a line of the log that begins like one of a benchmark
			continue
		}
		values := map[string]float64{}
		for _, v := range result.Values {
			if v.OrigUnit != "" { // it makes bytes of megabytes
				v.Value, v.Unit = v.OrigValue, v.OrigUnit
			}
			values[v.Unit] = v.Value
		}
		all[nameOf(result.Name)] = values
	}
	return all, r.Err()
}

// nameOf is a benchmark's name without the -8 that go test adds.
func nameOf(full benchfmt.Name) string {
	base, parts := full.Parts()
	name := slices.Clone(base)
	for _, part := range parts {
		if part[0] == '/' {
			name = append(name, part...)
		}
	}
	return string(name)
}

// of finds a line's figures among what was measured.
func (l line) of(all measurements) (row, error) {
	r := row{line: l}
	for unit, value := range map[string]*float64{l.figure: &r.value, l.ours: &r.ourValue, l.theirs: &r.peerValue} {
		if unit == "" {
			continue
		}
		measured, ok := all[l.benchmark][unit]
		if !ok {
			return row{}, fmt.Errorf("nothing is said of %s by Benchmark%s: the table in internal/bench/suites.go is out of date", unit, l.benchmark)
		}
		*value = measured
	}
	return r, nil
}
