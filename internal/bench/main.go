// Command bench measures what citygauge promises of speed and memory, each
// figure beside a peer that is run in the same minute, and writes one table of
// them:
//
//	go run ./internal/bench            everything, into docs/benchmarks.md and .csv
//	go run ./internal/bench import     a part, on standard output alone
//
// It runs the benchmarks that stand beside the code, and is told by their names
// and units what they measure. It ends with an error where a goal is missed.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"time"
)

const folder = "docs"

func main() {
	log.SetFlags(0)
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		log.Fatal(err)
	}
}

func run(args []string, out, talk io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(talk)
	if err := flags.Parse(args); err != nil {
		return err
	}
	chosen, err := choose(flags.Args())
	if err != nil {
		return err
	}
	if err := need(chosen); err != nil {
		return err
	}
	on, err := inspect(ctx)
	if err != nil {
		return err
	}
	began := time.Now() //nolint:forbidigo // a clock is what this is for
	var rows []row
	for _, s := range chosen {
		found, err := s.run(ctx, talk)
		if err != nil {
			return err
		}
		rows = append(rows, found...)
	}
	r := report{machine: on, took: time.Since(began), rows: rows}
	if flags.NArg() > 0 {
		err = r.write(out)
	} else {
		err = r.keep(folder)
	}
	return errors.Join(err, r.missed())
}

// choose is the suites of the named parts, or all.
func choose(parts []string) ([]suite, error) {
	if len(parts) == 0 {
		return suites, nil
	}
	var chosen []suite
	for _, part := range parts {
		before := len(chosen)
		for _, s := range suites {
			if s.part == part {
				chosen = append(chosen, s)
			}
		}
		if len(chosen) == before {
			return nil, fmt.Errorf("there is no part %q: choose among %s", part, strings.Join(parted(), ", "))
		}
	}
	return chosen, nil
}

func parted() (all []string) {
	for _, s := range suites {
		all = append(all, s.part)
	}
	return slices.Compact(all)
}

// need makes sure that every peer is there before the first is run.
func need(chosen []suite) error {
	var missing []string
	for _, s := range chosen {
		for program, pkg := range s.peers {
			if _, err := exec.LookPath(program); err != nil {
				missing = append(missing, pkg)
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	return fmt.Errorf("what is to be measured against is missing: apt-get install %s", strings.Join(slices.Compact(missing), " "))
}

// run runs a suite's benchmarks, which talk, and has what they measured.
func (s suite) run(ctx context.Context, talk io.Writer) ([]row, error) {
	command := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", s.benchmark, "-benchtime", s.times, "-timeout", "30m", s.pkg)
	var said bytes.Buffer
	command.Stdout, command.Stderr = io.MultiWriter(&said, talk), talk
	fmt.Fprintf(talk, "\n%s\n", command)
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w", command, err)
	}
	measured, err := read(&said)
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(s.lines))
	for n, l := range s.lines {
		if rows[n], err = l.of(measured); err != nil {
			return nil, err
		}
		rows[n].part = s.part
	}
	return rows, nil
}
