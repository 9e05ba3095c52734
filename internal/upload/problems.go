package upload

import (
	"context"
	"time"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
)

// Problems hands over every problem of an upload's file: those of its report
// or, where there may be more than that lists, those found by reading the file
// again as on the day when it was received, against the programme as it is now.
func (s *Service) Problems(ctx context.Context, number int64, by Sender, each func(intake.Problem) error) error {
	record, report, err := s.Store.Upload(ctx, by.Scope, number)
	if err != nil {
		return err
	}
	if len(report.Problems) < Listed {
		for _, p := range report.Problems {
			if err := each(p); err != nil {
				return err
			}
		}
		return nil
	}
	scope := record.Reading.Scope
	if scope == nil {
		scope = by.Scope
	}
	p, err := s.programme(ctx, scope)
	if err != nil {
		return err
	}
	file, err := s.spool(ctx, by.Scope, record)
	if err != nil {
		return err
	}
	defer file.close()
	r := record.again(scope)
	r.Content, r.Problem = file.open, each
	_, err = Check(ctx, p, r, record.today)
	return err
}

func (s *Service) programme(ctx context.Context, scope Scope) (programme.Programme, error) {
	tx, err := s.Store.Begin(ctx, scope)
	if err != nil {
		return programme.Programme{}, err
	}
	defer tx.Abandon()
	return tx.Programme(), nil
}

// today was the date in a city when the upload was received.
func (r Record) today(c programme.City) programme.Date {
	zone, err := c.Zone()
	if err != nil {
		zone = time.UTC
	}
	return programme.DateIn(r.At, zone)
}
