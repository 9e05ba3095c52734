package collector

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/source"
	"github.com/citygauge/citygauge/internal/upload"
)

// farewell is how long it may take to keep what became of a run.
const farewell = 15 * time.Second

// one runs a job and keeps what became of it. A run that was interrupted, or
// whose claim was lost, is nobody's failure: its claim is given back.
func (s *Service) one(j claimed) {
	run := source.Run{Key: j.Claim.Key, Server: s.options.Server, Started: s.options.Now()}
	ctx, cancel := context.WithTimeout(j.ctx, s.options.Limit)
	defer cancel()
	last, failed := s.pullAndTake(ctx, j.Job, &run)
	run.Ended = s.options.Now()
	// What became of the run is kept also where its server is about to end.
	ctx, stop := context.WithTimeout(context.WithoutCancel(j.ctx), farewell)
	defer stop()
	log := s.options.Log.With("source", j.Claim.Key.String())
	if j.ctx.Err() != nil && failed != nil {
		if err := s.store.Release(ctx, []source.Claim{j.Claim}); err != nil {
			log.Error("give the claim of a source back", "error", err)
		}
		return
	}
	due, err := s.due(ctx, j.Job, run, failed)
	if err != nil {
		log.Error("find out when a source is due", "error", err)
	}
	kept, err := s.store.Finish(ctx, j.Claim, source.Ended{Run: run, Last: last, Due: due})
	switch {
	case err != nil:
		log.Error("keep the run of a source", "error", err)
	case kept:
		s.options.Observe(run)
	}
}

// pullAndTake pulls a source and takes in what is new. It completes the run, and
// answers with what the next one is to know.
func (s *Service) pullAndTake(ctx context.Context, job source.Job, run *source.Run) (source.Last, *Failure) {
	last, err := s.tryPull(ctx, job, run)
	if err == nil {
		return last, nil
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = failSoon(Unreachable, "the run took longer than %s: %w", s.options.Limit, err)
	}
	f := failureOf(err)
	run.Outcome, run.Reason, run.Message = source.Failed, string(f.Reason), f.Error()
	return last, f
}

func (s *Service) tryPull(ctx context.Context, job source.Job, run *source.Run) (source.Last, error) {
	how := pulling{client: s.client, today: s.options.Today(job.City), acceptFewer: s.options.AcceptFewer}
	if s.options.Progress != nil {
		how.progress = func(n int64) { s.options.Progress(job.Claim.Key, n) }
	}
	d, err := how.pull(ctx, job)
	if errors.Is(err, errUnchanged) {
		run.Outcome, run.Message, run.Records = source.Unchanged, "nothing has changed at the source", job.Last.Records
		return job.Last, nil
	}
	if err != nil {
		return job.Last, err
	}
	defer func() {
		if err := d.remove(); err != nil {
			s.options.Log.Warn("remove the copies of a source's files", "error", err)
		}
	}()
	run.Records = d.records
	if len(d.files) == 0 || bytes.Equal(d.last.Digest, job.Last.Digest) && len(d.kept.kept) == 0 {
		run.Outcome, run.Message = source.Unchanged, "the observations are what they were"
		return d.last, nil
	}
	// Whoever was only slow must not take in what is older than what another
	// server took in meanwhile.
	if lost, err := s.store.Renew(ctx, s.options.Lease, []source.Claim{job.Claim}); err != nil || len(lost) > 0 {
		return job.Last, errors.Join(err, fail(Internal, "%w", errLost))
	}
	return s.take(ctx, job, d, run)
}

// take takes in the files that were delivered. Where one is refused, the others
// are taken in all the same, and remembered.
func (s *Service) take(ctx context.Context, job source.Job, d *delivery, run *source.Run) (source.Last, error) {
	last, remembered := d.last, job.Last
	var refused error
	var changed int64
	for _, f := range d.files {
		report, err := s.uploads.Import(ctx, upload.Request{
			Name: f.name, Content: f.open, Account: "source:" + job.Source.ID, Scope: upload.Scope{job.City.ID},
			Indicator: job.Source.Indicator, Decimal: d.decimal, Key: keyOf(job, f),
		})
		if errors.Is(err, upload.ErrConflict) {
			return remembered, &Failure{Reason: Internal, Err: err, Retry: true}
		}
		if err != nil {
			return remembered, err
		}
		run.Upload = report.Upload
		if report.Refused() {
			refused = errors.Join(refused, rejected(report))
			continue
		}
		changed += report.Counts.New + report.Counts.Changed + report.Counts.Withdrawn
		last.Memory.Files = append(last.Memory.Files, f.digest)
		remembered.Memory.Files = append(remembered.Memory.Files, f.digest)
	}
	if refused != nil {
		return remembered, refused
	}
	if len(d.kept.kept) == 0 {
		last.Memory.Files = nil
	}
	run.Outcome, run.Message = source.Applied, changes(changed)
	if d.undated > 0 {
		run.Message += fmt.Sprintf("; %d records have no date and were left out", d.undated)
	}
	return last, nil
}

// keyOf names what a run takes in: where its server dies between taking it in
// and saying so, whoever takes over is answered that it is there already.
func keyOf(job source.Job, f delivered) string {
	return fmt.Sprintf("%s:%d:%s", job.Claim.Key, job.Runs, f.digest)
}

// changes is how many observations a run changed, in words.
func changes(n int64) string {
	switch n {
	case 0:
		return "no observation is new or changed"
	case 1:
		return "1 observation is new or changed"
	}
	return fmt.Sprintf("%d observations are new or changed", n)
}

// rejected is the failure of a file with errors.
func rejected(r upload.Report) error {
	for _, p := range r.Problems {
		if p.Severity != intake.Error {
			continue
		}
		what := p.Message
		if p.Value != "" {
			what = p.Value + ": " + what
		}
		if p.Line > 0 {
			what = fmt.Sprintf("line %d: %s", p.Line, what)
		}
		return fail(Rejected, "upload %d, %s: %s", r.Upload, r.File, what)
	}
	return fail(Rejected, "upload %d, %s: the observations have errors", r.Upload, r.File)
}
