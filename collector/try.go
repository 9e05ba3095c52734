package collector

import (
	"context"
	"io"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
)

// Trial is what a source delivers when it is tried: nothing of it is taken in.
type Trial struct {
	Records int64         // that came
	Undated int64         // of them, that have no date
	Rows    []Observation // all of them; none where files are taken as they are
	Files   []TrialFile   // what would be taken in
	Decimal intake.Decimal

	delivery *delivery
}

// TrialFile is one of the files that would be taken in.
type TrialFile struct {
	Name string
	Open func() (io.ReadCloser, error) // until the trial is closed
}

// Close removes what the trial keeps.
func (t *Trial) Close() error { return t.delivery.remove() }

// Try pulls a source of a programme and takes nothing in. today is the date in
// its city.
func Try(ctx context.Context, client *Client, p programme.Programme, key programme.SourceKey, today programme.Date) (*Trial, error) {
	job := source.Job{City: p.Index().Cities[key.City]}
	for _, s := range p.Sources {
		if s.Key() == key {
			job.Source = s
		}
	}
	for _, i := range p.Indicators {
		if i.City == key.City {
			job.Indicators = append(job.Indicators, i)
		}
	}
	d, err := pulling{client: client, today: today}.pull(ctx, job)
	if err != nil {
		return nil, err
	}
	t := &Trial{Records: d.records, Undated: d.undated, Rows: d.rows, Decimal: d.decimal, delivery: d}
	for _, f := range d.files {
		t.Files = append(t.Files, TrialFile{f.name, f.open})
	}
	return t, nil
}
