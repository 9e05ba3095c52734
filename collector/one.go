package collector

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/source"
	"github.com/citygauge/citygauge/internal/upload"
)

// pulled is a run whose source was pulled: at first with what it delivered, and
// at the end with what became of it.
type pulled struct {
	claimed
	run      source.Run
	delivery *delivery   // nil where nothing is to be taken in
	last     source.Last // what the next run is to know
	failed   *Failure
}

// pull pulls a source, and takes in what it delivers unless that is small enough
// to be taken in with others.
func (s *Service) pull(j claimed) *pulled {
	p := &pulled{claimed: j, last: j.Last, run: source.Run{Key: j.Claim.Key, Server: s.options.Server, Started: s.options.Now()}}
	ctx, cancel := context.WithTimeout(j.ctx, s.options.Limit)
	defer cancel()
	err := s.tryPull(ctx, p)
	if err == nil && p.delivery != nil && !p.delivery.small() {
		if err = s.renewed(ctx, p); err == nil && p.failed == nil {
			err = s.take(ctx, p)
		}
	}
	s.ended(p, err)
	return p
}

// ended completes a run that failed.
func (s *Service) ended(p *pulled, err error) {
	if err == nil {
		return
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = failSoon(Unreachable, "the run took longer than %s: %w", s.options.Limit, err)
	}
	p.failed = failureOf(err)
	p.run.Outcome, p.run.Reason, p.run.Message = source.Failed, string(p.failed.Reason), p.failed.Error()
}

// tryPull pulls a source. Where there is nothing new, that is the end of the
// run.
func (s *Service) tryPull(ctx context.Context, p *pulled) error {
	how := pulling{client: s.client, today: s.options.Today(p.City), acceptFewer: s.options.AcceptFewer}
	if s.options.Progress != nil {
		how.progress = func(n int64) { s.options.Progress(p.Claim.Key, n) }
	}
	d, err := how.pull(ctx, p.Job)
	if errors.Is(err, errUnchanged) {
		p.run.Outcome, p.run.Message, p.run.Records = source.Unchanged, "nothing has changed at the source", p.Last.Records
		return nil
	}
	if err != nil {
		return err
	}
	p.run.Records = d.records
	if len(d.files) == 0 || bytes.Equal(d.last.Digest, p.Last.Digest) && len(d.kept.kept) == 0 {
		p.run.Outcome, p.run.Message, p.last = source.Unchanged, "the observations are what they were", d.last
		s.forget(d)
		return nil
	}
	p.delivery = d
	gone, err := s.gone(ctx, p.Job, d.rows)
	switch {
	case err != nil || len(gone) == 0:
		return err
	case !s.options.AcceptFewer:
		return vanished(gone)
	}
	return d.withdraw(gone)
}

// renewed makes sure that a source is still this server's: whoever was only slow
// must not take in what is older than what another server took in meanwhile.
func (s *Service) renewed(ctx context.Context, all ...*pulled) error {
	claims := make([]source.Claim, len(all))
	for n, p := range all {
		claims[n] = p.Claim
	}
	lost, err := s.store.Renew(ctx, s.options.Lease, claims)
	if err != nil {
		return errors.Join(err, fail(Internal, "%w", errLost))
	}
	for _, p := range all {
		if slices.Contains(lost, p.Claim) {
			s.ended(p, fail(Internal, "%w", errLost))
		}
	}
	return nil
}

// take takes in the files of a delivery by themselves. Where one is refused, the
// others are taken in all the same, and remembered.
func (s *Service) take(ctx context.Context, p *pulled) error {
	var all []upload.Outcome
	for _, f := range p.delivery.files {
		report, err := s.uploads.Import(ctx, p.request(f))
		all = append(all, upload.Outcome{Report: report, Err: err})
		if err != nil {
			break
		}
	}
	return p.took(all)
}

// request is how a file of a delivery is taken in. It cannot be opened any more
// once the claim is lost, for others may be taken in before it.
func (p *pulled) request(f delivered) upload.Request {
	open := func() (io.ReadCloser, error) {
		if err := context.Cause(p.ctx); err != nil {
			return nil, err
		}
		return f.open()
	}
	return upload.Request{
		Name: f.name, Content: open, Account: "source:" + p.Source.ID, Scope: upload.Scope{p.City.ID},
		Indicator: p.Source.Indicator, Decimal: p.delivery.decimal, Key: keyOf(p.Job, f),
	}
}

// took completes a run with what became of its files; the last of them may have
// ended with an error.
func (p *pulled) took(all []upload.Outcome) error {
	last, remembered := p.delivery.last, p.Last
	var refused error
	var changed int64
	for n, o := range all {
		p.last = remembered
		if errors.Is(o.Err, upload.ErrConflict) {
			return &Failure{Reason: Internal, Err: o.Err, Retry: true}
		}
		if o.Err != nil {
			return o.Err
		}
		p.run.Upload = o.Report.Upload
		if o.Report.Refused() {
			refused = errors.Join(refused, rejected(o.Report))
			continue
		}
		changed += o.Report.Counts.New + o.Report.Counts.Changed + o.Report.Counts.Withdrawn
		digest := p.delivery.files[n].digest
		last.Memory.Files = append(last.Memory.Files, digest)
		remembered.Memory.Files = append(remembered.Memory.Files, digest)
	}
	if p.last = remembered; refused != nil {
		return refused
	}
	if p.last = last; len(p.delivery.kept.kept) == 0 {
		p.last.Memory.Files = nil
	}
	p.run.Outcome, p.run.Message = source.Applied, changes(changed)
	if whole := p.delivery.whole; !whole.IsZero() {
		p.run.Message += fmt.Sprintf("; the source begins on %s now, and what it no longer has all of stays as it is", whole)
	}
	if p.delivery.undated > 0 {
		p.run.Message += fmt.Sprintf("; %d records have no date and were left out", p.delivery.undated)
	}
	return nil
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
