package intake

import (
	"errors"
	"io"
)

// Source is a file as received. It is opened more than once: a second time
// where numbers or repeated rows must be seen whole before they can be judged.
// Each opening must give the same bytes, which the caller of Check may not
// change meanwhile.
type Source struct {
	Name string // shown in problems
	Open func() (io.ReadCloser, error)
}

// Limits bound what a file may ask of the machine. A field that is 0 has its
// value of [DefaultLimits].
type Limits struct {
	Rows        int   // records below the header that are not blank; of a table, their cells of values
	Bytes       int64 // of the whole file
	RecordBytes int   // of one record
}

// DefaultLimits are generous for an operator; an upload over the web should
// set its own.
var DefaultLimits = Limits{Rows: 20_000_000, Bytes: 2 << 30, RecordBytes: 1 << 20}

func (l Limits) orDefault() Limits {
	if l.Rows == 0 {
		l.Rows = DefaultLimits.Rows
	}
	if l.Bytes == 0 {
		l.Bytes = DefaultLimits.Bytes
	}
	if l.RecordBytes == 0 {
		l.RecordBytes = DefaultLimits.RecordBytes
	}
	return l
}

// reader takes a file apart into records. What read returns is valid until the
// next call; its error is io.EOF at the end, and otherwise that of the source.
type reader interface {
	read() (*record, error)
}

// record is one line of a file, or several where a cell has line breaks.
type record struct {
	line    int // its first line, from 1
	cells   [][]byte
	problem *Problem // why it cannot be read; cells then hold nothing
	cell    int      // the index of the cell that the problem is in, or wholeRecord
	columns []int    // where the cells stand in the file; nil where they are its cells in order
	warning *Problem // what is said of the file from here on, once
	warned  int      // the index of the cell that shows it
}

const wholeRecord = -1

// at is a cell, empty where the record has none.
func (r *record) at(index int) []byte {
	if index == absent || index >= len(r.cells) {
		return nil
	}
	return r.cells[index]
}

// place is the column of the file that a cell stands in.
func (r *record) place(cell int) int {
	if cell < 0 || r.columns == nil {
		return cell
	}
	return r.columns[cell]
}

func (r *record) blank() bool {
	if r.problem != nil {
		return false
	}
	for _, cell := range r.cells {
		if len(trim(cell)) > 0 {
			return false
		}
	}
	return true
}

var errTooLarge = errors.New("larger than the limit")

// bounded reads up to a number of bytes, and fails at the next.
type bounded struct {
	in   io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
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
