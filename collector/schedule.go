package collector

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/citygauge/citygauge/internal/programme"
)

// afterDue is the schedule of a source that is pulled each day from the one on
// which its next value is due, until it is there.
const afterDue = "after-due"

// dueHour is when such a source is pulled, by the city's clock.
const dueHour = 6

// schedule is when a source is pulled by itself; nil is never.
type schedule struct{ cron cron.Schedule } // nil: after the due date

func parseSchedule(text string) (*schedule, error) {
	switch {
	case text == "":
		return nil, nil //nolint:nilnil // it is pulled by hand alone
	case text == afterDue:
		return &schedule{}, nil
	case strings.Contains(text, "TZ="):
		return nil, fmt.Errorf("the schedule %q names a time zone, but is in the city's", text)
	}
	c, err := cron.ParseStandard(text)
	if err != nil {
		return nil, fmt.Errorf("the schedule %q cannot be read: %w", text, err)
	}
	return &schedule{c}, nil
}

// next is when the source is due after a time, given the day on which its next
// value is due; zero is none.
func (s *schedule) next(after time.Time, zone *time.Location, due programme.Date) time.Time {
	if s.cron != nil {
		return s.cron.Next(after.In(zone))
	}
	day := programme.DateIn(after, zone)
	year, month, date := max(day, due).Civil()
	at := time.Date(year, month, date, dueHour, 0, 0, 0, zone)
	if !at.After(after) {
		at = time.Date(year, month, date+1, dueHour, 0, 0, 0, zone)
	}
	return at
}

// mostJitter is how much later than its schedule a source is pulled at most.
const mostJitter = 10 * time.Minute

// jitter is how much later a source is pulled than its schedule says, always the
// same for one source: the sources of a portal are not to come all at once. It
// is at most a tenth of the time between two pulls.
func jitter(key programme.SourceKey, between time.Duration) time.Duration {
	most := min(mostJitter, between/10)
	if most <= 0 {
		return 0
	}
	h := fnv.New64a()
	h.Write([]byte(key.String()))
	return time.Duration(h.Sum64() % uint64(most))
}

// Waits between tries of a source that could not be reached: doubled each time.
const (
	firstRetry = 5 * time.Minute
	lastRetry  = 6 * time.Hour
)

// retryIn is how long to wait after a number of failures in a row.
func retryIn(failures int) time.Duration {
	return min(lastRetry, firstRetry<<min(failures, 10))
}
