package collector

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash/maphash"
	"io"
	"os"
	"runtime/debug"
	"slices"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
)

// delivery is what a pull came to: files of observations.
type delivery struct {
	files   []delivered
	decimal intake.Decimal
	records int64
	undated int64
	whole   programme.Date // from which on the source has all that it once had; zero: it has
	rows    []Observation  // of a source whose fields are mapped
	sink    *sink          // that made them
	last    source.Last
	kept    files
}

type delivered struct {
	name   string
	digest string
	size   int64
	open   func() (io.ReadCloser, error)
}

// pulling is how one source is pulled.
type pulling struct {
	client      *Client
	today       programme.Date
	acceptFewer bool
	progress    func(records int64) // nil: nobody looks
}

// pull pulls a source. The error is errUnchanged where the source says that
// there is nothing new, and otherwise one that failureOf explains. What is
// delivered is to be removed.
func (how pulling) pull(ctx context.Context, job source.Job) (*delivery, error) {
	kind, known := kinds[job.Source.Kind]
	lacks := lacks(job.Source, job.City, job.Indicators)
	if !known || len(lacks) > 0 {
		return nil, fail(Undeclared, "%s: %s", lacks[0].Message, lacks[0].Hint)
	}
	plan, _ := newPlan(job.Source, job.City, job.Indicators)
	secrets, err := readSecrets(job.Source)
	if err != nil {
		return nil, err
	}
	d := &delivery{}
	p := &Pull{
		Source: job.Source, Columns: plan.columns, Client: how.client, Memory: job.Last.Memory,
		secrets: secrets, plan: plan, sink: newSink(plan, how.today), files: &d.kept, seed: maphash.MakeSeed(), announced: -1, progress: how.progress,
	}
	err = pullOrGroup(ctx, kind, p)
	if err == nil {
		err = p.complete(job.Last.Records, how.acceptFewer)
	}
	if err == nil {
		err = d.take(p, job)
	}
	if err != nil {
		return nil, errors.Join(err, d.remove())
	}
	return d, nil
}

// pullOrGroup has the source count where it can, and pulls its records
// otherwise.
func pullOrGroup(ctx context.Context, kind Kind, p *Pull) (err error) {
	// A slip in one kind is one source's failure, and not the server's end.
	defer func() {
		if slip := recover(); slip != nil {
			err = fail(Internal, "the kind %s panicked: %v\n%s", p.Source.Kind, slip, debug.Stack())
		}
	}()
	if g, ok := p.plan.grouping(); ok {
		if grouper, ok := kind.(Grouper); ok {
			if able, err := grouper.Group(ctx, p, g); able || err != nil {
				return err
			}
		}
	}
	return kind.Pull(ctx, p)
}

// take makes files of what came.
func (d *delivery) take(p *Pull, job source.Job) error {
	d.records, d.undated = p.read, p.sink.undated
	d.last = source.Last{Records: p.read, Memory: p.Learnt}
	d.last.Memory.Begins = p.sink.begins
	if began := p.Memory.Begins; !began.IsZero() && (p.sink.begins.IsZero() || began < p.sink.begins) {
		d.last.Memory.Begins = began
	}
	d.last.Memory.City, d.last.Memory.Met = cityOf(p.plan), p.sink.met
	switch {
	case p.AsIs():
		d.takeFiles(job.Last.Memory.Files)
	default:
		p.sink.finish()
		d.whole = p.sink.cut(p.Memory.Begins)
		d.rows, d.sink = p.sink.rows, p.sink
		switch {
		case len(d.rows) > 0:
		case p.sink.met == 0: // which was accepted
			d.sign()
			return nil
		case !d.whole.IsZero():
			return fail(NotData, "the source begins on %s now, and has no period from its beginning on: ask for more in the url or the query", d.whole)
		default:
			return fail(NotData, "%d records came, and no observation can be made of them: look at the source, and at where and only", p.read)
		}
		d.last.Memory.Until = p.sink.opens
		if err := d.write(); err != nil {
			return err
		}
	}
	d.decimal = decimalOf(job.Source)
	d.sign()
	return nil
}

// write makes the file of a delivery's rows.
func (d *delivery) write() error {
	content, err := d.sink.file(d.rows)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	d.files = []delivered{{d.sink.source.ID + ".csv", hex.EncodeToString(sum[:]), int64(len(content)), func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	}}}
	return nil
}

// sign notes what a delivery is, to tell whether the next one is another.
func (d *delivery) sign() {
	all := sha256.New()
	for _, f := range d.files {
		io.WriteString(all, f.digest) //nolint:errcheck // a hash takes everything
	}
	d.last.Digest = all.Sum(nil)
}

// takeFiles takes the files that were not taken before.
func (d *delivery) takeFiles(taken []string) {
	for _, f := range d.kept.kept {
		if slices.Contains(taken, f.digest) {
			d.last.Memory.Files = append(d.last.Memory.Files, f.digest)
			continue
		}
		d.files = append(d.files, delivered{f.name, f.digest, f.size, func() (io.ReadCloser, error) { return os.Open(f.path) }})
	}
}

// decimalOf is how numbers are written in what is delivered: those of a CSV
// file as its city writes them.
func decimalOf(s programme.Source) intake.Decimal {
	switch {
	case s.Aggregate != "" || s.Decimal == "point":
		return intake.DecimalPoint
	case s.Decimal == "comma":
		return intake.DecimalComma
	case s.Kind == "csv":
		return intake.DecimalAuto
	}
	return intake.DecimalPoint
}

func (d *delivery) remove() error { return d.kept.remove() }
