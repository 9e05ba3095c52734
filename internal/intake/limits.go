package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"
)

// Limits bound what a file may ask of the machine. A field that is 0 has its
// value of [DefaultLimits].
type Limits struct {
	Rows        int   // records below the header that are not blank; of a table, their cells of values
	Bytes       int64 // of the whole file
	RecordBytes int   // of one record of a CSV
	Columns     int   // of one record
	CellRunes   int   // of one cell

	WorkbookBytes int64         // of a workbook, which is held in memory as it is received
	UnpackedBytes int64         // of each part of a workbook that is read
	UnpackedRatio int64         // of a part's bytes to those it is packed in, where it has more than a megabyte
	Time          time.Duration // for reading the file
}

// DefaultLimits are generous for an operator, whose own machine it is.
var DefaultLimits = Limits{
	Rows: 20_000_000, Bytes: 2 << 30, RecordBytes: 1 << 20, Columns: 16_384, CellRunes: 32_767,
	WorkbookBytes: 64 << 20, UnpackedBytes: 1 << 30, UnpackedRatio: 250, Time: time.Hour,
}

// WebLimits are for files that come over the web, many at a time. They hold a
// city's ten years of daily values of 50 indicators.
var WebLimits = Limits{
	Rows: 250_000, Bytes: 32 << 20, RecordBytes: 256 << 10, Columns: 4096, CellRunes: 32_767,
	WorkbookBytes: 16 << 20, UnpackedBytes: 192 << 20, UnpackedRatio: 250, Time: time.Minute,
}

func (l Limits) orDefault() Limits {
	orDefault(&l.Rows, DefaultLimits.Rows)
	orDefault(&l.Bytes, DefaultLimits.Bytes)
	orDefault(&l.RecordBytes, DefaultLimits.RecordBytes)
	orDefault(&l.Columns, DefaultLimits.Columns)
	orDefault(&l.CellRunes, DefaultLimits.CellRunes)
	orDefault(&l.WorkbookBytes, DefaultLimits.WorkbookBytes)
	orDefault(&l.UnpackedBytes, DefaultLimits.UnpackedBytes)
	orDefault(&l.UnpackedRatio, DefaultLimits.UnpackedRatio)
	orDefault(&l.Time, DefaultLimits.Time)
	return l
}

func orDefault[T comparable](field *T, value T) {
	var none T
	if *field == none {
		*field = value
	}
}

// oversize is what is too large about a record that could be read; nil is
// nothing.
func (l *Limits) oversize(r *record) *Problem {
	if len(r.cells) > l.Columns {
		r.cell = l.Columns
		return &Problem{
			Code: TooManyColumns, Message: fmt.Sprintf("the row has more than %d columns", l.Columns),
			Hint: "remove the columns that are not needed, or write a row for each value: city,indicator,period,value",
		}
	}
	for i, cell := range r.cells {
		// No text has more characters than bytes.
		if len(cell) > l.CellRunes && utf8.RuneCount(cell) > l.CellRunes {
			r.cell = i
			return &Problem{
				Code: CellTooLong, Value: shown(cell), Message: fmt.Sprintf("the cell has more than %d characters", l.CellRunes),
				Hint: "shorten it, or check that quotes are closed",
			}
		}
	}
	return nil
}

// Ends of reading that a file is to blame for.
var (
	errTooLarge = errors.New("larger than the limit")
	errTooSlow  = errors.New("longer under way than the limit")
)

// bounded reads up to a number of bytes while there is time, and fails at the
// next.
type bounded struct {
	ctx  context.Context //nolint:containedctx // lives as long as one reading
	in   io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.ctx.Err() != nil {
		return 0, context.Cause(b.ctx)
	}
	if b.left < 0 {
		return 0, errTooLarge
	}
	// One more than is left tells a file of just that size from a larger one.
	n, err := b.in.Read(p[:min(int64(len(p)), b.left+1)])
	if b.left -= int64(n); b.left < 0 {
		return n - 1, errTooLarge
	}
	return n, err
}

// refusal is what is wrong with a file for which reading it ended; nil where
// that is not the file's fault.
func (l *Limits) refusal(err error) *Problem {
	var fault *fileFault
	switch {
	case errors.As(err, &fault):
		return &fault.Problem
	case errors.Is(err, errTooLarge):
		return &Problem{Code: TooLarge, Message: fmt.Sprintf("the file is larger than %s", inBytes(l.Bytes)), Hint: "split the file"}
	case errors.Is(err, errTooSlow), errors.Is(err, context.DeadlineExceeded):
		return &Problem{Code: TooSlow, Message: "reading the file took too long", Hint: "split the file, or try again later"}
	}
	return nil
}

// fileFault is the error of a file that cannot be read, or not to its end.
type fileFault struct{ Problem }

func (f *fileFault) Error() string { return f.Message }

func inBytes(n int64) string {
	const mega = 1 << 20
	if n >= mega && n%mega == 0 {
		return fmt.Sprintf("%d MB", n/mega)
	}
	return fmt.Sprintf("%d bytes", n)
}
