package upload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
)

// Service takes files in.
type Service struct {
	Store Store
	Now   func() time.Time
	Today func(programme.City) programme.Date // the date in a city
	// Observe is told how each upload ended, where it is set: with an error
	// that is not the file's fault, or with a report. Previews are no uploads
	// yet.
	Observe func(Report, error, time.Duration)
}

// OnError says what becomes of a file that has errors.
type OnError string

// What may become of it: nothing of it is applied, or all but the rows that
// have errors, if there are others that hold something.
const (
	Reject OnError = "reject"
	Skip   OnError = "skip"
)

// ErrNoCity is the error of a scope with a city that does not exist.
var ErrNoCity = errors.New("there is no such city")

// Request is one file to take in.
type Request struct {
	Name      string
	Content   func() (io.ReadCloser, error) // may be opened several times
	Account   string                        // who sends it
	Scope     Scope                         // the cities that they may write
	Indicator string                        // what a file without such a column is about
	Sheet     string                        // of a workbook; empty is the first
	Decimal   intake.Decimal
	Limits    intake.Limits
	OnError   OnError
	// Key is the sender's own name for this upload, where it has one: sent
	// again, it is answered and not taken in again. An account's keys are
	// remembered as long as its uploads, which is for ever.
	Key string
	// Problem is told of every problem, where it is set: a report lists only
	// the first.
	Problem func(intake.Problem) error
}

// Import takes a file in, and reports what became of it. A file that was
// refused is no error: its report says so. Errors are those of the store and
// of reading the file; after one, nothing of the file was taken in, unless the
// connection broke while it was being committed.
//
// With a key it is safe to try again even then, and at the same time: the same
// file is taken in once, and everybody is answered with its first report. The
// error of another file, or of one to be read in another way, is
// [ErrKeyReused].
func (s *Service) Import(ctx context.Context, r Request) (Report, error) {
	start := s.Now()
	r.Name = shortened(r.Name)
	entry, err := s.entry(r, Applied)
	if err != nil {
		s.observe(start, Report{}, err)
		return Report{}, err
	}
	entry.Key = r.Key
	if report, err := s.answered(ctx, r, entry); !errors.Is(err, ErrNoUpload) {
		return report, err
	}
	report, err := s.keep(ctx, r, entry)
	if errors.Is(err, ErrKeyReused) { // by a sender that was faster
		if report, err := s.answered(ctx, r, entry); !errors.Is(err, ErrNoUpload) {
			return report, err
		}
	}
	s.observe(start, report, err)
	return report, err
}

func (s *Service) observe(start time.Time, report Report, err error) {
	if s.Observe != nil {
		s.Observe(report, err, s.Now().Sub(start))
	}
}

// entry begins what is recorded of a file.
func (s *Service) entry(r Request, state State) (Entry, error) {
	file, err := receive(r, s.Now())
	return Entry{Received: file, State: state, Reading: r.reading()}, err
}

// keep takes a file in, and keeps it where it was refused, too.
func (s *Service) keep(ctx context.Context, r Request, e Entry) (Report, error) {
	report, err := s.take(ctx, r, e, nil)
	if err != nil || !report.refused {
		return report, err
	}
	e.State, e.Token = Rejected, nil
	report.Upload, err = s.Store.Refused(ctx, r.Scope, e, report)
	return report, err
}

// take takes a file in, unless it is to be refused or agree, where it is set,
// does not agree with what it changes.
func (s *Service) take(ctx context.Context, r Request, e Entry, agree func(Taken) error) (Report, error) {
	tx, err := s.Store.Begin(ctx, r.Scope)
	if err != nil {
		return Report{}, err
	}
	defer tx.Abandon()
	p := tx.Programme()
	if len(p.Cities) < len(r.Scope) {
		return Report{}, fmt.Errorf("%w among %v: declare it, or correct the name", ErrNoCity, r.Scope)
	}
	sheet := &sheet{report: newReport(e.Received), request: r, content: e.Content}
	sheet.bounds = func(k intake.Key) (intake.Bounds, error) { return tx.Bounds(ctx, k) }
	if err := tx.Stage(ctx, e.Bytes, func(add func(intake.Row) error) error { return sheet.read(ctx, p, s.Today, add) }); err != nil {
		return Report{}, fmt.Errorf("read %s: %w", r.Name, err)
	}
	if sheet.report.refused {
		return sheet.report, nil
	}
	if len(sheet.retracted) > 0 {
		if err := tx.Unstage(ctx, sheet.retracted); err != nil {
			return Report{}, err
		}
	}
	e.Cities, e.Beyond = sheet.about.Cities, sheet.about.Elsewhere
	return s.finish(ctx, tx, sheet, e, agree)
}

// finish makes the staged rows observations, completes the report, and commits.
func (s *Service) finish(ctx context.Context, tx Transaction, sheet *sheet, e Entry, agree func(Taken) error) (Report, error) {
	all, err := tx.Take(ctx, e)
	if err != nil {
		return Report{}, err
	}
	taken := all[0]
	if agree != nil {
		if err := agree(taken); err != nil {
			return Report{}, err
		}
	}
	report, err := sheet.taken(e, taken)
	if err != nil {
		return Report{}, err
	}
	return report, tx.Commit(ctx, report)
}

// taken completes the report with what was taken.
func (s *sheet) taken(e Entry, t Taken) (Report, error) {
	for _, p := range t.Problems {
		if err := s.Problem(p); err != nil {
			return Report{}, err
		}
	}
	s.report.Applied = e.State == Applied
	s.report.add(t)
	return s.report, nil
}

// newReport is the report of a file of which nothing is known yet.
func newReport(file Received) Report {
	return Report{
		File: file.Name, SHA256: fmt.Sprintf("%x", file.SHA256),
		Changes: []Change{}, StatusChanges: []StatusChange{}, Problems: []intake.Problem{},
	}
}

// add completes the report with what was taken.
func (r *Report) add(t Taken) {
	r.Upload = t.Upload
	r.Counts.New, r.Counts.Changed, r.Counts.Unchanged, r.Counts.Withdrawn = t.Counts.New, t.Counts.Changed, t.Counts.Unchanged, t.Counts.Withdrawn
	r.Changes = append(r.Changes, t.Changes...)
	r.StatusChanges = append(r.StatusChanges, t.StatusChanges...)
}
