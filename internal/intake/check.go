package intake

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/citygauge/citygauge/internal/programme"
)

// Options are what a check knows besides the file.
type Options struct {
	// Catalogue is what the file may speak of. Where it has one city, the file
	// may leave out the city column.
	Catalogue Catalogue
	// Indicator, an id or title, is what a file without an indicator column is
	// about. Where the file has the column, that is read instead.
	Indicator string
	// Today is the date in a city, which must be given; asked once for each
	// city of the file.
	Today   func(programme.City) programme.Date
	Decimal Decimal
	Limits  Limits
}

// Key names an observation: one indicator in one period. City and Indicator
// are indices into the catalogue.
type Key struct {
	City, Indicator int
	Period          programme.Period
}

// Row is one observation that the file gives, or withdraws.
type Row struct {
	Key
	Line     int
	Withdraw bool    // take back what stands; the rest of the row says nothing
	Value    float64 // 0 where Status is suppressed
	// Status is empty where the file has no status column: then the status
	// that stands stays, unless that is suppressed, which a number ends.
	Status programme.ObservationStatus
	// Note replaces what stands where HasNote, even if it is empty. Its memory
	// is used again after the call that hands it out.
	Note    []byte
	HasNote bool
}

// Sink takes what a check finds, as it finds it, in one goroutine. An error of
// a sink ends the check, which returns it as it is.
type Sink interface {
	// Row takes a row without a problem of its own. That another row has its
	// key may turn out later.
	Row(Row) error
	// Problem takes a problem. There may be as many as the file has cells; a
	// sink that keeps them keeps the first so many.
	Problem(Problem) error
	// Retract takes back the row with a key, if one was handed out: another
	// row has the key too, and none of them may be taken. All calls come after
	// the last Row. A sink that refuses files with any error may ignore it.
	Retract(Key) error
}

// Summary counts the records below the header that are not blank, or of a table
// with periods or indicators across their cells of values: each is among Rows,
// Skipped or Rejected.
type Summary struct {
	Rows      int // to be taken in, after retractions
	Withdrawn int // of Rows, those that withdraw
	Skipped   int // have no value
	Rejected  int // have an error
	Errors    int // problems that are errors, of rows or of the file
	Warnings  int
	// Refused says that the file as a whole cannot be read, or not to its end:
	// nothing of it may be taken, even where rows with errors are skipped.
	Refused bool
}

// Check reads a file, and hands every row and every problem in it to the sink.
// What is wrong with the file is a [Problem], never an error: an error is that
// of the source, of the sink or of the context.
func Check(ctx context.Context, source Source, o Options, sink Sink) (Summary, error) {
	o.Limits = o.Limits.orDefault()
	c := &checker{
		ctx: ctx, source: source, options: o, catalogue: &o.Catalogue, sink: sink,
		cities: make([]*cityState, len(o.Catalogue.Cities)), seen: newSeen(),
		guesses: map[guessed]string{},
	}
	for f := range c.layout.at {
		c.layout.at[f] = absent
	}
	if err := c.check(); err != nil {
		return Summary{}, err
	}
	return c.summary, nil
}

type checker struct {
	ctx       context.Context //nolint:containedctx // lives as long as one call of Check
	source    Source
	options   Options
	catalogue *Catalogue
	sink      Sink

	layout   layout
	summary  Summary
	cities   []*cityState // by their index; nil until the file names them
	seen     seen
	repeated map[Key]*repetition
	lastLine int // read the first time
	surveyed *marks
	guesses  map[guessed]string
	numeral  numeral
	memo     seriesMemo
	told     told

	record *record // being judged
	errors int     // of it
	muted  bool    // judging it a second time: its problems are known
	err    error   // that judging it met, of the source or the sink
}

// errStop ends a scan early.
var errStop = errors.New("enough is known")

