package collector

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
)

// Kinds whose sources never count for themselves, to compare with.
func init() {
	kinds["socrata-pulled"] = struct{ Kind }{socrataKind{}}
	kinds["sql-pulled"] = struct{ Kind }{sqlKind{}}
}

func jobOf(p programme.Programme) source.Job {
	return source.Job{City: p.Cities[0], Source: p.Sources[0], Indicators: p.Indicators}
}

// TryWatched tries the first source of a programme, and tells when its first
// thousand records have come.
func TryWatched(ctx context.Context, c *Client, p programme.Programme, today programme.Date, first func(programme.SourceKey)) error {
	told := false
	_, err := pulling{client: c, today: today, progress: func(int64) {
		if !told {
			told = true
			first(p.Sources[0].Key())
		}
	}}.pull(ctx, jobOf(p))
	return err
}

// TryAgain tries the first source of a programme with what the last time left.
func TryAgain(t testing.TB, c *Client, p programme.Programme, today programme.Date, last *source.Last) (*source.Last, string) {
	t.Helper()
	job := jobOf(p)
	if last != nil {
		job.Last = *last
	}
	d, err := pulling{client: c, today: today}.pull(t.Context(), job)
	switch {
	case errors.Is(err, errUnchanged):
		return last, "unchanged"
	case err != nil:
		return nil, err.Error()
	}
	return &d.last, "delivered"
}

// TryRows is TryAgain, which must deliver, with the periods and values.
func TryRows(t testing.TB, c *Client, p programme.Programme, today programme.Date, last *source.Last) (*source.Last, []string) {
	t.Helper()
	return tryRows(t, pulling{client: c, today: today}, p, last)
}

// TryFewer is TryRows, with fewer records accepted.
func TryFewer(t testing.TB, c *Client, p programme.Programme, today programme.Date, last *source.Last) (*source.Last, []string) {
	t.Helper()
	return tryRows(t, pulling{client: c, today: today, acceptFewer: true}, p, last)
}

func tryRows(t testing.TB, how pulling, p programme.Programme, last *source.Last) (*source.Last, []string) {
	t.Helper()
	job := jobOf(p)
	if last != nil {
		job.Last = *last
	}
	d, err := how.pull(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, r := range d.rows {
		rows = append(rows, r.Period+" "+r.Value)
	}
	return &d.last, rows
}

// FailureOf is what is wrong, whatever the error.
var FailureOf = failureOf

// NextDue is when a source is due by its schedule.
func NextDue(t testing.TB, text string, after time.Time, zone *time.Location, due programme.Date) time.Time {
	t.Helper()
	s, err := parseSchedule(text)
	if err != nil {
		t.Fatal(err)
	}
	return s.next(after, zone, due)
}

// Jitter is how much later a source is pulled.
var Jitter = jitter
