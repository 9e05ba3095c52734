// Package exposition is the Prometheus view: how every city stands today, as
// one snapshot that any number of scrapes are served from.
//
// It promises that a scrape never waits for the database, that a change is
// shown within a second of its commit after a quiet time (and is rendered at
// most once a second in a busy one), that what is not known is left out and
// never 0 or NaN, and that the order of series depends on their labels alone.
// Where the database fails it goes on to show what it last knew, and says so.
//
// It does not judge (progress does), keeps no history (samples carry no
// timestamps) and speaks the text format 0.0.4 only.
package exposition
