package intake

import (
	"bytes"
	"cmp"
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
	// about; where it is empty, the file's name may say so. Where the file has
	// the column, that is read instead.
	Indicator string
	// Sheet names a workbook's sheet, in any case; empty is the first.
	Sheet string
	// Today is the date in a city, which must be given; asked once for each
	// city of the file.
	Today   func(programme.City) programme.Date
	Decimal Decimal
	Limits  Limits
	// Bounds are what a value is expected to be within, by those before it, or
	// no bounds where nothing is. A number beyond them is reported, and taken.
	// Nil expects nothing.
	Bounds func(Key) (Bounds, error)
}

// Bounds are what a value is expected to be within. The zero value expects
// nothing.
type Bounds struct {
	Low, High float64
	Known     bool
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
	// About is told last, and once, unless the check ends with an error.
	About(About) error
}

// About is what a file is about, whatever becomes of it.
type About struct {
	// Cities are those that records speak of, by their indices in the catalogue.
	Cities []int
	// Elsewhere says that other records, or other sheets, may speak of other
	// cities: of which, they do not tell.
	Elsewhere bool
	// Sheet is the name of the workbook's sheet that was read, and Sheets are
	// those to choose from, in their order. Empty where the file is no workbook.
	Sheet  string
	Sheets []string
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
	ctx, cancel := context.WithTimeoutCause(ctx, o.Limits.Time, errTooSlow)
	defer cancel()
	o.Indicator = cmp.Or(o.Indicator, o.Catalogue.namedBy(source.Name))
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
	return c.summary, sink.About(c.aboutFile())
}

type checker struct {
	ctx       context.Context //nolint:containedctx // lives as long as one call of Check
	source    Source
	options   Options
	catalogue *Catalogue
	sink      Sink

	book     *workbook // nil until the file is known to be one
	layout   layout
	summary  Summary
	cities   []*cityState // by their index; nil until the file names them
	seen     seen
	repeated map[Key]*repetition
	header   int // its line
	lastLine int // read the first time
	surveyed *marks
	guesses  map[guessed]string
	numeral  numeral
	memo     seriesMemo
	about    About
	told     told
	percents map[int]*percentUse // by the index of the indicator; nil until there is one

	record *record // being judged
	errors int     // of it
	muted  bool    // judging it a second time: its problems are known
	err    error   // that judging it met, of the source or the sink
}

func (c *checker) aboutFile() About {
	for index, state := range c.cities {
		if state != nil {
			c.about.Cities = append(c.about.Cities, index)
		}
	}
	// What stands on other sheets is in the file, though nobody read it.
	c.about.Elsewhere = c.about.Elsewhere || c.book != nil && len(c.book.sheets) > 1 && len(c.catalogue.Cities) > 1
	return c.about
}

// errStop ends a scan early.
var errStop = errors.New("enough is known")

func (c *checker) check() error {
	var titles titles
	records := 0
	err := c.scan(func(r *record) (bool, error) {
		if titles.pass(r, c) {
			return false, c.warn(r)
		}
		return true, c.readHeader(titles.header(r))
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
	if err == nil && c.header == 0 && titles.first != nil {
		err = c.readHeader(titles.first)
	}
	err = c.blame(err)
	if err == nil && !c.summary.Refused && records == 0 {
		message := "the file has a header, but no rows"
		if c.header == 0 {
			message = "the file is empty"
		}
		err = c.refuse(Problem{Code: EmptyFile, Message: message, Hint: "check that it is the right one, and was saved"})
	}
	if err == nil || errors.Is(err, errStop) {
		err = c.blame(c.listRepeated())
	}
	if errors.Is(err, errStop) {
		return nil
	}
	return err
}

// blame refuses the file where it is to blame for an error.
func (c *checker) blame(err error) error {
	if p := c.options.Limits.refusal(err); p != nil {
		return c.refuse(*p)
	}
	return err
}

// open begins reading the source. What is wrong with the file as a whole is a
// [fileFault].
func (c *checker) open() (in reader, closer io.Closer, err error) {
	if c.book != nil {
		return c.openSheet()
	}
	file, err := c.source.Open()
	if err != nil {
		return nil, nil, err
	}
	head, whole := peek(&bounded{c.ctx, file, c.options.Limits.Bytes})
	if !bytes.HasPrefix(head, []byte(zipMark)) {
		if err = refuseFormat(head); err == nil && c.options.Sheet != "" {
			err = &fileFault{Problem{Code: UnknownSheet, Value: shown(c.options.Sheet), Message: "the file is no workbook, and has no sheets", Hint: "leave out the name of the sheet"}}
		}
		if err != nil {
			return nil, nil, errors.Join(err, file.Close())
		}
		return newCSVReader(whole, c.options.Limits.RecordBytes), file, nil
	}
	c.book, err = openWorkbook(c.ctx, whole, &c.options.Limits)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, nil, err
	}
	return c.openSheet()
}

func (c *checker) openSheet() (in reader, closer io.Closer, err error) {
	sheet, others, err := c.book.sheet(c.options.Sheet)
	c.about.Sheet, c.about.Sheets = shown(sheet.name), c.book.choice(sheet)
	if err != nil {
		return nil, nil, err
	}
	if c.options.Sheet == "" && len(others) > 0 && c.header == 0 {
		hint := "name another one with the upload, if this is not it: " + listed(others)
		if err := c.report(Problem{
			Code: OtherSheets, Severity: Warning, Value: shown(sheet.name), Hint: hint,
			Message: fmt.Sprintf("the workbook has %d sheets, and only the first is read", len(others)+1),
		}); err != nil {
			return nil, nil, err
		}
	}
	rows, err := c.book.read(sheet)
	if err != nil {
		return nil, nil, err
	}
	return rows, rows, nil
}

// scan reads the source from the beginning: every record that is not blank goes
// to header until that says it was the last of the header, then to body. It
// ends at the first error, of which errStop is none.
func (c *checker) scan(header func(*record) (last bool, err error), body func(*record) error) error {
	in, closer, err := c.open()
	if err != nil {
		return fmt.Errorf("open %s: %w", c.source.Name, err)
	}
	defer closer.Close()
	const often = 1 << 12
	var take func(*record) error
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
		case r.problem == nil:
			r.problem = c.options.Limits.oversize(r)
		}
		switch {
		case take != nil:
			err = take(r)
		default:
			var last bool
			if last, err = header(r); last {
				take = body
				if w := c.layout.wide; w != nil {
					take = w.cells(&c.layout, body)
				}
			}
		}
		if errors.Is(err, errStop) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// rescan reads the records below the header once more. Where the file cannot be
// read to its end it stops there, since the first reading says so.
func (c *checker) rescan(body func(*record) error) error {
	err := c.scan(func(r *record) (bool, error) { return r.line >= c.header, nil }, body)
	if p := c.options.Limits.refusal(err); p != nil && (c.summary.Refused || p.Code != TooSlow) {
		return nil
	}
	return err
}

func (c *checker) readHeader(header *record) error {
	c.header = header.line
	if header.problem != nil {
		return c.refuse(c.located(header))
	}
	var problems []Problem
	c.layout, problems = newLayout(header, c.given(), newWide(header, c.catalogue))
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

// given are the columns that a file may leave out, because something else says
// the same.
func (c *checker) given() [fieldCount]bool {
	return [fieldCount]bool{
		cityField:      len(c.catalogue.Cities) == 1,
		indicatorField: c.options.Indicator != "",
	}
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
