package upload

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
)

// sheet is a file being read: it hands its rows on and gathers its problems.
type sheet struct {
	request   Request
	report    Report
	content   func() (io.ReadCloser, error)
	bounds    func(intake.Key) (intake.Bounds, error) // nil expects nothing
	stage     func(intake.Row) error
	retracted []intake.Key // rows to take back
	about     intake.About
}

var _ intake.Sink = (*sheet)(nil)

// read judges the file against a programme, and completes the report as far as
// the file alone can.
func (s *sheet) read(ctx context.Context, p programme.Programme, today func(programme.City) programme.Date, stage func(intake.Row) error) error {
	s.stage = stage
	catalogue := intake.NewCatalogue(p)
	if s.request.Scope != nil {
		catalogue = catalogue.Only(s.request.Scope...)
	}
	summary, err := intake.Check(ctx, intake.Source{Name: s.request.Name, Open: s.content}, intake.Options{
		Catalogue: catalogue, Indicator: s.request.Indicator, Sheet: s.request.Sheet, Today: today,
		Decimal: s.request.Decimal, Limits: s.request.Limits, Bounds: s.bounds,
	}, s)
	s.report.Counts = Counts{
		Rows:    int64(summary.Rows + summary.Skipped + summary.Rejected),
		Skipped: int64(summary.Skipped), Rejected: int64(summary.Rejected),
	}
	s.report.refused = summary.Refused || summary.Errors > 0 && (s.request.OnError != Skip || summary.Rows == 0)
	return err
}

// About notes what the file is about.
func (s *sheet) About(a intake.About) error {
	s.about, s.report.Sheet, s.report.Sheets = a, a.Sheet, a.Sheets
	return nil
}

// Row hands a row on.
func (s *sheet) Row(r intake.Row) error { return s.stage(r) }

// Problem lists a problem.
func (s *sheet) Problem(p intake.Problem) error {
	if len(s.report.Problems) < Listed {
		s.report.Problems = append(s.report.Problems, p)
	}
	if s.request.Problem != nil {
		return s.request.Problem(p)
	}
	return nil
}

// Retract notes a row to take back.
func (s *sheet) Retract(k intake.Key) error {
	s.retracted = append(s.retracted, k)
	return nil
}

// longestName is how many characters a file's name may have, as in most file
// systems. Each problem and each line of the trail repeats it.
const longestName = 255

// shortened is a file's name without its middle, where it is longer than any
// that a person gave.
func shortened(name string) string {
	if all := []rune(name); len(all) > longestName {
		const end = 50
		return string(all[:longestName-end-1]) + "…" + string(all[len(all)-end:])
	}
	return name
}

// receive reads a file once, for its hash and size.
func receive(r Request, at time.Time) (Received, error) {
	content, err := r.Content()
	if err != nil {
		return Received{}, fmt.Errorf("open %s: %w", r.Name, err)
	}
	defer content.Close()
	sum := sha256.New()
	size, err := io.Copy(sum, bufio.NewReader(content))
	if err != nil {
		return Received{}, fmt.Errorf("read %s: %w", r.Name, err)
	}
	file := Received{Name: r.Name, Bytes: size, Account: r.Account, At: at}
	sum.Sum(file.SHA256[:0])
	file.Content = func() (io.ReadCloser, error) { return openSame(r, file.SHA256) }
	return file, nil
}

// openSame opens a file again. Reading it to its end fails if its bytes are no
// longer those of the hash: somebody saved it meanwhile.
func openSame(r Request, want [sha256.Size]byte) (io.ReadCloser, error) {
	content, err := r.Content()
	if err != nil {
		return nil, err
	}
	return &same{content, sha256.New(), want}, nil
}

type same struct {
	io.ReadCloser
	hash hash.Hash
	want [sha256.Size]byte
}

func (s *same) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	s.hash.Write(p[:n])
	if errors.Is(err, io.EOF) && [sha256.Size]byte(s.hash.Sum(nil)) != s.want {
		return n, errChanged
	}
	return n, err
}

var errChanged = errors.New("the file changed while it was read: start again")
