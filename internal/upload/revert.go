package upload

import (
	"context"
	"errors"
	"fmt"
)

var (
	// ErrNotApplied is the error of reverting an upload that is not in force.
	ErrNotApplied = errors.New("the upload is not in force")
	// ErrLaterRevisions is the error of reverting an upload whose observations
	// were changed since; it names the first of them.
	ErrLaterRevisions = errors.New("later changes would be lost")
)

// Revert restores what stood before an upload, as an upload of its own: what it
// changed has its old value, status and note, what it withdrew is back, and
// what it brought is withdrawn. What became of the same observations since must
// have been reverted, too. A revert can itself be reverted, which puts the
// first upload in force again.
//
// Errors are ErrNoUpload, ErrNotApplied and ErrLaterRevisions.
func (s *Service) Revert(ctx context.Context, number int64, by Sender) (Report, error) {
	start := s.Now()
	report, err := s.revert(ctx, number, by)
	s.observe(start, report, err)
	return report, err
}

func (s *Service) revert(ctx context.Context, number int64, by Sender) (Report, error) {
	tx, err := s.Store.Begin(ctx, by.Scope)
	if err != nil {
		return Report{}, err
	}
	defer tx.Abandon()
	if err := tx.Undo(ctx, number); err != nil {
		return Report{}, fmt.Errorf("revert upload %d: %w", number, err)
	}
	e := Entry{State: Applied, Reverts: number, Received: Received{Account: by.Account, At: s.Now()}}
	sheet := &sheet{report: newReport(e.Received)}
	sheet.report.SHA256, sheet.report.Reverts = "", number
	report, err := s.finish(ctx, tx, sheet, e, nil)
	report.Counts.Rows = report.Counts.New + report.Counts.Changed + report.Counts.Withdrawn + report.Counts.Unchanged
	return report, err
}