func (c *checker) check() error {
	headed, records := false, 0
	err := c.scan(func(header *record) error {
		headed = true
		return c.readHeader(header)
	}, func(r *record) error {
		if records++; records > c.options.Limits.Rows {
			return c.refuse(Problem{
				Code: TooManyRows, Line: r.line, Hint: "split the file",
				Message: fmt.Sprintf("the file has more than %d rows", c.options.Limits.Rows),
			})
		}
		c.lastLine = r.line
		if err := c.warn(r); err != nil {
			return err
		}
		return c.take(r)
	})
	switch {
	case errors.Is(err, errTooLarge):
		err = c.refuse(Problem{
			Code: TooLarge, Hint: "split the file",
			Message: fmt.Sprintf("the file is larger than %d bytes", c.options.Limits.Bytes),
		})
	case err != nil:
	case !headed:
		err = c.refuse(Problem{
			Code: EmptyFile, Message: "the file is empty",
			Hint: "check that it is the right one, and was saved",
		})
	case records == 0 && !c.summary.Refused:
		err = c.refuse(Problem{
			Code: EmptyFile, Message: "the file has a header, but no rows",
			Hint: "check that it is the right one, and was saved",
		})
	}
	if err != nil && !errors.Is(err, errStop) {
		return err
	}
	return c.listRepeated()
}

// scan reads the source from the beginning: its header, then every record that
// is not blank. It ends at the first error, of which errStop is none.
func (c *checker) scan(header, body func(*record) error) (err error) {
	file, err := c.source.Open()
	if err != nil {
		return fmt.Errorf("open %s: %w", c.source.Name, err)
	}
	defer file.Close()
	var in reader = newCSVReader(&bounded{file, c.options.Limits.Bytes}, c.options.Limits.RecordBytes)
	const often = 1 << 12
	take := header
	for n := 0; ; n++ {
		if n%often == 0 && c.ctx.Err() != nil {
			return fmt.Errorf("check %s: %w", c.source.Name, context.Cause(c.ctx))
		}
		r, err := in.read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read %s: %w", c.source.Name, err)
		case r.blank():
			continue
		}
		if err := take(r); errors.Is(err, errStop) {
			return nil
		} else if err != nil {
			return err
		}
		take = body
		if w := c.layout.wide; w != nil {
			take = w.cells(&c.layout, body)
		}
	}
}

// rescan reads the records once more. Where the file is too large it ends
// there, since the first reading says so.
func (c *checker) rescan(body func(*record) error) error {
	err := c.scan(func(*record) error { return nil }, body)
	if errors.Is(err, errTooLarge) {
		return nil
	}
	return err
}

func (c *checker) readHeader(header *record) error {
	if header.problem != nil {
		return c.refuse(c.located(header))
	}
	given := [fieldCount]bool{
		cityField:      len(c.catalogue.Cities) == 1,
		indicatorField: c.options.Indicator != "",
	}
	var problems []Problem
	c.layout, problems = newLayout(header, given, newWide(header, c.catalogue))
	if err := c.warn(header); err != nil {
		return err
	}
	for _, p := range problems {
		// A column that is not known is left out where rows with errors are
		// skipped; without the others no row can be read.
		if p.Code != UnknownColumn {
			c.summary.Refused = true
		}
		if err := c.report(p); err != nil {
			return err
		}
	}
	if c.summary.Refused {
		return errStop
	}
	return nil
}

// warn passes on what the reader says with a record of the file as a whole.
func (c *checker) warn(r *record) error {
	if r.warning == nil {
		return nil
	}
	p := *r.warning
	p.Line, p.Column = r.line, c.layout.column(r.warned)
	return c.report(p)
}

// located is the reader's problem with a record.
func (c *checker) located(r *record) Problem {
	p := *r.problem
	p.Line, p.Column = r.line, c.layout.column(r.cell)
	return p
}

// refuse reports a problem of the whole file, and stops.
func (c *checker) refuse(p Problem) error {
	c.summary.Refused = true
	if err := c.report(p); err != nil {
		return err
	}
	return errStop
}

func (c *checker) report(p Problem) error {
	p.File = c.source.Name
	if p.Severity == "" {
		p.Severity = Error
	}
	if p.Severity == Error {
		c.summary.Errors++
	} else {
		c.summary.Warnings++
	}
	return c.sink.Problem(p)
}
