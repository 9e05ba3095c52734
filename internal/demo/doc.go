// Package demo is what `citygauge demo` shows and starts besides citygauge
// itself: a sample cohort of invented cities, and Prometheus and Grafana as
// child processes where they are installed.
//
// The sample is a pure function of a date and a seed: it reads no clock and
// touches no disk. Every city's name, indicator's source and intervention's
// title says that it is sample data. The child processes listen on the
// loopback interface only, keep everything in a folder that the caller names,
// call nobody outside the machine, and are gone when they are stopped.
//
// The package does not start Postgres, serve anything or import anything: that
// is the wiring of the command.
package demo
