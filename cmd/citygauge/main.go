// Command citygauge collects cities' indicators, judges them against the year's
// targets, and serves them to Prometheus, Grafana and people.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // cities have time zones, machines may not
)

func main() { os.Exit(guarded()) }

// guarded runs the program so that a signal lets it end in order.
func guarded() int {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	defer stop()
	// A reader that goes away, such as head, must not end the process before it
	// has let go of the private Postgres: writing fails instead.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	return run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
}

// endings are the signals that ask the program to end. A terminal that closes
// is none of them under nohup.
func endings() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}
