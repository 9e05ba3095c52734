package intake

import "io"

// Source is a file as received. It is opened more than once: a second time
// where numbers or repeated rows must be seen whole before they can be judged.
// Each opening must give the same bytes, which the caller of Check may not
// change meanwhile.
type Source struct {
	Name string // shown in problems
	Open func() (io.ReadCloser, error)
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
	kinds   []kind   // what the cells of a workbook hold; nil where all are text
}

// kind is what a cell of a workbook holds, beside its text.
type kind uint8

const (
	textCell    kind = iota
	numberCell       // its text is the number, with a decimal point
	dateCell         // its text is the day
	errorCell        // a formula's error, such as #REF!
	unknownCell      // a formula without its result; its text is the formula
)

const wholeRecord = -1

// at is a cell, empty where the record has none.
func (r *record) at(index int) []byte {
	if index == absent || index >= len(r.cells) {
		return nil
	}
	return r.cells[index]
}

// kind is what a cell holds.
func (r *record) kind(index int) kind {
	if r.kinds == nil || index < 0 || index >= len(r.kinds) {
		return textCell
	}
	return r.kinds[index]
}

// empty reports whether a cell holds nothing.
func (r *record) empty(index int) bool {
	k := r.kind(index)
	return len(trim(r.at(index))) == 0 && k != errorCell && k != unknownCell
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
