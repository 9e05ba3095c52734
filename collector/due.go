package collector

import (
	"context"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
)

// due is when a source is due again: by its schedule, or sooner where it failed
// in a way that may mend itself.
func (s *Service) due(ctx context.Context, job source.Job, run source.Run, failed *Failure) (time.Time, error) {
	plan, err := parseSchedule(job.Source.Schedule)
	if plan == nil || err != nil {
		return time.Time{}, err
	}
	zone, err := job.City.Zone()
	if err != nil {
		return time.Time{}, err
	}
	var day programme.Date
	if plan.cron == nil && failed == nil {
		if day, err = s.dueDate(ctx, job); err != nil {
			day = 0
		}
	}
	next := plan.next(run.Ended, zone, day)
	next = next.Add(jitter(job.Claim.Key, next.Sub(run.Ended)))
	if failed != nil && failed.Retry {
		wait := max(failed.After, retryIn(job.Failures))
		if soon := run.Ended.Add(wait); failed.After > 0 || soon.Before(next) {
			return soon, err
		}
	}
	return next, err
}

// dueDate is the day on which the next value of the source's indicators is due:
// the earliest of them.
func (s *Service) dueDate(ctx context.Context, job source.Job) (programme.Date, error) {
	newest, err := s.store.NewestPeriods(ctx, job.City.ID)
	if err != nil {
		return 0, err
	}
	var day programme.Date
	for _, i := range job.Indicators {
		last, known := newest[i.ID]
		if job.Source.Indicator != "" && job.Source.Indicator != i.ID || !known {
			continue
		}
		due := programme.PeriodOf(i.Frequency, last).Next().Last().AddDays(i.DueDays)
		if day.IsZero() || due < day {
			day = due
		}
	}
	return day, nil
}
